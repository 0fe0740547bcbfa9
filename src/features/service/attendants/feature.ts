import type { Feature } from '../../feature.ts';

/** Writes no table of its own: it reads who began an encounter, who is at a desk, and whose desk it is. */
export const attendants: Feature = {
  name: 'attendants',
  tables: {},
};
