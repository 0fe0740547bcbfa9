import type { Feature } from '../../feature.ts';
import { forgetAttempts, forgetNotes } from './store.ts';

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
  forget: { due: forgetNotes, about: forgetAttempts },
  events: ['attempt', 'saved'],
  auditActions: ['opened', 'history', 'day', 'attempt', 'started', 'saved', 'closed', 'given_up'],
};
