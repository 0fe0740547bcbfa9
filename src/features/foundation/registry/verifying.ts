import type { Office } from '../../../domain/office/types.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { type DayTally, tallyDays } from './days.ts';
import { faultIn, isAsClosed, isAsOnTrail, numberText } from './rules.ts';
import {
  type ClosedDay,
  DIRECTIONS,
  type Direction,
  type RegistryEntry,
  type RegistryVerdict,
} from './types.ts';
import {
  readBook,
  readDays,
  readEntriesById,
  readTrail,
  type TrailLine,
  type TrailPage,
} from './views.ts';

/** Rows that are read at once. */
const AT_ONCE = 2_000;
/** Pages of lines that are kept for entries which follow. */
const PAGES_AHEAD = 10;

/**
 * Compares books and closed days with the trail. A book and the trail have the same order, so both are read in step, and what is compared is not kept: memory grows
 * by a row for each day only. What is written meanwhile is no fault. `most`: rows that are read at once.
 */
export async function verifyRegistry(
  tx: Tx,
  office: Office,
  most: number = AT_ONCE,
): Promise<RegistryVerdict> {
  // A closed day gets no entry any more. So the books, which are read later, have all entries of these days.
  const days = await readDays(tx, office.id);
  const removed: TrailLine[] = [];
  const tallies = { entry: tallyDays(office.timeZone), exit: tallyDays(office.timeZone) };
  let entries = 0;
  let closings: readonly ClosedDay[] = [];
  for (const direction of DIRECTIONS) {
    const book = { tx, office: office.id, direction, most };
    const lines = followTrail(book);
    for await (const { some, last } of pagesOf(book)) {
      const fault = faultIn(some, await lines.about(some), last);
      if (fault) return { ok: false, number: numberText(fault.entry), what: fault.what };
      tallies[direction].add(some);
      entries += some.length;
    }
    const left = await faultInRest(book, lines);
    if (left && 'entry' in left)
      return { ok: false, number: numberText(left.entry), what: 'changed' };
    if (left) removed.push(left.removed);
    // Both passes read the same closings.
    closings = lines.closed;
  }
  const [one] = removed.toSorted((a, b) => a.line - b.line);
  if (one) return { ok: false, number: one.id, what: 'removed' };
  const fault = faultInDays(days, closings, tallies);
  if ('number' in fault) return { ok: false, ...fault };
  const missing = await firstMissing(tx, office.id, fault.missing);
  return missing ? { ok: false, number: missing, what: 'removed' } : { ok: true, entries };
}

interface Book {
  tx: Tx;
  office: number;
  direction: Direction;
  most: number;
}

/** Reads a book. `last`: the entry before the first of `some`; null: there is none. */
async function* pagesOf({ tx, office, direction, most }: Book) {
  let last: RegistryEntry | null = null;
  for (;;) {
    const after = { year: last?.year ?? 0, number: last?.number ?? 0, most };
    const some: RegistryEntry[] = await readBook(tx, office, direction, after);
    yield { some, last };
    last = some.at(-1) ?? last;
    if (some.length < most) return;
  }
}

/** The lines of a book on the trail, read in step with it. */
interface Lines {
  /** Returns the lines of entries, by their ids. They are not kept any more. */
  about(entries: readonly RegistryEntry[]): Promise<ReadonlyMap<string, TrailLine>>;
  /** Returns the lines of which no entry was asked for, part by part. */
  rest(): AsyncIterable<TrailLine[]>;
  /** The closings of days that were read. */
  closed: ClosedDay[];
}

