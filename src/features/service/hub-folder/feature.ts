import type { Feature } from '../../feature.ts';

/** Writes no table of its own: it reads a person's appointments for the hub of folders. */
export const hubFolder: Feature = {
  name: 'hub-folder',
  tables: {},
  auditActions: ['hub_read'],
};
