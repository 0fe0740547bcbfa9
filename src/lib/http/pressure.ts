/** How much a request matters when there is more to do than can be done. */
export type Rank =
  /** Health checks, files: cheap, and never refused. */
  | 'always'
  /** Whatever is sent. */
  | 'sent'
  /** What somebody is in the middle of: a booking, a call, a conversation. */
  | 'begun'
  /** Pages. */
  | 'page'
  /** Figures, planning, exports, open data: large readings that can wait. */
  | 'figures';

const ALWAYS = /^\/(healthz|readyz|metrics|assets|docs|icon)\b/;
const BEGUN =
  /\/(booking|appointment|room|stream|chat|chats|call|session|sign-in|files|upload|case|consent)(\/|$)/;
const FIGURES = /\/(figures|planning|calls|audit|month|open-data|catalogue)(\/|\.|$)|\.csv$/;

/** Returns the rank of a request. Pure. `path`: without its query. */
export function rankOf(method: string, path: string): Rank {
  if (ALWAYS.test(path)) return 'always';
  if (method !== 'GET' && method !== 'HEAD') return 'sent';
  if (FIGURES.test(path)) return 'figures';
  return BEGUN.test(path) ? 'begun' : 'page';
}

/** So many at once are no pressure, however slow they are. */
const FEW = 32;
/** For how many seconds of work a request of each rank may stand behind. */
const MOST_SECONDS: Record<Exclude<Rank, 'always'>, number> = {
  sent: 8,
  begun: 4,
  page: 1,
  figures: 0.5,
};
/** The length of a measurement, in milliseconds. */
const WINDOW_MS = 250;
/** Answers a second before anything was measured, and after a calm; a process that is slower learns it within a second. */
const AT_FIRST = 200;
/** A process that answers nothing at all is still asked now and then. */
const LEAST = 5;

/** What a process has to do, and how quickly it does it. */
export interface Pressure {
  /** Returns whether to take a request of this rank: it then counts until `leave`. `now`: milliseconds since some moment. */
  enter(rank: Rank, now: number): boolean;
  /** Doesn't count a request that was taken, while it waits and nothing is done for it. Returns what counts it again. */
  pause(rank: Rank): () => void;
  /** Counts a request of this rank as answered. `isWork`: the answer was a whole one, and no cheap refusal or redirection. */
  leave(rank: Rank, now: number, isWork: boolean): void;
}

/**
 * Returns a process without requests. Whoever comes has waited and will wait:
 * - What came with them has kept the process busy in this turn of its loop (`afterTurn` calls at the turn's end): so long they have waited.
 * - By Little's law, they wait for as many seconds as requests are under way, divided by those that are answered in a second. The speed is
 *   measured only while there is more than a few to do: an idle process shows none. Requests that send something are not counted, since a slow
 *   sender would make the process look slow.
 */
export function createPressure(afterTurn: (work: () => void) => unknown = setImmediate): Pressure {
  let active = 0;
  /** When the first request of this turn came; null: none has. */
  let turnSince: number | null = null;
  let perSecond = AT_FIRST;
  let window = { since: 0, answered: 0 };
  /** Since when only a few are under way; null: there are more. */
  let calmSince: number | null = 0;
  const measure = (now: number): void => {
    if (active < FEW) {
      calmSince ??= now;
      // What was measured in a stall says nothing of the next time.
      if (now - calmSince >= WINDOW_MS) perSecond = AT_FIRST;
      window = { since: now, answered: 0 };
      return;
    }
    calmSince = null;
    const elapsed = now - window.since;
    if (elapsed < WINDOW_MS) return;
    // Of a window that nobody looked at for long, only the speed over all of it is known.
    const measured = (window.answered * 1_000) / elapsed;
    perSecond = Math.max(LEAST, (perSecond + measured) / 2);
    window = { since: now, answered: 0 };
  };
  const isCounted = (rank: Rank) => rank !== 'always' && rank !== 'sent';
  return {
    enter(rank, now) {
      if (rank === 'always') return true;
      measure(now);
      const behind = (now - (turnSince ?? now)) / 1_000;
      if (turnSince === null) {
        turnSince = now;
        afterTurn(() => {
          turnSince = null;
        });
      }
      const ahead = active < FEW ? 0 : active / perSecond;
      const isFree = Math.max(behind, ahead) < MOST_SECONDS[rank];
      if (isFree && isCounted(rank)) active++;
      return isFree;
    },
    pause(rank) {
      if (!isCounted(rank)) return () => {};
      active--;
      return () => {
        active++;
      };
    },
    leave(rank, now, isWork) {
      if (!isCounted(rank)) return;
      if (isWork) window.answered++;
      measure(now);
      active--;
    },
  };
}
