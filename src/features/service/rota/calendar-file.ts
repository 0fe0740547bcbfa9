import ICAL from 'ical.js';
import { describedZone, namedZone, type Zone } from '../../../lib/calendar/zone.ts';
import { digest } from '../../../lib/digest.ts';
import { mayNeverEnd } from './calendar-rule.ts';
import { MOST_ENTRIES } from './edits.ts';
import type { ImportedEntry } from './types.ts';
import { WEEKS_AHEAD } from './weeks.ts';

/** Why an event of a calendar file is left out. */
export type LeftOut = 'uid' | 'times' | 'zone' | 'long' | 'many';

/** The contents of a calendar file, in local times of the office. */
export interface CalendarRead {
  /** The entries that are not over yet, in order of time. */
  entries: readonly ImportedEntry[];
  /** The UIDs of all events that could be read, also of those that are over, cancelled or free. */
  uids: readonly string[];
  left: readonly { name: string; why: LeftOut }[];
  /** The number of events with future times that the diary marks as free. They are not absences. */
  free: number;
}

/** Maximum occurrences and exceptions that are read of one event and of a file. */
const MOST_STEPS = { event: 10_000, file: 30_000 };
/** Maximum events (changed occurrences count) and described zones of a file. */
const MOST = { events: 5_000, zones: 50 };
/** Maximum rules of an event, and changes of it that hold for all later occurrences. */
const MOST_OF_ONE = { rules: 4, ranges: 50 };
/** Maximum hours of a stretch. */
const LONGEST = { shift: 24, absence: 366 * 24, busy: 366 * 24 };
/** Maximum seconds of a duration, about 300 years. Longer events are refused in any case. */
const MOST_SECONDS = 1e10;

/** How a file is read: the time zone of the office, the first instant, and the use of its events. */
interface Reading {
  timeZone: string;
  now: Temporal.Instant;
  /** `busy`: as an absence, but what lasts longer than a year is cut. */
  as: keyof typeof LONGEST;
  /** The zone of the entries that are returned; absent: that of the office. */
  in?: string;
  /** The last instant that is read; absent: as far as a rota can be planned. */
  until?: Temporal.Instant;
  /** Returns whether an event with this UID is passed over. */
  skips?: (uid: string) => boolean;
  /** The mail address of the calendar's owner: what this person declined is passed over. */
  owner?: string;
}

/**
 * Reads a calendar (RFC 5545): events with their repetitions, exceptions and changed occurrences, as far as a rota can be planned. A time
 * zone is the IANA zone of its name; if there is none, it is the zone that the file describes. Times without a zone are in the zone of the
 * office. If absences are read, events that the diary marks as free (TRANSP, 3.8.2.7) are left out. Titles are not kept; of a UID only its
 * digest is kept. Null: the text is not a calendar.
 */
