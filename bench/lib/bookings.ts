import type { Appointments } from '../../src/features/booking/appointments/service.ts';
import { startOf, WORKING_DAYS } from './pgbench.ts';
import { STARTS_A_DAY } from './town.ts';

export const randomBelow = (below: number): number => Math.floor(Math.random() * below);

/** Returns what a citizen books by telephone: at a random start, as another person each time, since one may have few appointments. */
export const randomBooking = (procedure: string): Parameters<Appointments['book']>[2] => ({
  procedure,
  channel: 'phone',
  language: 'ca',
  noticeLanguage: 'ca',
  start: startOf(randomBelow(WORKING_DAYS), randomBelow(STARTS_A_DAY)),
  citizen: {
    name: 'Maria Puig i Ferrer',
    email: `maria.puig.${randomBelow(1e9)}@example.org`,
    phone: `+34${600_000_000 + randomBelow(1e8)}`,
  },
  onBehalfOf: null,
  needs: [],
  comment: '',
});
