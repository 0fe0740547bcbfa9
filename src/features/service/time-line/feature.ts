import type { Feature } from '../../feature.ts';

export const timeLine: Feature = {
  name: 'time-line',
  tables: {},
};
