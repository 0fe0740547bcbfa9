import type { Feature } from '../../feature.ts';
import { type BackingUp, backUpWhenDue } from './jobs.ts';

export const backups: Feature<BackingUp> = {
  name: 'backups',
  tables: {
    backup_run: 'nobody',
    installation: 'nobody',
  },
  growth: {
    backup_run: { until: 'after two hundred later ones' },
    installation: 'town',
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
