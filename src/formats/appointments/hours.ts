/** Why no hour can be read. `no_hour`: only a day; `no_such_hour`: the clocks skip it. */
export type HourMistake = 'bad_date' | 'no_hour' | 'no_such_hour';

/** How hours are read: the zone of those that name none, and whether 03/04 is in March. */
export interface HoursHow {
  timeZone: string;
  isMonthFirst: boolean;
}

const DAY_FIRST = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)/;
const YEAR_FIRST = /^(\d{4})([/.-])(\d{1,2})\2(\d{1,2})(?!\d)/;
/** 9:05, 9.05, 9h05, 09:05:00, 9 h, 1:30 PM. */
const HOUR =
  /^(\d{1,2})(?:\s?[:.h]\s?(\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?)?\s*(?:h(?:ores|oras)?\.?)?\s*([ap]\.?\s?m\.?)?$/i;
/** The longest text that may be an hour, in characters. */
const LONGEST = 200;
/** The end of "9:05 - 9:20". */
const UNTIL = /\s*[-–—]\s*\d.*$/;

/**
 * Reads when an appointment begins: as it is written in Catalonia (`30/11/2026 9:05`), by ISO 8601 with an offset or without one, or in
 * seconds since 1970. `time`: the hour, where it stands apart; the hour beside the day is passed over then. Seconds are cut off.
 */
export function readHour(
  date: string,
  time: string,
  { timeZone, isMonthFirst }: HoursHow,
): Temporal.Instant | HourMistake {
  if (date.length > LONGEST || time.length > LONGEST) return 'bad_date';
  const said = plain(date).replace(/^\p{L}+[.,]?\s+(?=\d)/u, '');
  if (/^\d{9,10}$/.test(said) && time === '') return minuteOf(Number(said) * 1000);
  if (/T.*(?:Z|[+-]\d{2}:?\d{2})$/.test(said) && time === '') {
    try {
      return minuteOf(Temporal.Instant.from(said).epochMilliseconds);
    } catch {
      return 'bad_date';
    }
  }
  const day = dayIn(said, isMonthFirst);
  if (!day) return 'bad_date';
  const beside = said.slice(day.length).replace(/^[T,\s]+/, '');
  const hour = (plain(time) || beside).replace(UNTIL, '');
  if (hour === '') return 'no_hour';
  const clock = clockIn(hour);
  if (!clock) return 'bad_date';
  return instantIn(day.date, clock, timeZone);
}

/** The text with plain spaces. */
const plain = (text: string): string => text.replaceAll(/[\s\u00a0\u202f]+/g, ' ').trim();

function minuteOf(milliseconds: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(milliseconds / 60_000) * 60_000);
}

function dayIn(text: string, isMonthFirst: boolean) {
  const iso = YEAR_FIRST.exec(text);
  const local = iso ? null : DAY_FIRST.exec(text);
  const [all, a = '', , b = '', c = ''] = iso ?? local ?? [];
  if (all === undefined) return null;
  const [year, month, day] = iso ? [a, b, c] : isMonthFirst ? [c, a, b] : [c, b, a];
  const fields = {
    year: Number(year) + (year.length === 2 ? 2000 : 0),
    month: Number(month),
    day: Number(day),
  };
  try {
    return { length: all.length, date: Temporal.PlainDate.from(fields, { overflow: 'reject' }) };
  } catch {
    return null;
  }
}

function clockIn(text: string): Temporal.PlainTime | null {
  const [all, hours, minutes = '0', , half = ''] = HOUR.exec(text) ?? [];
  if (all === undefined) return null;
  const isPm = /^p/i.test(half);
  const twelve = Number(hours) % 12;
  const hour = half === '' ? Number(hours) : twelve + (isPm ? 12 : 0);
  try {
    return Temporal.PlainTime.from({ hour, minute: Number(minutes) }, { overflow: 'reject' });
  } catch {
    return null;
  }
}

function instantIn(date: Temporal.PlainDate, time: Temporal.PlainTime, timeZone: string) {
  const wall = date.toPlainDateTime(time);
  try {
    return wall.toZonedDateTime(timeZone, { disambiguation: 'reject' }).toInstant();
  } catch {
    // An hour that occurs twice is the first one; one that the clocks skip doesn't exist.
    const at = wall.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
    return at.toPlainDateTime().equals(wall) ? at.toInstant() : 'no_such_hour';
  }
}
