import type { Feature } from '../../feature.ts';

/** Writes no table of its own: whoever has come is a status and an event of the appointment. */
export const checkIn: Feature = {
  name: 'check-in',
  tables: {},
  events: ['arrived', 'left'],
  auditActions: ['checked_in', 'not_checked_in', 'missed'],
};
