/** Gives the turn back; a second call does nothing. */
export type EndTurn = () => void;

export interface LineLimits {
  /** How many have their turn at once. */
  most: number;
  /** The longest wait, in milliseconds. */
  patienceMs: number;
  /** How many wait at most; any number by default. */
  mostWaiting?: number;
  /** Begins the turn of a request that waited; at once by default. */
  begin?: (turn: () => void) => unknown;
}

/** Requests in a line: so many have their turn at once, and the others follow in their order. */
export interface Line {
  /** Resolves when it is the request’s turn; to null when too many wait, or it would wait for too long. */
  take(): Promise<EndTurn | null>;
  isEmpty(): boolean;
}

/** Returns an empty line. */
export function createLine(limits: LineLimits): Line {
  const { most, patienceMs, mostWaiting = Number.POSITIVE_INFINITY, begin = atOnce } = limits;
  const waiting = new Set<() => void>();
  let active = 0;
  /** Passes the turn on, or keeps it for whoever comes. */
  const passOn = () => {
    const [next] = waiting;
    if (next) waiting.delete(next);
    else active--;
    next?.();
  };
  const turn = (): EndTurn => {
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      passOn();
    };
  };
  return {
    async take() {
      if (active < most) {
        active++;
        return turn();
      }
      if (waiting.size >= mostWaiting) return null;
      return new Promise((resolve) => {
        const next = () => {
          clearTimeout(timer);
          begin(() => resolve(turn()));
        };
        const timer = setTimeout(() => {
          waiting.delete(next);
          resolve(null);
        }, patienceMs).unref();
        waiting.add(next);
      });
    },
    isEmpty: () => active === 0,
  };
}

const atOnce = (turn: () => void) => turn();
