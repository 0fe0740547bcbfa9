import type { Feature } from '../../feature.ts';

/** Writes no table of its own: it puts together what others read. */
export const card: Feature = {
  name: 'card',
  tables: {},
};
