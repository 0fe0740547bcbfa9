import type { Feature } from '../../feature.ts';
import { forgetMessages } from './store.ts';

export const room: Feature = {
  name: 'room',
  tables: {
    message: 'forgotten',
    seat: {
      ends: 'It says when a page of the room was open, without a name, and is deleted within minutes.',
    },
    signal: { ends: 'It is deleted within minutes.' },
  },
  forget: { about: forgetMessages },
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
