import type { Feature } from '../../feature.ts';

export const administration: Feature = {
  name: 'administration',
  tables: {},
  auditActions: ['retired', 'declared', 'declaring_refused', 'office_opened', 'office_retired'],
};
