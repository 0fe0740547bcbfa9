import type { Feature } from '../../feature.ts';

export const outbox: Feature = {
  name: 'outbox',
  tables: {},
};
