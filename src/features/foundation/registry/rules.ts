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

/** The last entry of a book. */
export interface BookEnd {
  year: number;
  number: number;
  at: Temporal.Instant | null;
  hash: string | null;
}

/**
 * Returns the place of the next entry of a book. Entries follow the order of time (art. 16.2): a clock that went back does not make one
 * earlier than the one before. Numbers begin again with each local year.
 */
export function nextPlace(
  last: BookEnd,
  now: Temporal.Instant,
  timeZone: string,
): Pick<RegistryEntry, 'year' | 'number' | 'at' | 'previous'> {
  const at = last.at && Temporal.Instant.compare(last.at, now) > 0 ? last.at : now;
  const { year } = at.toZonedDateTimeISO(timeZone);
  return { year, number: year === last.year ? last.number + 1 : 1, at, previous: last.hash };
}

/** What the audit trail has of an entry. */
export interface OnTrail {
  id: string;
  hash: string;
}

/**
 * Returns the first fault of a book; null: there is none. `entries`: of one direction, in their order. `trail`: the hashes that the sealed
 * trail has, by the id of the entry. `before`: the entry before the first of these; null: there is none.
 */
export function faultIn(
  entries: readonly RegistryEntry[],
  trail: ReadonlyMap<string, string>,
  before: RegistryEntry | null = null,
): { entry: RegistryEntry; what: 'removed' | 'added' | 'changed' } | null {
  let last = before;
  for (const entry of entries) {
    const kept = trail.get(entry.id);
    if (kept === undefined) return { entry, what: 'added' };
    if (hashOfEntry(entry) !== entry.hash || kept !== entry.hash) return { entry, what: 'changed' };
    const first = !last || last.year !== entry.year;
    const follows = entry.number === (first ? 1 : (last?.number ?? 0) + 1);
    if (!follows || entry.previous !== (last?.hash ?? null)) return { entry, what: 'removed' };
    last = entry;
  }
  return null;
}

/** Returns the local days that have ended and are not closed, oldest first. `first`: the first day with an entry that is not closed. */
export const daysToClose = (days: readonly string[], today: Temporal.PlainDate): string[] =>
  days.filter((day) => day < today.toString()).sort();

/** Returns whether a day is closed as its entries say. */
export const isAsClosed = (closed: ClosedDay, counted: Omit<ClosedDay, 'day'>): boolean =>
  closed.entries === counted.entries &&
  closed.exits === counted.exits &&
  closed.lastEntry === counted.lastEntry &&
  closed.lastExit === counted.lastExit;
