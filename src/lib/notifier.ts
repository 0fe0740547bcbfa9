import { randomUUID } from 'node:crypto';
import pg from 'pg';

/**
 * Told when something of an office has changed, which is then read from the database. It may ring for nothing, and it rings
 * for everybody (null) when rings may have been missed.
 */
export type CommitListener = (office: number | null) => void;
/** Told when something has changed that only some look at: an appointment, by its id, or a topic by its name. */
export type TopicListener = (office: number, about: string) => void;

/** Tells every process that something of an office was committed. */
export interface Notifier {
  /** Here at once; elsewhere a moment later, together with what else rings by then. */
  notify(office: number): void;
  /** For those alone who look at this: what happens many times in a call, or when somebody takes a break, is no news to the others. */
  notifyTopic(office: number, about: string): void;
  /** Answers how to stop hearing it. */
  listen(listener: CommitListener): () => void;
  /** The soft rings; where those may have been missed, `listen` rings for everybody. Answers how to stop. */
  listenToTopics(listener: TopicListener): () => void;
  close(): Promise<void>;
}

export interface NotifierOptions {
  /** For a connection of its own: one that is pooled can't listen. */
  connection: pg.ConnectionConfig;
  pool: pg.Pool;
  /** Told once each time the others can't be heard any more. */
  onDeaf(error: Error): void;
}

const CHANNEL = 'finestreta_commits';
const EVERYBODY = '*';
/** Bytes; a payload has room for 8,000, and says who sends it. */
const MOST_NAMED = 7_900;
const TOGETHER_MS = 25;
const AGAIN_MS = 1_000;

/**
 * Rings over LISTEN and NOTIFY. The ring is a statement of its own, after the commit: in the transaction it would make all
 * that commit at once wait for each other (PostgreSQL holds one lock from NOTIFY to the commit's end). A process that dies in
 * between leaves a change untold, so whoever listens looks by itself now and then too.
 */
export function createNotifier({ connection, pool, onDeaf }: NotifierOptions): Notifier {
  const self = randomUUID();
  const listeners = new Set<CommitListener>();
  const softly = new Set<TopicListener>();
  /** As the payload says them: `7`, or softly `7/<about>`. */
  let waiting = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let client: pg.Client | null = null;
  let retry: NodeJS.Timeout | undefined;
  let isDeaf = false;
  let isClosed = false;

  const tell = (office: number | null) => {
    for (const each of listeners) each(office);
  };

  const tellSoftly = (office: number, about: string) => {
    for (const each of softly) each(office, about);
  };

  const send = async () => {
    timer = undefined;
    const named = [...waiting].join(' ');
    const payload = `${self} ${named.length > MOST_NAMED ? EVERYBODY : named}`;
    waiting = new Set();
    // Lost with the database: what it tells of is found when the others look by themselves.
    await pool.query('select pg_notify($1, $2)', [CHANNEL, payload]).catch(() => {});
  };

  const heard = (payload = '') => {
    const [from, ...named] = payload.split(' ');
    if (from === self) return;
    for (const each of named) {
      const [office, about] = each.split('/');
      if (about) tellSoftly(Number(office), about);
      else tell(each === EVERYBODY ? null : Number(office));
    }
  };

  const sendSoon = (name: string) => {
    waiting.add(name);
    timer ??= setTimeout(() => void send(), TOGETHER_MS);
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
    notify: (office) => {
      tell(office);
      sendSoon(String(office));
    },
    notifyTopic: (office, about) => {
      tellSoftly(office, about);
      sendSoon(`${office}/${about}`);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    listenToTopics: (listener) => {
      softly.add(listener);
      return () => softly.delete(listener);
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
