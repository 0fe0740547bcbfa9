import { randomUUID } from 'node:crypto';
import pg from 'pg';

/**
 * Told when something of a body has changed, which is then read from the database. It may ring for nothing, and it rings
 * for everybody (null) when rings may have been missed.
 */
export type BellListener = (body: number | null) => void;

/** Tells every process that something of a body was committed. */
export interface Bell {
  /** Here at once; elsewhere a moment later, together with what else rings by then. */
  ring(body: number): void;
  /** Answers how to stop hearing it. */
  hear(listener: BellListener): () => void;
  close(): Promise<void>;
}

export interface BellOptions {
  /** For a connection of its own: one that is pooled can't listen. */
  connection: pg.ConnectionConfig;
  pool: pg.Pool;
  /** Told once each time the others can't be heard any more. */
  onDeaf(error: Error): void;
}

const CHANNEL = 'finestreta_bell';
const EVERYBODY = '*';
/** A payload has room for 8,000 bytes. */
const MOST_NAMED = 500;
const TOGETHER_MS = 25;
const AGAIN_MS = 1_000;

/**
 * Rings over LISTEN and NOTIFY. The ring is a statement of its own, after the commit: in the transaction it would make all
 * that commit at once wait for each other (PostgreSQL holds one lock from NOTIFY to the commit's end). A process that dies in
 * between leaves a change untold, so whoever listens looks by itself now and then too.
 */
export function createBell({ connection, pool, onDeaf }: BellOptions): Bell {
  const self = randomUUID();
  const listeners = new Set<BellListener>();
  let waiting = new Set<number>();
  let timer: NodeJS.Timeout | undefined;
  let client: pg.Client | null = null;
  let retry: NodeJS.Timeout | undefined;
  let isDeaf = false;
  let isClosed = false;

  const tell = (body: number | null) => {
    for (const each of listeners) each(body);
  };

  const send = async () => {
    timer = undefined;
    const bodies = waiting.size > MOST_NAMED ? EVERYBODY : [...waiting].join(' ');
    const payload = `${self} ${bodies}`;
    waiting = new Set();
    // Lost with the database: what it tells of is found when the others look by themselves.
    await pool.query('select pg_notify($1, $2)', [CHANNEL, payload]).catch(() => {});
  };

  const heard = (payload = '') => {
    const [from, ...bodies] = payload.split(' ');
    if (from === self) return;
    for (const each of bodies) tell(each === EVERYBODY ? null : Number(each));
  };

  const listen = async () => {
    const mine = new pg.Client({ ...connection, keepAlive: true });
    const lost = (error: Error) => {
      if (client !== mine) return;
      client = null;
      mine.end().catch(() => {});
      if (isClosed) return;
      if (!isDeaf) onDeaf(error);
      isDeaf = true;
      retry = setTimeout(() => void listen(), AGAIN_MS);
      retry.unref();
    };
    client = mine;
    mine.on('error', lost);
    mine.on('end', () => lost(new Error('The connection ended')));
    mine.on('notification', ({ payload }) => heard(payload));
    try {
      await mine.connect();
      await mine.query(`listen ${CHANNEL}`);
      isDeaf = false;
      tell(null);
    } catch (error) {
      lost(error as Error);
    }
  };

  void listen();
  return {
    ring: (body) => {
      tell(body);
      waiting.add(body);
      timer ??= setTimeout(() => void send(), TOGETHER_MS);
    },
    hear: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      isClosed = true;
      if (timer) {
        clearTimeout(timer);
        await send();
      }
      clearTimeout(retry);
      await client?.end().catch(() => {});
    },
  };
}