function followTrail({ tx, office, direction, most }: Book): Lines {
  const ahead = new Map<string, TrailLine>();
  const closed: ClosedDay[] = [];
  let after = 0;
  const readOn = async (): Promise<boolean> => {
    const page = await readTrail(tx, office, { after, most });
    for (const line of page.registered) if (line.direction === direction) ahead.set(line.id, line);
    closed.push(...page.closed);
    after = page.last;
    return page.hasMore;
  };
  const about: Lines['about'] = async (entries) => {
    const wanted = new Set(entries.map(({ id }) => id));
    const found = new Map<string, TrailLine>();
    const take = () => {
      for (const id of wanted) {
        const line = ahead.get(id);
        if (line) found.set(id, line);
        if (line) wanted.delete(id);
        ahead.delete(id);
      }
    };
    take();
    for (let hasMore = true; hasMore && wanted.size > 0 && ahead.size < most * PAGES_AHEAD; ) {
      hasMore = await readOn();
      take();
    }
    if (wanted.size > 0)
      for (const line of await searchTrail({ tx, office, most }, wanted)) found.set(line.id, line);
    return found;
  };
  async function* rest() {
    for (let hasMore = true; hasMore; ) {
      hasMore = await readOn();
      yield [...ahead.values()];
      ahead.clear();
    }
  }
  return { about, rest, closed };
}

/** Looks for lines on the whole trail. It is for those that are not where they belong: of another book, or written later than their entry is dated. */
async function searchTrail(
  { tx, office, most }: Omit<Book, 'direction'>,
  wanted: ReadonlySet<string>,
): Promise<TrailLine[]> {
  const found: TrailLine[] = [];
  for (let page: TrailPage | null = null, hasMore = true; hasMore; hasMore = page.hasMore) {
    page = await readTrail(tx, office, { after: page?.last ?? 0, most });
    found.push(...page.registered.filter(({ id }) => wanted.has(id)));
  }
  return found;
}

/** Returns the first line without an entry, or an entry that has a second line which says something else; null: there is none. */
async function faultInRest(
  { tx, office }: Book,
  lines: Lines,
): Promise<{ removed: TrailLine } | { entry: RegistryEntry } | null> {
  for await (const some of lines.rest()) {
    const altered = some.find(({ id }) => !isUuid(id));
    if (altered) return { removed: altered };
    const there = await readEntriesById(
      tx,
      office,
      some.map(({ id }) => id),
    );
    for (const line of some) {
      const entry = there.get(line.id);
      if (!entry) return { removed: line };
      if (!isAsOnTrail(entry, line)) return { entry };
    }
  }
  return null;
}

/** Compares the closed days with their lines and with the books. `missing`: the days that have a line only; one of them may just have been closed. */
function faultInDays(
  days: readonly ClosedDay[],
  closings: readonly ClosedDay[],
  tallies: Record<Direction, DayTally>,
): { number: string; what: 'added' | 'changed' } | { missing: string[] } {
  const sealed = Map.groupBy(closings, ({ day }) => day.toString());
  const all = days.map(({ day }) => day.toString());
  const entries = tallies.entry.counted(all);
  const exits = tallies.exit.counted(all);
  for (const [nth, closed] of days.entries()) {
    const number = all[nth] as string;
    const [first, ...others] = sealed.get(number) ?? [];
    if (!first || others.length > 0) return { number, what: 'added' };
    const [entry, exit] = [entries[nth], exits[nth]];
    const counted = {
      ...{ entries: entry?.count ?? 0, lastEntry: entry?.last ?? null },
      ...{ exits: exit?.count ?? 0, lastExit: exit?.last ?? null },
    };
    if (!isAsClosed(first, closed) || !isAsClosed(first, counted))
      return { number, what: 'changed' };
    sealed.delete(number);
  }
  return { missing: [...sealed.keys()] };
}

/** Returns the first of these days that is not closed; null: all are. */
async function firstMissing(
  tx: Tx,
  office: number,
  missing: readonly string[],
): Promise<string | null> {
  if (missing.length === 0) return null;
  const closed = new Set((await readDays(tx, office)).map(({ day }) => day.toString()));
  return missing.find((day) => !closed.has(day)) ?? null;
}
