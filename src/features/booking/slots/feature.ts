import type { Feature } from '../../feature.ts';

export const slots: Feature = {
  name: 'slots',
  tables: {},
};
