import type pg from 'pg';
import { createLine } from '../../process/line.ts';

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
  const line = createLine({ most, patienceMs });
  return async () => {
    const end = await line.take();
    if (!end) throw new Error('timeout exceeded when trying to connect');
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
