import type { Feature } from '../../feature.ts';

export const photos: Feature = {
  name: 'photos',
  tables: {},
};
