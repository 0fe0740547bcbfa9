import type { Feature } from '../../feature.ts';
import type { Retention } from './service.ts';
import { retentionDue } from './views.ts';

export const retention: Feature<{ retention: Retention }> = {
  name: 'retention',
  tables: {},
  jobs: [
    {
      what: 'to destroy what is kept no longer',
      everyMs: 60_000,
      due: retentionDue,
      run: ({ retention }) => retention.sweep(),
    },
  ],
};
