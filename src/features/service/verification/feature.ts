import type { Feature } from '../../feature.ts';

export const verification: Feature = {
  name: 'verification',
  tables: {},
};
