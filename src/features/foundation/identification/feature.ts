import type { Feature } from '../../feature.ts';

export const identification: Feature = {
  name: 'identification',
  tables: {},
};
