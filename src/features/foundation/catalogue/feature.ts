import type { Feature } from '../../feature.ts';

export const catalogue: Feature = {
  name: 'catalogue',
  tables: {},
};
