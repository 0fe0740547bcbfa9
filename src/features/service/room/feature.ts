import type { Feature } from '../../feature.ts';
import { TOUCH_SECONDS } from './rules.ts';
import type { Room } from './service.ts';
import { forgetMessages } from './store.ts';
import { tidyDue } from './views.ts';

export const room: Feature<{ room: Pick<Room, 'tidy'> }> = {
  name: 'room',
  tables: {
    message: 'forgotten',
    seat: {
      ends: 'It says when a page of the room was open, without a name, and is deleted within minutes.',
    },
    signal: { ends: 'It is deleted within minutes.' },
  },
  growth: {
    message: { until: 'after `notesDays`' },
    seat: 'days',
    signal: 'days',
  },
  forget: { about: forgetMessages },
  jobs: [
    {
      what: 'to free the seats of pages that are gone',
      everyMs: TOUCH_SECONDS * 1000,
      due: tidyDue,
      run: ({ room: each }) => each.tidy(),
    },
  ],
  events: [
    'arrived',
    'left',
    'by_phone',
    'still_asked',
    'still_agreed',
    'still_refused',
    'still_kept',
    'companion_arrived',
    'companion_left',
  ],
  auditActions: [
    'entered',
    'by_phone',
    'still_asked',
    'still_agreed',
    'still_refused',
    'still_kept',
  ],
};
