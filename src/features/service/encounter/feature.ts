import type { Feature } from '../../feature.ts';
import { forgetAttempts, forgetEncounters } from './store.ts';

export const encounter: Feature = {
  name: 'encounter',
  tables: {
    encounter: 'forgotten',
    encounter_item: 'forgotten',
    attempt: 'forgotten',
    encounter_point: {
      ends: 'It says which points of the office’s own list were ticked, and no words of anybody.',
    },
  },
  forget: { due: forgetEncounters, about: forgetAttempts },
  events: ['attempt', 'saved'],
  auditActions: [
    'opened',
    'history',
    'day',
    'attempt',
    'started',
    'saved',
    'closed',
    'given_up',
    'cancelled',
  ],
};
