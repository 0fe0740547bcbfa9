import type { Feature } from '../../feature.ts';

export const captions: Feature = {
  name: 'captions',
  tables: {},
};
