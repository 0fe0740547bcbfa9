import type { Office } from '../domain/office/types.ts';
import { workTimes } from '../features/booking/slots/rules.ts';

/** The local hours in which most desks serve: before and after them there is little to see. */
const BUSY = { from: 9, until: 13 } as const;
/** When the demo's day begins, where the office is closed. */
const BEGINS = Temporal.PlainTime.from('10:05');

/** Returns whether somebody works at a desk of the office on a day. */
export function isOpenOn({ rota }: Office, day: Temporal.PlainDate): boolean {
  if (rota.isClosed(day.toString()) || day.dayOfWeek > 5) return false;
  const times = workTimes(rota, day.toString(), day.toString());
  return [...times.values()].some(({ work }) => work.length > 0);
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
