import type pg from 'pg';

/** Whoever waits for longer than this, in milliseconds, is told that no connection was free. */
const PATIENCE_MS = 5_000;

/**
 * Returns what connects like `connect`, for so many at once at most; the others wait in their order. So large readings, of which each keeps a connection for
 * seconds, leave the others of a pool to whoever books. @throws what a full pool does, after waiting for `patienceMs`
 */
export function atMost(
  most: number,
  connect: () => Promise<pg.PoolClient>,
  patienceMs = PATIENCE_MS,
): () => Promise<pg.PoolClient> {
  let used = 0;
  const waiting: (() => void)[] = [];
  const turn = (): Promise<void> => {
    if (used < most) {
      used++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const begin = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(begin), 1);
        reject(new Error('timeout exceeded when trying to connect'));
      }, patienceMs);
      waiting.push(begin);
    });
  };
  /** Passes the turn on, or keeps it for whoever comes. */
  const end = () => {
    const next = waiting.shift();
    if (next) next();
    else used--;
  };
  return async () => {
    await turn();
    try {
      const client = await connect();
      const release = client.release.bind(client);
      // The pool gives it a new one each time.
      client.release = (error) => {
        end();
        release(error);
      };
      return client;
    } catch (error) {
      end();
      throw error;
    }
  };
}
