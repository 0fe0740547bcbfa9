import type { Feature } from '../../feature.ts';
import { forgetContacts, forgetReasons } from './forgetting/store.ts';
import type { Appointments } from './service.ts';
import { holdsDue } from './views.ts';

export const appointments: Feature<{ appointments: Appointments }> = {
  name: 'appointments',
  tables: {
    appointment: 'forgotten',
    event: 'forgotten',
    follow_up: 'forgotten',
    desk_time: {
      ends: 'The keyed hash of a network address differs each day; the hold is deleted when it ends.',
    },
    desk_day: 'nobody',
  },
  growth: {
    appointment: 'forever',
    event: 'forever',
    follow_up: { until: 'after `contactDays`' },
    desk_time: 'forever',
    desk_day: 'forever',
  },
  functions: [
    'book_appointment',
    'claim_gap',
    'claim_time',
    'forget_reasons',
    'hold_time',
    'mark_desk_days',
    'move_appointment',
    'reassign_appointment',
  ],
  forget: { due: forgetContacts, about: forgetReasons },
  events: [
    'booked',
    'moved',
    'contact_changed',
    'contact_refused',
    'cancelled',
    'started',
    'fulfilled',
    'noshow',
    'reassigned',
    'displaced',
    'forgotten',
  ],
  auditActions: [
    'booked',
    'moved',
    'contact_changed',
    'notices_chosen',
    'cancelled',
    'reassigned',
    'displaced',
    'read',
    'listed',
    'link_given',
  ],
  jobs: [
    {
      what: 'to forget holds that have ended',
      everyMs: 60_000,
      due: holdsDue,
      run: ({ appointments }) => appointments.sweep(),
    },
  ],
};
