import { createHash } from 'node:crypto';
import ICAL from 'ical.js';
import { MOST_ENTRIES } from './edits.ts';
import type { ImportedEntry } from './types.ts';
import { WEEKS_AHEAD } from './weeks.ts';

/** Why an event of a calendar file isn't taken. */
export type LeftOut = 'uid' | 'times' | 'zone' | 'long' | 'many';

/** What a calendar file says, in local times of the body. */
export interface CalendarRead {
  /** Of what isn't over yet, in order. */
  entries: readonly ImportedEntry[];
  /** Of every event that could be read, those that are over or cancelled too. */
  uids: readonly string[];
  left: readonly { name: string; why: LeftOut }[];
}

/** Occurrences that are walked through at most, of one event and of a file. */
const MOST_STEPS = { event: 10_000, file: 30_000 };
/** Events of a file, its changed occurrences counted. */
const MOST_EVENTS = 5_000;
/** Days, weeks, months or years from one time of a rule to the next. */
const LONGEST_INTERVAL = 1000;
/** Hours that a stretch may last. */
const LONGEST = { shift: 24, absence: 366 * 24 };

/** How a file is read: as whose local times, from when on, and for what. */
interface Reading {
  timeZone: string;
  now: Temporal.Instant;
  as: keyof typeof LONGEST;
}

/**
 * Reads a calendar (RFC 5545): events with their repetitions, exceptions and changed occurrences, for as long as a rota can be
 * planned. A time zone is the one that its name says, if there is such a one, else as the file describes it; times without any are
 * the body's. Titles aren't kept; of a UID only its digest. Null: it is no calendar.
 */
export function readCalendar(text: string, how: Reading): CalendarRead | null {
  const calendar = parsed(text);
  if (!calendar) return null;
  const reader = new Reader(how);
  const all = calendar.getAllSubcomponents('vevent');
  if (all.length > MOST_EVENTS) return null;
  // Left to itself the library relates each changed occurrence to every series.
  const events = all.map((each) => new ICAL.Event(each, { exceptions: [] }));
  const changed = Map.groupBy(
    events.filter((each) => each.isRecurrenceException()),
    (each) => each.uid,
  );
  for (const event of events) {
    if (event.isRecurrenceException()) continue;
    for (const each of changed.get(event.uid) ?? []) event.relateException(each);
    reader.read(event);
  }
  return reader.result();
}

function parsed(text: string): ICAL.Component | null {
  try {
    const calendar = new ICAL.Component(ICAL.parse(text));
    return calendar.name === 'vcalendar' ? calendar : null;
  } catch {
    return null;
  }
}

/** Thrown for an event that isn't taken. */
class Unfit extends Error {
  readonly why: LeftOut;
  constructor(why: LeftOut) {
    super(why);
    this.why = why;
  }
}

class Reader {
  readonly #how: Reading;
  readonly #entries: ImportedEntry[] = [];
  readonly #uids = new Set<string>();
  readonly #left: { name: string; why: LeftOut }[] = [];
  #steps = 0;

  constructor(how: Reading) {
    this.#how = how;
  }

