import { staffIn } from '../../../lib/viewer.ts';
import type { AtDesk, Candidates } from './types.ts';

/** For so long before its hour, somebody who is at the desk counts as the person who will attend. */
const SAME_DAY_HOURS = 12;

/**
 * Returns the member of staff who attends an appointment, or will; null: nobody knows. It is whoever has its encounter; before that,
 * whoever is at the desk on that day; before that, the person whose desk it is, where there is only one.
 */
export function attendantOf(
  { start, actor, present, owners }: Candidates,
  now: Temporal.Instant,
): number | null {
  if (actor) return staffIn(actor);
  const isNear = now.until(start).total('hours') < SAME_DAY_HOURS;
  if (present && isNear && present.seenAt.until(now).total('hours') < SAME_DAY_HOURS)
    return present.staff;
  return owners.length === 1 ? (owners[0] ?? null) : null;
}

/**
 * Returns the members of staff who are named under a desk: whoever has been there today, else everybody whose desk it is.
 */
export function namedAt({ present, owners }: AtDesk, now: Temporal.Instant): readonly number[] {
  const isToday = present !== null && present.seenAt.until(now).total('hours') < SAME_DAY_HOURS;
  return isToday ? [present.staff] : owners;
}
