import type { Feature } from '../../feature.ts';
import type { Retention } from './service.ts';

export const retention: Feature<{ retention: Retention }> = {
  name: 'retention',
  tables: {},
  jobs: [
    {
      what: 'to destroy what is kept no longer',
      everyMs: 60_000,
      run: ({ retention }) => retention.sweep(),
    },
  ],
};
