import type { Status } from '../../../domain/appointment.ts';
import type { Asked } from './types.ts';

/** Days for which past appointments are given when no first day is asked for. */
export const RECENT_DAYS = 90;

/** Appointments in one answer; those furthest ahead are given. */
export const MOST = 200;

/**
 * The statuses of the appointments that are given. The hub's model has no field for the status, so one that was cancelled or missed would
 * look like one that takes place.
 */
export const GIVEN: readonly Status[] = ['booked', 'arrived', 'in_progress', 'fulfilled'];

/** Returns the instants between which the appointments that are asked for begin; `before` null: no end. */
export function spanOf(
  { from, to }: Pick<Asked, 'from' | 'to'>,
  timeZone: string,
  now: Temporal.Instant,
): { since: Temporal.Instant; before: Temporal.Instant | null } {
  const startOf = (day: Temporal.PlainDate) => day.toZonedDateTime(timeZone).toInstant();
  return {
    since: from ? startOf(from) : now.subtract({ hours: 24 * RECENT_DAYS }),
    before: to ? startOf(to.add({ days: 1 })) : null,
  };
}
