import type { Feature } from '../../feature.ts';

export const events: Feature = {
  name: 'events',
  tables: {},
  auditActions: ['watched'],
};
