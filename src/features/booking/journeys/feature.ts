import type { Feature } from '../../feature.ts';
import type { Journeys } from './service.ts';
import { journeysDue } from './views.ts';

export const journeys: Feature<{ journeys: Journeys }> = {
  name: 'journeys',
  tables: {
    journey: { ends: 'It is deleted when it expires, four hours after the last answer.' },
  },
  growth: {
    journey: 'days',
  },
  jobs: [
    {
      what: 'to forget bookings that were not made',
      everyMs: 60_000,
      due: journeysDue,
      run: ({ journeys }) => journeys.sweep(),
    },
  ],
};
