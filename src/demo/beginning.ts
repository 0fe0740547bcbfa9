import type { Office } from '../domain/office/types.ts';
import { workTimes } from '../features/booking/slots/rules.ts';
import type { Leap } from '../web/demo/types.ts';

/** The local hours in which most desks serve: before and after them there is little to see. */
const BUSY = { from: 9, until: 13 } as const;
/** When the demo's day begins, where the office is closed. */
const BEGINS = Temporal.PlainTime.from('10:05');
/** The most that a demo goes ahead of the machine's clock by itself. */
const MOST_AHEAD_DAYS = 7;

/** Returns whether somebody works at a desk of the office on a day. */
export function isOpenOn({ rota }: Office, day: Temporal.PlainDate): boolean {
  if (rota.isClosed(day.toString()) || day.dayOfWeek > 5) return false;
  const times = workTimes(rota, day.toString(), day.toString());
  return [...times.values()].some(({ work }) => work.length > 0);
}

/** Returns whether somebody works at a desk of the office at a moment. */
export function isAtWork({ rota, timeZone }: Office, at: Temporal.Instant): boolean {
  const day = at.toZonedDateTimeISO(timeZone).toPlainDate();
  if (rota.isClosed(day.toString())) return false;
  const minute = Math.floor(at.epochMilliseconds / 60_000);
  const times = workTimes(rota, day.toString(), day.toString());
  return [...times.values()].some(({ work }) =>
    work.some((from, nth) => nth % 2 === 0 && from <= minute && minute < (work[nth + 1] ?? from)),
  );
}

/**
 * Returns the moment at which a demo begins.
 *
 * The first time it is the machine's, or the next 10:05 of a day that is open. Later it is where the demo was left, so that it stays on its day however often it
 * is begun again; on the next morning where that day was over; and the machine's day as soon as that has caught up. So a demo goes ahead by a day only
 * after it has lived through one, and by a week at most.
 * @param machine the machine's time
 * @param left the last moment that the demo showed; what happened until then is written, so no earlier one is returned
 */
export function beginsAt(
  office: Office,
  machine: Temporal.Instant,
  left: Temporal.Instant,
): Temporal.Instant {
  const fresh = busyFrom(office, machine);
  if (Temporal.Instant.compare(fresh, left) > 0) return fresh;
  if (isAtWork(office, left)) return left;
  const next = busyFrom(office, left);
  return next.since(machine).total('hours') > MOST_AHEAD_DAYS * 24 ? left : next;
}

/** Returns a moment in the busy hours of a day of the office, or the next 10:05 of one that is. */
export function busyFrom(office: Office, now: Temporal.Instant): Temporal.Instant {
  const local = now.toZonedDateTimeISO(office.timeZone);
  const today = local.toPlainDate();
  const isBusy = local.hour >= BUSY.from && local.hour < BUSY.until;
  if (isOpenOn(office, today) && isBusy) return now;
  const isEarly = local.hour < BUSY.from;
  return nextMorning(office, isEarly ? today : today.add({ days: 1 }), BEGINS);
}

/** Returns a time of the first day, from one on, on which the office is open. */
export function nextMorning(
  office: Office,
  from: Temporal.PlainDate,
  at: Temporal.PlainTime,
): Temporal.Instant {
  let day = from;
  // A year without an open day is a mistake in the town file, and no reason not to start.
  for (let tries = 0; tries < 366 && !isOpenOn(office, day); tries++) day = day.add({ days: 1 });
  return day.toZonedDateTime({ timeZone: office.timeZone, plainTime: at }).toInstant();
}

/** The hour at which the next morning begins. */
const MORNING = Temporal.PlainTime.from('09:05');

/** Returns where the clock lands that somebody moves: before the morning of an open day, that is the next one. */
export function landing(office: Office, now: Temporal.Instant, by: Leap): Temporal.Instant {
  if (by === 'quarter') return now.add({ minutes: 15 });
  const local = now.toZonedDateTimeISO(office.timeZone);
  const isEarly = Temporal.PlainTime.compare(local.toPlainTime(), MORNING) < 0;
  const today = local.toPlainDate();
  return nextMorning(office, isEarly ? today : today.add({ days: 1 }), MORNING);
}
