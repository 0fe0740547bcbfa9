import { AsyncLocalStorage } from 'node:async_hooks';
import type pg from 'pg';
import { createLine, type EndTurn } from '../../process/line.ts';

/** Whoever waits for longer than this in all, in milliseconds, is told that no connection was free. */
const PATIENCE_MS = 5_000;

/** The large readings of one request. */
interface Readings {
  /** The turn of all of them, from the first one on; null: none has begun. */
  turn: Promise<EndTurn | null> | null;
  /** How long they have waited together, in milliseconds. */
  waitedMs: number;
  isOver: boolean;
}

const requests = new AsyncLocalStorage<Readings>();

const begin = (): Readings => ({ turn: null, waitedMs: 0, isOver: false });

function end(readings: Readings): void {
  readings.isOver = true;
  readings.turn?.then((endTurn) => endTurn?.());
}

/**
 * Answers a request. Its large readings have one turn together, which ends with the answer, and wait no longer than one alone would: what was begun is
 * finished before others begin, and whoever is refused is so after the time of one wait.
 */
export async function inOneTurn<T>(answer: () => T | Promise<T>): Promise<T> {
  const readings = begin();
  try {
    return await requests.run(readings, answer);
  } finally {
    end(readings);
  }
}

/**
 * Returns what connects like `connect`, for so many requests at once at most; the others wait in their order. So large readings, of which each keeps a
 * connection for seconds, leave the others of a pool to whoever books. A request reads one thing after the other: readings that it began at once would each
 * have a connection within its one turn, and their waits would add up. A reading outside of `inOneTurn` is a request of its own. @throws what a full pool does,
 * after waiting for `patienceMs`
 */
export function atMost(
  most: number,
  connect: () => Promise<pg.PoolClient>,
  patienceMs = PATIENCE_MS,
): () => Promise<pg.PoolClient> {
  const line = createLine({ most, patienceMs });
  return async () => {
    const shared = requests.getStore();
    const isAlone = !shared || shared.isOver;
    const readings = isAlone ? begin() : shared;
    const done = () => isAlone && end(readings);
    const since = performance.now();
    try {
      readings.turn ??= line.take();
      if (!(await readings.turn)) throw noneFree();
      const leftMs = patienceMs - readings.waitedMs - (performance.now() - since);
      const client = await within(leftMs, connect());
      const release = client.release.bind(client);
      // The pool gives it a new one each time.
      client.release = (error) => {
        done();
        release(error);
      };
      return client;
    } catch (error) {
      done();
      throw error;
    } finally {
      readings.waitedMs += performance.now() - since;
    }
  };
}

/** @throws when it takes longer: the connection that comes later goes back to its pool */
function within(ms: number, connecting: Promise<pg.PoolClient>): Promise<pg.PoolClient> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      reject(noneFree());
    }, ms);
    connecting
      .finally(() => clearTimeout(timer))
      .then((client) => (isLate ? client.release() : resolve(client)))
      .catch(reject);
  });
}

/** As a full pool says it (`isUnavailable`). */
const noneFree = () => new Error('timeout exceeded when trying to connect');
