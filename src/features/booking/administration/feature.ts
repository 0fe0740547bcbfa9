import type { Feature } from '../../feature.ts';

export const administration: Feature = {
  name: 'administration',
  tables: {
    office_version: {
      ends: 'It stays, as the audit trail does; the person who made the version is an id.',
    },
  },
  auditActions: [
    'retired',
    'declared',
    'declaring_refused',
    'declaration_reverted',
    'translation_confirmed',
    'office_opened',
    'office_retired',
  ],
};
