import type { Feature } from '../../feature.ts';
import { NOTING } from './rules.ts';
import type { Operating } from './service.ts';

export const operating: Feature<{ operating: Pick<Operating, 'keepNotes'> }> = {
  name: 'operating',
  tables: {
    job_run: 'nobody',
  },
  growth: {
    job_run: 'town',
  },
  jobs: [
    {
      what: NOTING,
      everyMs: 60_000,
      isWitness: true,
      run: ({ operating: each }) => each.keepNotes(),
    },
  ],
};
