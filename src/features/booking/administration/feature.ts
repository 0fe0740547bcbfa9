import type { Feature } from '../../feature.ts';

export const administration: Feature = {
  name: 'administration',
  tables: {
    office_version: {
      ends: 'It stays, as the audit trail does; the person who made the version is an id.',
    },
    office_draft: {
      ends: 'It is deleted when it is published or dropped; the person who wrote a change is an id.',
    },
  },
  growth: {
    office_version: 'forever',
    office_draft: 'town',
  },
  auditActions: [
    'retired',
    'declared',
    'declaring_refused',
    'declaration_reverted',
    'translation_confirmed',
    'draft_saved',
    'draft_published',
    'draft_dropped',
    'office_opened',
    'office_retired',
  ],
};
