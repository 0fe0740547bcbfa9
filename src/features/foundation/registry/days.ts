import type { RegistryEntry } from './types.ts';

/** What a book has of a day: how many entries, and the hash of the last one until its end; null: there was none yet. */
export interface CountedDay {
  count: number;
  last: string | null;
}

/** Counts the entries of a book by their local days, while the book is read. */
export interface DayTally {
  /** Counts entries, which follow those that were counted before. */
  add(entries: readonly Pick<RegistryEntry, 'at' | 'hash'>[]): void;
  /** Returns what the book has of days, which are in their order. */
  counted(days: readonly string[]): CountedDay[];
}

/** Returns a tally in which nothing is counted yet. It has a row for each day. */
export function tallyDays(timeZone: string): DayTally {
  const tally = new Map<string, { count: number; place: number; hash: string }>();
  const dayOf = daysIn(timeZone);
  let place = 0;
  return {
    add(entries) {
      for (const { at, hash } of entries) {
        const day = dayOf(at);
        tally.set(day, { count: (tally.get(day)?.count ?? 0) + 1, place: place++, hash });
      }
    },
    counted(days) {
      const known = [...tally].sort(([a], [b]) => (a < b ? -1 : 1));
      let nth = 0;
      // By the order of the book, not by the hour: somebody may have dated an entry back.
      let last: { place: number; hash: string } | null = null;
      return days.map((day) => {
        for (let next = known[nth]; next && next[0] <= day; next = known[++nth])
          if (!last || next[1].place > last.place) last = next[1];
        return { count: tally.get(day)?.count ?? 0, last: last?.hash ?? null };
      });
    },
  };
}

/** Returns a function that tells the local day of an instant. It remembers the last day: entries follow the order of time. */
function daysIn(timeZone: string): (at: Temporal.Instant) => string {
  let day = '';
  let from = 0;
  let before = 0;
  return (at) => {
    const ms = at.epochMilliseconds;
    if (ms >= from && ms < before) return day;
    const start = at.toZonedDateTimeISO(timeZone).startOfDay();
    day = start.toPlainDate().toString();
    from = start.epochMilliseconds;
    before = start.add({ days: 1 }).startOfDay().epochMilliseconds;
    return day;
  };
}
