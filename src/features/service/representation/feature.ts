import { daily } from '../../../lib/jobs/due.ts';
import type { Feature } from '../../feature.ts';
import type { Representations } from './service.ts';
import { representationsDue } from './views.ts';

export const representation: Feature<{ representations: Representations }> = {
  name: 'representation',
  tables: {
    representation: {
      ends: 'It is deleted with the first of its two people, or 400 days after it was over; one with which an appointment was booked is kept until its office keeps nothing of the citizen in it.',
    },
    represented_appointment: {
      ends: 'It is deleted once its office keeps nothing of the citizen in the appointment.',
    },
  },
  growth: {
    representation: { until: '400 days after it was over' },
    represented_appointment: { until: 'after `contactDays`, or with its person' },
  },
  auditActions: [
    'representation_asked',
    'representation_given',
    'representation_accepted',
    'representation_refused',
    'representation_ended',
    'represented',
  ],
  jobs: [
    {
      what: 'to end authorisations whose last day has passed',
      everyMs: 60_000,
      due: representationsDue,
      run: ({ representations: each }) => each.endOver(),
    },
    {
      what: 'to delete authorisations that are long over',
      everyMs: 3_600_000,
      due: daily,
      run: ({ representations: each }) => each.tidy(),
    },
  ],
};
