import type { HolidayRules } from '../office/calendar/holidays.ts';
import { type Suspension, workingDaysOf } from '../office/calendar/working-days.ts';

/** A time in which the person was asked something; `until` null: they are asked still. */
export interface AskedFor {
  from: Temporal.Instant;
  until: Temporal.Instant | null;
}

/** What decides about the last day to answer a request. */
export interface RequestTerm {
  /** When it came, or was reopened for the last time. */
  since: Temporal.Instant;
  /** Working days to answer; undefined: the type has no term. */
  days?: number | undefined;
  asked: readonly AskedFor[];
}

/** The office's calendar. */
export interface RequestCalendar {
  timeZone: string;
  holidays: HolidayRules;
}

/**
 * Returns the last day to answer a request; null: its type has no term, or the term stands still while the person is asked. Working days are
 * counted as in Ley 39/2015, arts. 30 and 31: what comes on a Sunday counts as of Monday, and the first day after that is day one.
 */
export function requestDue(
  { since, days, asked }: RequestTerm,
  { timeZone, holidays }: RequestCalendar,
): Temporal.PlainDate | null {
  if (days === undefined) return null;
  const dayOf = (at: Temporal.Instant) => at.toZonedDateTimeISO(timeZone).toPlainDate();
  const calendar = workingDaysOf(holidays);
  const suspensions = asked.map(
    ({ from, until }): Suspension => ({ from: dayOf(from), until: until && dayOf(until) }),
  );
  return calendar.endOf({ workingDays: days }, calendar.handedInOn(dayOf(since)), suspensions);
}

/** Working days after which a question is unanswered for long: its person is told for the last time, and its officials too (as in Ley 39/2015, art. 73.1). */
const ASKED_DAYS = 10;
/** Working days after that in which an answer is still waited for. */
const LAST_CALL_DAYS = 10;

/** Returns the last day on which an answer to a question is waited for before its person is told for the last time. */
export const askedUntil = (
  askedAt: Temporal.Instant,
  calendar: RequestCalendar,
): Temporal.PlainDate | null =>
  requestDue({ since: askedAt, days: ASKED_DAYS, asked: [] }, calendar);

/** Returns the last day on which an answer is waited for at all, after its person was told for the last time. */
export const lastCallUntil = (
  lastCallAt: Temporal.Instant,
  calendar: RequestCalendar,
): Temporal.PlainDate | null =>
  requestDue({ since: lastCallAt, days: LAST_CALL_DAYS, asked: [] }, calendar);

/** Working days before the last one from which a request is due soon. */
export const DUE_SOON_DAYS = 2;

/** How a request stands to its term. */
export type DueStanding = 'none' | 'later' | 'soon' | 'overdue';

/** Returns how the last day of an open request stands on a day. */
export function dueStanding(
  due: Temporal.PlainDate | null,
  today: Temporal.PlainDate,
  { holidays }: Pick<RequestCalendar, 'holidays'>,
): DueStanding {
  if (!due) return 'none';
  if (Temporal.PlainDate.compare(due, today) < 0) return 'overdue';
  return workingDaysOf(holidays).between(today, due) <= DUE_SOON_DAYS ? 'soon' : 'later';
}

/** Returns the last day that is due soon on a day: with it, lists compare dates alone. */
export function dueSoonUntil(
  today: Temporal.PlainDate,
  { holidays }: Pick<RequestCalendar, 'holidays'>,
): Temporal.PlainDate {
  return workingDaysOf(holidays).endOf({ workingDays: DUE_SOON_DAYS }, today) ?? today;
}

/** Returns the end of the last day on which the person may reopen what was closed; it is the start of the day after. */
export const reopenableUntil = (
  closedAt: Temporal.Instant,
  { reopenDays }: { reopenDays: number },
  timeZone: string,
): Temporal.Instant => daysAfter(closedAt, reopenDays, timeZone);

/** Returns from when nothing may be kept that says who wrote, or what. */
export const requestKeptUntil = (
  closedAt: Temporal.Instant,
  { keepDays }: { keepDays: number },
  timeZone: string,
): Temporal.Instant => daysAfter(closedAt, keepDays, timeZone);

/** Returns the end of the local day that is so many days after a moment. */
function daysAfter(at: Temporal.Instant, days: number, timeZone: string): Temporal.Instant {
  const day = at.toZonedDateTimeISO(timeZone).toPlainDate();
  return day
    .add({ days: days + 1 })
    .toZonedDateTime(timeZone)
    .toInstant();
}
