import type { Feature } from '../../feature.ts';

/** Writes no table of its own: it reads that documents came and went, and what became of acts. */
export const traces: Feature = {
  name: 'traces',
  tables: {},
};
