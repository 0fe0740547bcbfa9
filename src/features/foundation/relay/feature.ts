import type { Feature } from '../../feature.ts';

export const relay: Feature = {
  name: 'relay',
  tables: {},
};
