import ICAL from 'ical.js';

/** Converts between the local time of a zone and instants. */
export interface Zone {
  /**
   * Returns the instant of a local time. A time that is skipped is read by the offset before the gap; a time that occurs twice is the first
   * one (RFC 5545, 3.3.5).
   */
  instantOf(wall: Temporal.PlainDateTime): Temporal.Instant;
  wallOf(at: Temporal.Instant): Temporal.PlainDateTime;
}

/** Returns the IANA zone of this name; null: there is none. */
export function namedZone(name: string): Zone | null {
  try {
    Temporal.PlainDate.from('2026-01-01').toZonedDateTime(name);
  } catch {
    return null;
  }
  // `+02:00` is not a name.
  if (!/^[A-Za-z]/.test(name)) return null;
  return {
    instantOf: (wall) => wall.toZonedDateTime(name).toInstant(),
    wallOf: (at) => at.toZonedDateTimeISO(name).toPlainDateTime(),
  };
}

/** A change of the clocks from one offset to another. `at`: seconds since the epoch; offsets: seconds from UTC. */
interface Onset {
  at: number;
  from: number;
  to: number;
}

/** Maximum parts, rules and single dates of a zone. */
const MOST_PARTS = 100;
/** Years before and after now that are described. Other times are over, or beyond the planned rota. */
const YEARS = 3;

/**
 * Returns the zone that a VTIMEZONE describes (RFC 5545, 3.6.5) in the years around `now`. It reads single dates, and rules of one day of a
 * month each year, which is all that real zones use. It never walks through a rule, so an early beginning costs nothing. Null: the zone is
 * described in another way.
 */
export function describedZone(component: ICAL.Component, now: Temporal.Instant): Zone | null {
  const onsets = readOnsets(component, now.toZonedDateTimeISO('UTC').year);
  const first = onsets?.[0];
  if (!first) return null;
  const offset = (isPast: (each: Onset) => boolean): number =>
    onsets.findLast(isPast)?.to ?? first.from;
  return {
    instantOf(wall) {
      const seconds = secondsOf(wall);
      // In local time, a time that is skipped or occurs twice still has the earlier offset.
      const past = offset((each) => each.at + Math.max(each.from, each.to) <= seconds);
      return Temporal.Instant.fromEpochMilliseconds((seconds - past) * 1000);
    },
    wallOf(at) {
      const seconds = Math.floor(at.epochMilliseconds / 1000);
      return wallAt(seconds + offset((each) => each.at <= seconds));
    },
  };
}

const secondsOf = (wall: Temporal.PlainDateTime): number =>
  wall.toZonedDateTime('UTC').epochMilliseconds / 1000;
const wallAt = (seconds: number): Temporal.PlainDateTime =>
  Temporal.Instant.fromEpochMilliseconds(seconds * 1000)
    .toZonedDateTimeISO('UTC')
    .toPlainDateTime();

const plain = ({ year, month, day, hour, minute, second }: ICAL.Time) =>
  Temporal.PlainDateTime.from({ year, month, day, hour, minute, second }, { overflow: 'reject' });

/** Returns the changes of a zone in order of time; null: they can't be read. */
function readOnsets(component: ICAL.Component, year: number): Onset[] | null {
  const parts = component
    .getAllSubcomponents()
    .filter(({ name }) => name === 'standard' || name === 'daylight');
  const all = (name: string) =>
    parts.flatMap((part) => part.getAllProperties(name).flatMap((each) => each.getValues()));
  if (parts.length + all('rrule').length + all('rdate').length > MOST_PARTS) return null;
  try {
    return parts.flatMap((each) => partOnsets(each, year)).sort((a, b) => a.at - b.at);
  } catch {
    return null;
  }
}

/**
 * Returns the changes of one part of a zone.
 * @throws for a part that can't be read
 */
