import ICAL from 'ical.js';

/** How the clocks of a place go. */
export interface Zone {
  /** A time that doesn't occur is read by the clock before the gap, one that occurs twice is the first (RFC 5545, 3.3.5). */
  instantOf(wall: Temporal.PlainDateTime): Temporal.Instant;
  wallOf(at: Temporal.Instant): Temporal.PlainDateTime;
}

/** The zone of this name, IANA's; null: there is none such. */
export function namedZone(name: string): Zone | null {
  try {
    Temporal.PlainDate.from('2026-01-01').toZonedDateTime(name);
  } catch {
    return null;
  }
  // `+02:00` is no name.
  if (!/^[A-Za-z]/.test(name)) return null;
  return {
    instantOf: (wall) => wall.toZonedDateTime(name).toInstant(),
    wallOf: (at) => at.toZonedDateTimeISO(name).toPlainDateTime(),
  };
}

/** When the clocks are put from one offset to another. Seconds, since the epoch and from UTC. */
interface Onset {
  at: number;
  from: number;
  to: number;
}

/** Of a zone: its parts, their rules and single dates. */
const MOST_PARTS = 100;
/** Before and after now: what lies further off is over, or beyond any rota. */
const YEARS = 3;

/**
 * The zone that a VTIMEZONE describes (RFC 5545, 3.6.5) in the years about `now`: by single dates, and by rules of one day of a month
 * each year, as all that are in use have it. Nothing is walked through, however far back it begins. Null: it is described otherwise.
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
      // By the clock, what is skipped or comes twice still is of the time before.
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

/** In order; null: not to be read. */
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

/** @throws for what can't be read */
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

/** What a rule of each year says about the years around one, or about its last ones. @throws for any other rule */
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

/** Whether it is one of these days of the month; -1 is its last. */
const isAmong = (days: readonly string[], { day, daysInMonth }: Temporal.PlainDate): boolean =>
  days.some((each) => Number(each) === day || Number(each) === day - daysInMonth - 1);

/** `SU`; `2SU`: the second of the month; `-1SU`: its last. */
function isWeekday(text: string, { day, dayOfWeek, daysInMonth }: Temporal.PlainDate): boolean {
  const [, nth, weekday] = /^([+-]?\d+)?(\w\w)$/.exec(text) ?? [];
  if (weekday !== ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'][dayOfWeek - 1]) return false;
  if (nth === undefined) return true;
  const [fromFirst, fromLast] = [Math.ceil(day / 7), -Math.ceil((daysInMonth - day + 1) / 7)];
  return Number(nth) === fromFirst || Number(nth) === fromLast;
}
