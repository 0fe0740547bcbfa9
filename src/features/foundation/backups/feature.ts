import type { Feature } from '../../feature.ts';
import { type BackingUp, backUpWhenDue } from './jobs.ts';

export const backups: Feature<BackingUp> = {
  name: 'backups',
  tables: {
    backup_run: 'nobody',
    installation: 'nobody',
  },
  jobs: [
    {
      what: 'to back up',
      everyMs: 300_000,
      due: (_what, { backups: each }) => each.due,
      run: backUpWhenDue,
    },
  ],
};
