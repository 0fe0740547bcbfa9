import { daily } from '../../../lib/jobs/due.ts';
import type { Feature } from '../../feature.ts';
import type { Presence } from './service.ts';
import { presenceDue } from './views.ts';

export const presence: Feature<{ presence: Presence }> = {
  name: 'presence',
  tables: {
    presence: { ends: 'It keeps only the last state of each desk.' },
    presence_event: { ends: 'It is deleted after 90 days.' },
  },
  growth: {
    presence: 'town',
    presence_event: { until: 'after ninety days' },
  },
  jobs: [
    {
      what: 'to write down who is at their desk',
      everyMs: 10_000,
      due: presenceDue,
      run: ({ presence }) => presence.settle(),
    },
    {
      what: 'to forget who was at their desk',
      everyMs: 60_000,
      due: daily,
      run: ({ presence }) => presence.sweep(),
    },
  ],
};