  read(event: ICAL.Event): void {
    try {
      if (!event.uid) throw new Unfit('uid');
      const uid = createHash('sha256').update(event.uid).digest('base64url').slice(0, 22);
      const found = isCancelled(event) ? [] : this.#occurrences(event);
      if (this.#entries.length + found.length > MOST_ENTRIES) throw new Unfit('many');
      this.#uids.add(uid);
      this.#entries.push(...found.map((each) => ({ uid, ...each })));
    } catch (error) {
      // What the library finds wrong with a time or a rule it throws as it comes.
      const why = error instanceof Unfit ? error.why : 'times';
      this.#left.push({ name: event.summary?.slice(0, 80) ?? '', why });
    }
  }

  result(): CalendarRead {
    const entries = this.#entries.toSorted((a, b) => (a.from < b.from ? -1 : 1));
    return { entries, uids: [...this.#uids], left: this.#left };
  }

  #occurrences(event: ICAL.Event): { from: string; to: string }[] {
    const { now } = this.#how;
    const last = now.add({ hours: 24 * 7 * (WEEKS_AHEAD + 1) });
    const found: { from: string; to: string }[] = [];
    const add = (item: ICAL.Event, start: ICAL.Time, end: ICAL.Time): boolean => {
      const [from, to] = [this.#instant(item, start), this.#instant(item, end, 'dtend')];
      if (Temporal.Instant.compare(from, last) > 0) return false;
      if (isCancelled(item) || Temporal.Instant.compare(to, now) <= 0) return true;
      const hours = from.until(to).total('hours');
      if (!(hours > 0)) throw new Unfit('times');
      // A day of 25 hours is a day.
      if (hours > LONGEST[this.#how.as] + 1) throw new Unfit('long');
      const [begins, ends] = [this.#local(from), this.#local(to)];
      // A shift from an hour to the same is none.
      if (this.#how.as === 'shift' && begins.slice(11) === ends.slice(11)) throw new Unfit('long');
      found.push({ from: begins, to: ends });
      return true;
    };
    if (!event.isRecurring()) {
      add(event, event.startDate, event.endDate);
      return found;
    }
    for (const each of event.component.getAllProperties('rrule'))
      if (mayNeverEnd(each.getFirstValue() as ICAL.Recur)) throw new Unfit('times');
    const times = event.iterator();
    const early = dayKey(now.subtract({ hours: LONGEST.absence + 48 }).toZonedDateTimeISO('UTC'));
    for (let nth = 0; ; nth++) {
      const next = times.next();
      if (!next) return found;
      if (nth > MOST_STEPS.event || this.#steps++ > MOST_STEPS.file) throw new Unfit('many');
      // Over whatever its zone, and most of what a long series has.
      if (dayKey(next) < early) continue;
      const { item, startDate, endDate } = event.getOccurrenceDetails(next);
      if (!add(item, startDate, endDate)) return found;
      if (found.length > MOST_ENTRIES) throw new Unfit('many');
    }
  }

  #instant(event: ICAL.Event, time: ICAL.Time, property = 'dtstart'): Temporal.Instant {
    const { year, month, day, hour, minute } = time;
    const wall = Temporal.PlainDateTime.from(
      { year, month, day, hour, minute },
      { overflow: 'reject' },
    );
    if (time.isDate) return wall.toZonedDateTime(this.#how.timeZone).toInstant();
    if (time.zone === ICAL.Timezone.utcTimezone) return wall.toZonedDateTime('UTC').toInstant();
    const said =
      event.component.getFirstProperty(property) ?? event.component.getFirstProperty('dtstart');
    const name = said?.getFirstParameter('tzid');
    if (!name) return wall.toZonedDateTime(this.#how.timeZone).toInstant();
    if (isZone(name)) return wall.toZonedDateTime(name).toInstant();
    if (time.zone === ICAL.Timezone.localTimezone || !time.zone?.component) throw new Unfit('zone');
    return Temporal.Instant.fromEpochMilliseconds(time.toUnixTime() * 1000);
  }

  #local(at: Temporal.Instant): string {
    const wall = at.toZonedDateTimeISO(this.#how.timeZone).toPlainDateTime();
    return wall.toString({ smallestUnit: 'minute' });
  }
}

/** Parts by which ical.js only filters, and so may look for ever. */
const FILTERS: Record<string, string[]> = {
  DAILY: ['BYDAY', 'BYMONTHDAY', 'BYYEARDAY', 'BYWEEKNO', 'BYMONTH'],
  WEEKLY: ['BYWEEKNO', 'BYMONTH'],
  MONTHLY: ['BYMONTH'],
  YEARLY: [],
};

/** Whether the library may look for a next time of this rule for ever, or for seconds. */
function mayNeverEnd({ freq, interval, parts }: ICAL.Recur): boolean {
  const used = FILTERS[freq]?.filter((each) => each in parts);
  // By the second, minute or hour.
  if (!used || interval > LONGEST_INTERVAL) return true;
  // Days that no year has are looked for up to the year 20000.
  if (texts(parts['BYSETPOS']).some((each) => Math.abs(+each) > 5)) return true;
  if (freq === 'YEARLY' && 'BYDAY' in parts) return 'BYMONTHDAY' in parts;
  // `3MO` of a day is none.
  if (freq === 'DAILY' && texts(parts['BYDAY']).some((each) => /\d/.test(each))) return true;
  if (used.length === 0) return false;
  return (
    freq === 'MONTHLY' ||
    used.length > 1 ||
    interval !== 1 ||
    !['BYDAY', 'BYMONTH'].includes(used[0]!)
  );
}

const texts = (values: unknown): string[] => [values ?? []].flat().map(String);

const dayKey = ({ year, month, day }: { year: number; month: number; day: number }): number =>
  (year * 100 + month) * 100 + day;

const isCancelled = ({ component }: ICAL.Event): boolean =>
  `${component.getFirstPropertyValue('status') ?? ''}`.toUpperCase() === 'CANCELLED';

function isZone(name: string): boolean {
  try {
    Temporal.PlainDate.from('2026-01-01').toZonedDateTime(name);
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}
