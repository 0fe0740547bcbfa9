import type { Feature } from '../../feature.ts';

export const objecting: Feature = {
  name: 'objecting',
  tables: {},
  events: ['contact_disputed'],
  auditActions: ['contact_disputed'],
};
