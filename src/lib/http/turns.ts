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

/** Gives the turn back; a second call does nothing. */
export type EndTurn = () => void;

/** Whose turn it is: each sender has so many requests of each rank under way, and the others of that sender wait in their order. */
export interface Turns {
  /** Resolves when it is the request's turn; to null when too many of the same sender wait, or it would wait for too long. */
  take(sender: string, rank: Limited): Promise<EndTurn | null>;
}

interface Line {
  active: number;
  waiting: Set<() => void>;
}

/**
 * Returns a process where nobody waits. `nextTurn` calls what it is given in the next turn of Node's loop: what comes from others is read first.
 */
export function createTurns(nextTurn: (work: () => void) => unknown = setImmediate): Turns {
  const lines = new Map<string, Line>();

  const release = (key: string, line: Line) => {
    const [next] = line.waiting;
    if (next) {
      line.waiting.delete(next);
      next();
      return;
    }
    line.active--;
    if (line.active === 0) lines.delete(key);
  };

  const turnOf = (key: string, line: Line, rank: Limited): EndTurn => {
    let isOver = false;
    const end = () => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      release(key, line);
    };
    const timer = rank === 'sent' ? setTimeout(end, SENT_COUNTS_MS).unref() : undefined;
    return end;
  };

  return {
    async take(sender, rank) {
      const key = `${rank} ${sender}`;
      const line = lines.get(key) ?? { active: 0, waiting: new Set() };
      lines.set(key, line);
      if (line.active < AT_ONCE[rank]) {
        line.active++;
        return turnOf(key, line, rank);
      }
      if (line.waiting.size >= MOST_WAITING) return null;
      return new Promise((resolve) => {
        const begin = () => {
          clearTimeout(timer);
          nextTurn(() => resolve(turnOf(key, line, rank)));
        };
        const timer = setTimeout(() => {
          line.waiting.delete(begin);
          resolve(null);
        }, PATIENCE_MS[rank]).unref();
        line.waiting.add(begin);
      });
    },
  };
}
