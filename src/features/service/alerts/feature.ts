import type { Feature } from '../../feature.ts';

export const alerts: Feature = {
  name: 'alerts',
  tables: {},
};
