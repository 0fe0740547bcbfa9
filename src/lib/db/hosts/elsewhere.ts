import type pg from 'pg';
import { mayBeElsewhere } from './client.ts';

/** Somebody who waits for a connection of a pool, and what the pool has beyond its types (pg-pool 3.14). */
interface Waiting {
  callback(error: Error | undefined, client: pg.PoolClient | undefined, release: () => void): void;
  readonly timedOut: boolean;
}
interface PoolInside {
  newClient(waiting: Waiting): void;
  _pulseQueue(): void;
  _pendingQueue: Waiting[];
}

/**
 * Has a pool try once more when no connection could be made to the server that was believed to be the right one: by then it is looked for anew.
 * Whoever waits for the connection isn't told, and waits no longer than for one (`connectionTimeoutMillis`). A pool that is being ended doesn't try again.
 */
export function triesElsewhere<P extends pg.Pool>(pool: P): P {
  const inside = pool as unknown as PoolInside;
  const newClient = inside.newClient.bind(pool);
  const seconds = new WeakSet<Waiting>();
  // As for pg, 0 and nothing are no limit.
  const patienceMs = pool.options.connectionTimeoutMillis || Number.POSITIVE_INFINITY;
  inside.newClient = (waiting) => {
    const began = performance.now();
    newClient({
      get timedOut() {
        return waiting.timedOut;
      },
      callback: (error, client, release) => {
        const leftMs = patienceMs - (performance.now() - began);
        if (!error || !mayBeElsewhere(error) || seconds.has(waiting) || pool.ending || leftMs <= 0)
          return waiting.callback(error, client, release);
        const second = secondOf(waiting, leftMs, () => {
          const queue = inside._pendingQueue;
          if (queue.includes(second)) queue.splice(queue.indexOf(second), 1);
          waiting.callback(error, undefined, release);
        });
        seconds.add(second);
        // Others may have taken the room of the failed connection meanwhile.
        inside._pendingQueue.unshift(second);
        inside._pulseQueue();
      },
    });
  };
  return pool;
}

/** Returns who waits again, for so many milliseconds at most; `onLate` is called after them. */
function secondOf(waiting: Waiting, leftMs: number, onLate: () => void): Waiting {
  let isLate = false;
  const late = () => {
    isLate = true;
    onLate();
  };
  const timer = Number.isFinite(leftMs) ? setTimeout(late, leftMs) : undefined;
  return {
    get timedOut() {
      return isLate || waiting.timedOut;
    },
    callback: (...said) => {
      clearTimeout(timer);
      waiting.callback(...said);
    },
  };
}
