import { daily } from '../../../lib/jobs/due.ts';
import type { Feature } from '../../feature.ts';
import type { Folder } from './service.ts';

/** Writes no table of its own: it shows people what others write about them. */
export const folder: Feature<{ folder: Folder }> = {
  name: 'folder',
  tables: {},
  auditActions: ['folder_added', 'folder_removed', 'folder_exported', 'folder_erased'],
  jobs: [
    {
      what: 'to forget people of whom nothing is left',
      everyMs: 3_600_000,
      due: daily,
      run: ({ folder: each }) => each.tidy(),
    },
  ],
};