function partOnsets(part: ICAL.Component, year: number): Onset[] {
  const value = (name: string) => part.getFirstPropertyValue(name);
  const [from, to] = ['tzoffsetfrom', 'tzoffsetto'].map((name) =>
    (value(name) as unknown as ICAL.UtcOffset).toSeconds(),
  ) as [number, number];
  const start = plain(value('dtstart') as ICAL.Time);
  const dates = part.getAllProperties('rdate').flatMap((each) => each.getValues() as ICAL.Time[]);
  const singles = dates.map((each) =>
    each.isDate ? plain(each).withPlainTime(start.toPlainTime()) : plain(each),
  );
  const rules = part.getAllProperties('rrule').map((each) => each.getFirstValue() as ICAL.Recur);
  const walls = [start, ...singles, ...rules.flatMap((each) => yearly(start, each, year, from))];
  return walls.map((wall) => ({ at: secondsOf(wall) - from, from, to }));
}

/**
 * Returns the times of a yearly rule in the years around one, and in its last years.
 * @throws for any other rule
 */
function yearly(
  start: Temporal.PlainDateTime,
  { freq, interval, count, until, parts }: ICAL.Recur,
  year: number,
  from: number,
): Temporal.PlainDateTime[] {
  const { BYMONTH = [], BYDAY = [], BYMONTHDAY = [], ...others } = parts as Record<string, unknown>;
  const [months, weekdays, days] = [BYMONTH, BYDAY, BYMONTHDAY].map((each) =>
    [each].flat().map(String),
  ) as [string[], string[], string[]];
  const isOne = months.length <= 1 && weekdays.length <= 1 && weekdays.length <= months.length;
  if (freq !== 'YEARLY' || interval !== 1 || count || !isOne || Object.keys(others).length > 0)
    throw new Error('no rule of a zone');
  const last = until && plain(until);
  const isUtc = until?.zone === ICAL.Timezone.utcTimezone;
  const end = last && secondsOf(last) - (isUtc ? 0 : from);
  const around = Array.from({ length: 2 * YEARS + 1 }, (_, nth) => year - YEARS + nth);
  const years = new Set([...around, ...(last ? [last.year - 1, last.year] : [])]);
  return [...years]
    .flatMap((each) => daysIn({ year: each, month: Number(months[0] ?? start.month) }))
    .filter((day) =>
      days.length > 0 ? isAmong(days, day) : !!weekdays[0] || day.day === start.day,
    )
    .filter((day) => !weekdays[0] || isWeekday(weekdays[0], day))
    .map((day) => day.toPlainDateTime(start.toPlainTime()))
    .filter((wall) => Temporal.PlainDateTime.compare(wall, start) > 0)
    .filter((wall) => end === undefined || end === null || secondsOf(wall) - from <= end);
}

function daysIn(month: { year: number; month: number }): Temporal.PlainDate[] {
  const first = Temporal.PlainDate.from({ ...month, day: 1 });
  return Array.from({ length: first.daysInMonth }, (_, days) => first.add({ days }));
}

/** Whether a date is one of these days of its month; -1 is the last day. */
const isAmong = (days: readonly string[], { day, daysInMonth }: Temporal.PlainDate): boolean =>
  days.some((each) => Number(each) === day || Number(each) === day - daysInMonth - 1);

/** Whether a date is a weekday. `SU`: any Sunday; `2SU`: the second of the month; `-1SU`: the last of the month. */
function isWeekday(text: string, { day, dayOfWeek, daysInMonth }: Temporal.PlainDate): boolean {
  const [, nth, weekday] = /^([+-]?\d+)?(\w\w)$/.exec(text) ?? [];
  if (weekday !== ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'][dayOfWeek - 1]) return false;
  if (nth === undefined) return true;
  const [fromFirst, fromLast] = [Math.ceil(day / 7), -Math.ceil((daysInMonth - day + 1) / 7)];
  return Number(nth) === fromFirst || Number(nth) === fromLast;
}
