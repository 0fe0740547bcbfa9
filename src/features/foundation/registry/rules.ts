import { createHash } from 'node:crypto';
import type { ClosedDay, Direction, RegistryEntry } from './types.ts';

const LETTERS: Record<Direction, string> = { entry: 'E', exit: 'S' };

/** Returns the number of an entry as people read it: `E2026000123`, or with S for what the office sent (*sortida*, *salida*). */
export const numberText = ({
  direction,
  year,
  number,
}: Pick<RegistryEntry, 'direction' | 'year' | 'number'>): string =>
  `${LETTERS[direction]}${year}${String(number).padStart(6, '0')}`;

/** Returns the hash of an entry, in hexadecimal. */
export function hashOfEntry(entry: Omit<RegistryEntry, 'hash'>): string {
  const { office, direction, year, number, at, countsFrom, about, content, previous, id } = entry;
  const written = [
    id,
    office,
    direction,
    year,
    number,
    at.toString({ smallestUnit: 'millisecond' }),
    countsFrom.toString(),
    about,
    content,
    previous,
  ];
  return createHash('sha256').update(JSON.stringify(written)).digest('hex');
}

/** The end of a book: its last entry, and what is closed. */
export interface BookEnd {
  year: number;
  number: number;
  at: Temporal.Instant | null;
  hash: string | null;
  /** The last local day that is closed; null: none is. */
  closed: Temporal.PlainDate | null;
}

/**
 * Returns the place of the next entry of a book. Entries follow the order of time (art. 16.2): a clock that is behind another one does not make
 * an entry earlier than the one before, nor one of a day that is closed. Numbers begin again with each local year.
 */
export function nextPlace(
  last: BookEnd,
  now: Temporal.Instant,
  timeZone: string,
): Pick<RegistryEntry, 'year' | 'number' | 'at' | 'previous'> {
  const opens = last.closed?.add({ days: 1 }).toZonedDateTime(timeZone).toInstant();
  const at = [last.at, opens, now].reduce((a: Temporal.Instant, b) => latest(a, b), now);
  const { year } = at.toZonedDateTimeISO(timeZone);
  return { year, number: year === last.year ? last.number + 1 : 1, at, previous: last.hash };
}

const latest = (a: Temporal.Instant, b: Temporal.Instant | null | undefined): Temporal.Instant =>
  b && Temporal.Instant.compare(b, a) > 0 ? b : a;

/** Returns the book of a number that `numberText` made. */
export const directionOf = (number: string): Direction =>
  number.startsWith(LETTERS.exit) ? 'exit' : 'entry';

/** What the audit trail has of an entry. */
export interface OnTrail {
  /** The id of the entry. */
  id: string;
  hash: string;
  at: Temporal.Instant;
}

/** How far the hour of an entry may be from that of its line on the trail: it may have waited for the book. */
const APART = Temporal.Duration.from({ minutes: 2 });

const isApart = (a: Temporal.Instant, b: Temporal.Instant): boolean =>
  Temporal.Duration.compare(a.until(b).abs(), APART) > 0;

/** Returns whether an entry has the hash and the hour of its line on the trail. */
export const isAsOnTrail = (
  entry: Pick<RegistryEntry, 'hash' | 'at'>,
  line: Pick<OnTrail, 'hash' | 'at'>,
): boolean => line.hash === entry.hash && !isApart(line.at, entry.at);

/**
 * Returns the first fault of a book; null: there is none. `entries`: of one direction, in their order. `trail`: what the sealed trail has, by
 * the id of the entry. `before`: the entry before the first of these; null: there is none.
 */
export function faultIn(
  entries: readonly RegistryEntry[],
  trail: ReadonlyMap<string, OnTrail>,
  before: RegistryEntry | null = null,
): { entry: RegistryEntry; what: 'removed' | 'added' | 'changed' } | null {
  let last = before;
  for (const entry of entries) {
    const kept = trail.get(entry.id);
    if (kept === undefined) return { entry, what: 'added' };
    if (hashOfEntry(entry) !== entry.hash || !isAsOnTrail(entry, kept))
      return { entry, what: 'changed' };
    const first = !last || last.year !== entry.year;
    const follows = entry.number === (first ? 1 : (last?.number ?? 0) + 1);
    if (!follows || entry.previous !== (last?.hash ?? null)) return { entry, what: 'removed' };
    last = entry;
  }
  return null;
}

/** Minutes after midnight until a day is closed: the clocks of two servers differ a little, and an entry may be on its way. */
const CLOSING_MINUTES = 10;

/** Returns the local days that are to be closed now, oldest first. `first`: the first day that is not closed; null: there is no entry yet. */
export function daysToClose(
  first: Temporal.PlainDate | null,
  now: Temporal.Instant,
  timeZone: string,
): Temporal.PlainDate[] {
  const today = now
    .subtract({ minutes: CLOSING_MINUTES })
    .toZonedDateTimeISO(timeZone)
    .toPlainDate();
  const days: Temporal.PlainDate[] = [];
  for (
    let day = first;
    day && Temporal.PlainDate.compare(day, today) < 0;
    day = day.add({ days: 1 })
  )
    days.push(day);
  return days;
}

/** Returns whether a day is closed as its entries say. */
export const isAsClosed = (closed: ClosedDay, counted: Omit<ClosedDay, 'day'>): boolean =>
  closed.entries === counted.entries &&
  closed.exits === counted.exits &&
  closed.lastEntry === counted.lastEntry &&
  closed.lastExit === counted.lastExit;
