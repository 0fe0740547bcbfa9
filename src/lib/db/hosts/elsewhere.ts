import type pg from 'pg';
import { mayBeElsewhere } from './client.ts';

/** Somebody who waits for a connection of a pool, and what the pool has beyond its types (pg-pool 3.14). */
interface Waiting {
  callback(error: Error | undefined, client: pg.PoolClient | undefined, release: () => void): void;
  timedOut: boolean;
}
interface PoolInside {
  newClient(waiting: Waiting): void;
  _pulseQueue(): void;
  _pendingQueue: Waiting[];
}

/**
 * Has a pool try once more when no connection could be made to the server that was believed to be the right one: by then it is looked for anew.
 * Whoever waits for the connection isn't told.
 */
export function triesElsewhere<P extends pg.Pool>(pool: P): P {
  const inside = pool as unknown as PoolInside;
  const newClient = inside.newClient.bind(pool);
  const tried = new WeakSet<Waiting>();
  inside.newClient = (waiting) => {
    newClient({
      get timedOut() {
        return waiting.timedOut;
      },
      callback: (error, client, release) => {
        if (!error || !mayBeElsewhere(error) || tried.has(waiting))
          return waiting.callback(error, client, release);
        tried.add(waiting);
        // Others may have taken the room of the failed connection meanwhile.
        inside._pendingQueue.unshift(waiting);
        inside._pulseQueue();
      },
    });
  };
  return pool;
}
