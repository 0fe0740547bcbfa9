import type { Feature } from '../../feature.ts';
import { unreachedDue } from './dossier/views.ts';
import type { Unreached } from './service.ts';
import { forgetAttempts, forgetEncounters } from './store.ts';

export const encounter: Feature<{ unreached: Unreached }> = {
  name: 'encounter',
  tables: {
    encounter: 'forgotten',
    encounter_item: 'forgotten',
    attempt: 'forgotten',
    encounter_point: {
      ends: 'It says which points of the office’s own list were ticked, and no words of anybody.',
    },
  },
  growth: {
    encounter: 'forever',
    encounter_item: 'forever',
    attempt: 'forever',
    encounter_point: 'forever',
  },
  forget: { due: forgetEncounters, about: forgetAttempts },
  events: ['attempt', 'saved', 'undone', 'corrected'],
  auditActions: [
    'opened',
    'history',
    'day',
    'attempt',
    'started',
    'saved',
    'closed',
    'corrected',
    'undone',
    'given_up',
    'cancelled',
  ],
  jobs: [
    {
      what: 'to end what nobody answered',
      everyMs: 10_000,
      due: unreachedDue,
      run: ({ unreached }) => unreached.end(),
    },
  ],
};