export function readCalendar(text: string, how: Reading): CalendarRead | null {
  const calendar = parsed(text);
  const events = calendar?.getAllSubcomponents('vevent') ?? [];
  if (!calendar || events.length > MOST.events) return null;
  const reader = new Reader(how, calendar.getAllSubcomponents('vtimezone'));
  // With these components, the library would walk through their rules wherever it compares two times.
  calendar.removeAllSubcomponents('vtimezone');
  const byUid = Map.groupBy(events, (each, nth) => textOf(each, 'uid') ?? nth);
  for (const [uid, same] of byUid) reader.read(uid, same);
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

/** Thrown for an event that is left out. */
class Unfit extends Error {
  readonly why: LeftOut;
  constructor(why: LeftOut) {
    super(why);
    this.why = why;
  }
}

/** An event, or one changed occurrence of an event, in the local time of its zone. */
interface Told {
  component: ICAL.Component;
  zone: Zone;
  isDate: boolean;
  start: Temporal.PlainDateTime;
  /** The duration, in local time. */
  length: Temporal.Duration;
}

class Reader {
  readonly #how: Reading;
  readonly #last: Temporal.Instant;
  /** The zones by name. A component is a zone that has not been described yet. */
  readonly #zones = new Map<string, Zone | ICAL.Component | null>();
  readonly #entries: ImportedEntry[] = [];
  readonly #uids = new Set<string>();
  readonly #left: { name: string; why: LeftOut }[] = [];
  #free = 0;
  #steps = 0;

  constructor(how: Reading, zones: readonly ICAL.Component[]) {
    this.#how = how;
    this.#last = how.until ?? how.now.add({ hours: 24 * 7 * (WEEKS_AHEAD + 1) });
    for (const each of zones.slice(0, MOST.zones))
      this.#zones.set(`${each.getFirstPropertyValue('tzid') ?? ''}`, each);
  }

  /** Adds everything that the file says about one event, or nothing. */
  read(said: string | number, events: readonly ICAL.Component[]): void {
    try {
      if (typeof said === 'number') throw new Unfit('uid');
      if (this.#how.skips?.(said)) return;
      const uid = digest(said);
      const found = new Found(this.#how, this.#last);
      const [series, changed] = [false, true].map((wanted) =>
        events.filter((each) => each.hasProperty('recurrence-id') === wanted),
      ) as [ICAL.Component[], ICAL.Component[]];
      if (!series.some(isCancelled)) {
        for (const each of series) this.#walk(each, changed, found);
        // A changed occurrence is at its own time, also if its series is not in the file.
        for (const each of changed) found.add(this.#told(each));
      }
      const spans = found.spans();
      if (this.#entries.length + spans.length > MOST_ENTRIES) throw new Unfit('many');
      this.#uids.add(uid);
      this.#entries.push(...spans.map((each) => ({ uid, ...each })));
      if (found.isFree) this.#free++;
    } catch (error) {
      // The library throws its own errors for wrong times and rules.
      const why = error instanceof Unfit ? error.why : 'times';
      const name = textOf(events[0]!, 'summary') ?? '';
      this.#left.push({ name: name.slice(0, 80), why });
    }
  }

  result(): CalendarRead {
    const entries = this.#entries.toSorted((a, b) => (a.from < b.from ? -1 : 1));
    return { entries, uids: [...this.#uids], left: this.#left, free: this.#free };
  }

  /** Returns an event with its times in a zone: the given one, or else its own. */
  #told(component: ICAL.Component, zone?: Zone): Told {
    const said = component.getFirstProperty('dtstart');
    if (!said) throw new Unfit('times');
    const own = zone ?? this.#zoneOf(said);
    const start = this.#wall(said, own);
    const { isDate } = said.getFirstValue() as ICAL.Time;
    const end = component.getFirstProperty('dtend');
    const duration = component.getFirstPropertyValue('duration') as unknown as ICAL.Duration;
    const length = end
      ? start.until(this.#wall(end, own))
      : duration
        ? Temporal.Duration.from({ seconds: Math.min(duration.toSeconds(), MOST_SECONDS) })
        : Temporal.Duration.from({ days: isDate ? 1 : 0 });
    return { component, zone: own, isDate, start, length };
  }

  /** Adds the times of an event, except those that were changed. */
  #walk(component: ICAL.Component, changed: readonly ICAL.Component[], found: Found): void {
    const event = this.#told(component);
    const { zone } = event;
    const dates = (name: string, of = component) =>
      of
        .getAllProperties(name)
        .flatMap((each) => each.getValues().map((time) => ({ each, time: time as ICAL.Time })))
        .map(({ each, time }) => {
          this.#step();
          return { isDate: time.isDate, at: this.#wall(each, zone, time) };
        });
    const id = (of: ICAL.Component) => dates('recurrence-id', of)[0]!;
    const out = new Set(
      [...dates('exdate'), ...changed.map(id)].map(({ isDate, at }) => keyOf(at, isDate)),
    );
    // A change for all later occurrences moves each of them as it moved the first.
    const ranges = changed
      .filter(isForAllAfter)
      .map((each) => ({ ...this.#told(each, zone), since: id(each).at }))
      .sort((a, b) => Temporal.PlainDateTime.compare(a.since, b.since));
    const add = (at: Temporal.PlainDateTime) => {
      if (out.has(keyOf(at)) || out.has(keyOf(at, true))) return;
      const range = ranges.findLast(({ since }) => Temporal.PlainDateTime.compare(since, at) <= 0);
      const start = range ? at.add(range.since.until(range.start)) : at;
      found.add({ ...(range ?? event), start });
    };
    const rules = component.getAllProperties('rrule').map((each) => each.getFirstValue());
    if (rules.length > MOST_OF_ONE.rules || ranges.length > MOST_OF_ONE.ranges)
      throw new Unfit('many');
    if (rules.length === 0) add(event.start);
    for (const { at } of dates('rdate')) add(at);
    for (const rule of rules as ICAL.Recur[]) this.#repeat(event, rule, add);
  }

  /** Adds the times of a rule, as far as a rota is planned. */
  #repeat(event: Told, said: ICAL.Recur, add: (at: Temporal.PlainDateTime) => void): void {
    if (mayNeverEnd(said)) throw new Unfit('times');
    const { zone, start, isDate } = event;
    const { now } = this.#how;
    const rule = said.clone();
    if (rule.until) rule.until = this.#until(rule.until, event);
    const early = dayKey(now.subtract({ hours: LONGEST.absence + 48 }).toZonedDateTimeISO('UTC'));
    const last = zone.wallOf(this.#last);
    const times = rule.iterator(floating(start, isDate));
    for (let nth = 0; ; nth++) {
      const next = times.next();
      if (!next) return;
      if (nth > MOST_STEPS.event) throw new Unfit('many');
      this.#step();
      // Such a time is over in any zone. Most times of a long series are.
      if (dayKey(next) < early) continue;
      const at = plain(next);
      if (Temporal.PlainDateTime.compare(at, last) > 0) return;
      add(at);
    }
  }

  #step(): void {
    if (this.#steps++ > MOST_STEPS.file) throw new Unfit('many');
  }

  /** Returns the end of a rule in the local time of its event. A day ends with its last minute. */
  #until(until: ICAL.Time, { zone, isDate }: Told): ICAL.Time {
    if (until.isDate)
      return isDate ? until : floating(plain(until).with({ hour: 23, minute: 59 }), false);
    if (until.zone !== ICAL.Timezone.utcTimezone) return floating(plain(until), false);
    const at = zone.wallOf(plain(until).toZonedDateTime('UTC').toInstant());
    return floating(at, false);
  }

  /** Returns the time of a property in the local time of a zone. */
  #wall(property: ICAL.Property, zone: Zone, time = property.getFirstValue() as ICAL.Time) {
    const wall = plain(time);
    const own = time.isDate ? zone : this.#zoneOf(property, time);
    return own === zone ? wall : zone.wallOf(own.instantOf(wall));
  }

  /** Returns the zone of a property. Days, and times that name no zone, are in the zone of the office. */
  #zoneOf(property: ICAL.Property, time = property.getFirstValue() as ICAL.Time): Zone {
    const isUtc = !time.isDate && time.zone === ICAL.Timezone.utcTimezone;
    const said = time.isDate ? null : property.getFirstParameter('tzid');
    const name = isUtc ? 'UTC' : said || this.#how.timeZone;
    const known = this.#zones.get(name);
    const zone =
      known instanceof ICAL.Component || known === undefined
        ? (namedZone(name) ?? (known ? describedZone(known, this.#how.now) : null))
        : known;
    this.#zones.set(name, zone);
    if (!zone) throw new Unfit('zone');
    return zone;
  }
}

/** The stretches of one event that are not over, without duplicates. */
class Found {
  readonly #how: Reading;
  readonly #last: Temporal.Instant;
  readonly #spans = new Map<string, { from: string; to: string }>();
  /** Whether the diary marks a stretch as free. */
  isFree = false;

  constructor(how: Reading, last: Temporal.Instant) {
    this.#how = how;
    this.#last = last;
  }

  add({ component, zone, start, length }: Told): void {
    const { as, now, timeZone, in: shown = timeZone, owner } = this.#how;
    const [from, end] = [start, start.add(length)].map((each) => zone.instantOf(each)) as [
      Temporal.Instant,
      Temporal.Instant,
    ];
    const to = as === 'busy' && isLater(end, this.#last) ? this.#last : end;
    if (
      isCancelled(component) ||
      (owner && isDeclined(component, owner)) ||
      Temporal.Instant.compare(from, this.#last) > 0
    )
      return;
    if (Temporal.Instant.compare(to, now) <= 0) return;
    if (as !== 'shift' && textOf(component, 'transp')?.toUpperCase() === 'TRANSPARENT') {
      this.isFree = true;
      return;
    }
    const begin = as === 'busy' && isLater(now, from) ? now : from;
    const hours = begin.until(to).total('hours');
    // An event without a length is a reminder: nobody is busy.
    if (as === 'busy' && hours === 0) return;
    if (!(hours > 0)) throw new Unfit('times');
    // A day can have 25 hours.
    if (hours > LONGEST[as] + 1) throw new Unfit('long');
    const [begins, ends] = [begin, to].map((each) =>
      keyOf(each.toZonedDateTimeISO(shown).toPlainDateTime()),
    ) as [string, string];
    // A shift can't begin and end at the same time of day.
    if (as === 'shift' && begins.slice(11) === ends.slice(11)) throw new Unfit('long');
    this.#spans.set(`${begins} ${ends}`, { from: begins, to: ends });
    if (this.#spans.size > MOST_ENTRIES) throw new Unfit('many');
  }

  spans(): { from: string; to: string }[] {
    return [...this.#spans.values()];
  }
}

const plain = ({ year, month, day, hour, minute }: ICAL.Time): Temporal.PlainDateTime =>
  Temporal.PlainDateTime.from({ year, month, day, hour, minute }, { overflow: 'reject' });

/** Returns a time without a zone, for the library to calculate with. */
const floating = (
  { year, month, day, hour, minute }: Temporal.PlainDateTime,
  isDate: boolean,
): ICAL.Time =>
  new ICAL.Time({ year, month, day, hour, minute, second: 0, isDate }, ICAL.Timezone.localTimezone);

/** Returns the minute, or only the day: an exception of a day removes everything that begins on it. */
const keyOf = (at: Temporal.PlainDateTime, isDate = false): string =>
  isDate ? `${at.toPlainDate()}` : at.toString({ smallestUnit: 'minute' });

const dayKey = ({ year, month, day }: { year: number; month: number; day: number }): number =>
  (year * 100 + month) * 100 + day;

const isForAllAfter = (changed: ICAL.Component): boolean =>
  changed.getFirstProperty('recurrence-id')?.getFirstParameter('range') === 'THISANDFUTURE';

/** Returns the text of a property; undefined: the event has none. */
const textOf = (component: ICAL.Component, name: string): string | undefined => {
  const value = component.getFirstPropertyValue(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const isLater = (one: Temporal.Instant, other: Temporal.Instant): boolean =>
  Temporal.Instant.compare(one, other) > 0;

/** Returns whether the person with this address declined the event (RFC 5545, 3.2.12). */
const isDeclined = (component: ICAL.Component, owner: string): boolean =>
  component
    .getAllProperties('attendee')
    .some(
      (each) =>
        `${each.getFirstValue()}`.toLowerCase() === `mailto:${owner.toLowerCase()}` &&
        each.getFirstParameter('partstat') === 'DECLINED',
    );

const isCancelled = (component: ICAL.Component): boolean =>
  textOf(component, 'status')?.toUpperCase() === 'CANCELLED';
