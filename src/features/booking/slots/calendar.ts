import type { EpochMinute } from './types.ts';

const DAY = 1440;
const EPOCH = Temporal.PlainDate.from('1970-01-01');

/** Days from 1970-01-01 to a local day `YYYY-MM-DD`. Throws a RangeError if it is none. */
export function dayNumber(day: string): number {
  return EPOCH.until(Temporal.PlainDate.from(day)).days;
}

/** The local day `YYYY-MM-DD` with that number. */
export function dayText(day: number): string {
  return EPOCH.add({ days: day }).toString();
}

/** ISO weekday of a day number: 1 = Monday … 7 = Sunday. */
export function weekday(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** Minutes since midnight of `HH:MM`, up to `24:00`. Throws a RangeError on anything else. */
export function clockMinutes(text: string): number {
  const match = /^(\d\d):(\d\d)$/.exec(text);
  const minutes = match ? Number(match[1]) * 60 + Number(match[2]) : Number.NaN;
  if (!(minutes <= DAY) || Number(match?.[2]) > 59) throw new RangeError(`not a time: ${text}`);
  return minutes;
}

/** The first whole minute at or after an instant. */
export function minuteAtOrAfter(instant: Temporal.Instant): EpochMinute {
  const minute = 60_000_000_000n;
  const whole = instant.epochNanoseconds / minute;
  return Number(whole * minute < instant.epochNanoseconds ? whole + 1n : whole);
}

/** The instant of an epoch minute. */
export function instantOf(minute: EpochMinute): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(minute * 60_000);
}

/** A local day on which the clock is changed. */
interface ChangedDay {
  /** For each wall-clock minute, the first epoch minute at which the clock shows it or later. */
  readonly edges: Int32Array;
  /** For each wall-clock minute, whether the clock ever shows it. */
  readonly shown: Uint8Array;
  /** Epoch minutes that show, for the second time, a time already shown: flat `[start, end)`. */
  readonly repeated: readonly number[];
}

/**
 * Converts wall-clock times of one zone to epoch minutes. A skipped time is the instant
 * of the change; a repeated one is the first of the two. Computed days are cached,
 * so that Temporal is called once a day, not once a time. Zones with offsets of whole minutes.
 */
export class ZoneCalendar {
  readonly timeZone: string;
  readonly #starts = new Map<number, EpochMinute>();
  readonly #changed = new Map<number, ChangedDay | undefined>();
  static readonly #known = new Map<string, ZoneCalendar>();

  private constructor(timeZone: string) {
    this.timeZone = timeZone;
  }

  /** The calendar of a zone, shared. A name that is no zone throws at its first use. */
  static of(timeZone: string): ZoneCalendar {
    const known = ZoneCalendar.#known.get(timeZone);
    if (known) return known;
    const made = new ZoneCalendar(timeZone);
    ZoneCalendar.#known.set(timeZone, made);
    return made;
  }

  /** When a local day starts. */
  dayStart(day: number): EpochMinute {
    const known = this.#starts.get(day);
    if (known !== undefined) return known;
    const start = this.#startOf(day).epochMilliseconds / 60_000;
    this.#starts.set(day, start);
    return start;
  }

  /** The first epoch minute at which the clock shows that time of that day (0–1440) or later. */
  edge(day: number, minute: number): EpochMinute {
    if (minute >= DAY) return this.edge(day + 1, minute - DAY);
    const changed = this.#changeOn(day);
    return changed ? changed.edges[minute]! : this.dayStart(day) + minute;
  }

  /** Whether the clock ever shows that time of that day. */
  shows(day: number, minute: number): boolean {
    if (minute >= DAY) return this.shows(day + 1, minute - DAY);
    const changed = this.#changeOn(day);
    return !changed || changed.shown[minute] === 1;
  }

  /** The epoch minutes of days `first`–`last` that repeat a time already shown, flat, sorted. */
  repeated(first: number, last: number): number[] {
    const all: number[] = [];
    for (let day = first; day <= last; day++) all.push(...(this.#changeOn(day)?.repeated ?? []));
    return all;
  }

  /** The local day of an instant. */
  dayOf(instant: Temporal.Instant): number {
    return EPOCH.until(instant.toZonedDateTimeISO(this.timeZone).toPlainDate()).days;
  }

  #startOf(day: number): Temporal.ZonedDateTime {
    return EPOCH.add({ days: day }).toZonedDateTime(this.timeZone);
  }

  #changeOn(day: number): ChangedDay | undefined {
    if (this.#changed.has(day)) return this.#changed.get(day);
    const plain = this.dayStart(day + 1) - this.dayStart(day) === DAY;
    const changed = plain ? undefined : this.#walk(day);
    this.#changed.set(day, changed);
    return changed;
  }

  /** Reads the clock through the whole day, minute by minute. */
  #walk(day: number): ChangedDay {
    const end = this.dayStart(day + 1);
    const edges = new Int32Array(DAY).fill(-1);
    const repeated: number[] = [];
    let at = this.#startOf(day);
    let t = this.dayStart(day);
    while (t < end) {
      const next = at.getTimeZoneTransition('next');
      const until = Math.min(end, next ? next.epochMilliseconds / 60_000 : end);
      const toWall = at.offsetNanoseconds / 60_000_000_000 - day * DAY;
      for (; t < until; t++) {
        const wall = t + toWall;
        if (wall >= 0 && wall < DAY && edges[wall] === -1) edges[wall] = t;
        else repeated.push(t, t + 1);
      }
      if (next) at = next;
    }
    const shown = Uint8Array.from(edges, (edge) => (edge === -1 ? 0 : 1));
    for (let minute = DAY - 1, later = end; minute >= 0; minute--) {
      if (edges[minute] !== -1) later = edges[minute]!;
      edges[minute] = later;
    }
    return { edges, shown, repeated };
  }
}
