import type { Feature } from '../../feature.ts';

export const people: Feature = {
  name: 'people',
  tables: {},
  auditActions: ['invited', 'retired', 'signed_out_by_office'],
};
