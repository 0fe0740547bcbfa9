import { createLine, type EndTurn, type Line } from '../process/line.ts';
import type { Rank } from './pressure.ts';

/** A rank whose requests may have to wait. */
type Limited = Exclude<Rank, 'always'>;

/**
 * How many requests of a rank one sender has under way at once. Those that make a process look busy are together fewer than half of `FEW`
 * (pressure.ts): nobody alone gets others refused, though a person may be two senders, by an account and by an address.
 */
const AT_ONCE: Record<Limited, number> = { sent: 12, begun: 5, page: 8, figures: 2 };
/** The longest wait for one's own requests, in milliseconds: what is sent loses most when it is refused. */
const PATIENCE_MS: Record<Limited, number> = {
  sent: 8_000,
  begun: 4_000,
  page: 4_000,
  figures: 4_000,
};
/** How many requests of a rank of one sender wait at most. */
const MOST_WAITING = 1_000;
/** For so long, in milliseconds, what is sent counts: it may come over a slow line, or wait for another's service. */
const SENT_COUNTS_MS = 2_000;

/** Whose turn it is: each sender has so many requests of each rank under way, and the others of that sender wait in their order. */
export interface Turns {
  /** Resolves when it is the request's turn; to null when too many of the same sender wait, or it would wait for too long. */
  take(sender: string, rank: Limited): Promise<EndTurn | null>;
}

/**
 * Returns a process where nobody waits. `nextTurn` calls what it is given in the next turn of Node's loop: what comes from others is read first.
 */
export function createTurns(nextTurn: (work: () => void) => unknown = setImmediate): Turns {
  const lines = new Map<string, Line>();
  const lineOf = (key: string, rank: Limited): Line => {
    const limits = { most: AT_ONCE[rank], patienceMs: PATIENCE_MS[rank] };
    const line =
      lines.get(key) ?? createLine({ ...limits, mostWaiting: MOST_WAITING, begin: nextTurn });
    lines.set(key, line);
    return line;
  };
  return {
    async take(sender, rank) {
      const key = `${rank} ${sender}`;
      const line = lineOf(key, rank);
      const endTurn = await line.take();
      if (!endTurn) return null;
      const end = () => {
        clearTimeout(timer);
        endTurn();
        if (lines.get(key) === line && line.isEmpty()) lines.delete(key);
      };
      const timer = rank === 'sent' ? setTimeout(end, SENT_COUNTS_MS).unref() : undefined;
      return end;
    },
  };
}
