import type { Appointment, AppointmentEvent } from '../../../domain/appointment.ts';
import { isAtSite } from '../../../domain/channel.ts';

/** How long before its hour somebody can say that they are there. */
export const OPENS_BEFORE_MINUTES = 30;
/** How long after the end of an appointment somebody can still say that they are there, and the desk decides. */
export const LATE_HOURS = 12;

/**
 * How a visit to a site stands. `early`: it is too soon to say that one is there; `open`: it can be said; `late`: it can be said,
 * and the hour is over; `past`: it can't be said any more, and nothing tells whether they came; `arrived`; `called`: to a desk;
 * `over`: it is no visit to a site, or no more.
 */
export type CheckIn = 'early' | 'open' | 'late' | 'past' | 'arrived' | 'called' | 'over';

/** Returns when the citizen can begin to say that they are there. */
export const opensAt = ({ start }: Pick<Appointment, 'start'>): Temporal.Instant =>
  start.subtract({ minutes: OPENS_BEFORE_MINUTES });

/** Returns how the visit of an appointment stands. */
export function checkInStands(
  appointment: Pick<Appointment, 'channel' | 'status' | 'start' | 'end' | 'displacedAt'>,
  now: Temporal.Instant,
): CheckIn {
  const { channel, status, end, displacedAt } = appointment;
  if (!isAtSite(channel)) return 'over';
  if (status === 'in_progress') return 'called';
  if (status === 'arrived') return 'arrived';
  if (status !== 'booked' || displacedAt !== null) return 'over';
  if (Temporal.Instant.compare(now, opensAt(appointment)) < 0) return 'early';
  if (Temporal.Instant.compare(now, end) < 0) return 'open';
  return Temporal.Instant.compare(now, end.add({ hours: LATE_HOURS })) < 0 ? 'late' : 'past';
}

/** Returns whether it can be said of somebody that they are there. */
export const canArrive = (stands: CheckIn): boolean => stands === 'open' || stands === 'late';

/** Returns whether it can be said that somebody did not come: their hour has begun, and nobody has called them to a desk. */
export function canMiss(
  appointment: Parameters<typeof checkInStands>[0],
  now: Temporal.Instant,
): boolean {
  const stands = checkInStands(appointment, now);
  const hasBegun = Temporal.Instant.compare(now, appointment.start) >= 0;
  return hasBegun && stands !== 'over' && stands !== 'called';
}

type Deed = Pick<AppointmentEvent, 'kind' | 'at' | 'data'>;

/** Returns since when somebody is there, as their appointment's events say; null: they are not. */
export function arrivedAt(events: readonly Deed[]): Temporal.Instant | null {
  const last = events.findLast(({ kind }) => kind === 'arrived' || kind === 'left');
  return last?.kind === 'arrived' ? last.at : null;
}

const CHANGES_DESK: ReadonlySet<string> = new Set(['taken_over', 'handed_over']);

/** Returns the id of the desk to which somebody was called, or which took them over since, as events say; null: none. */
export function calledTo(events: readonly Deed[]): number | null {
  const isAtDesk = ({ kind, data }: Deed) =>
    kind === 'started' || (CHANGES_DESK.has(kind) && typeof data.desk === 'number');
  const desk = events.findLast(isAtDesk)?.data.desk;
  return typeof desk === 'number' ? desk : null;
}
