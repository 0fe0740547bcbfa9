import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { DbClient } from './db/hosts/client.ts';

/**
 * Called when data of an office has changed; the listener then reads it from the database. Calls may be unnecessary. Null means every
 * office: notifications may have been missed.
 */
export type CommitListener = (office: number | null) => void;
/** Called when something changed that concerns few pages: an appointment, by its id, or a topic by its name. */
export type TopicListener = (office: number, about: string) => void;

/** Notifies every process after a commit for an office. */
export interface Notifier {
  /** Notifies this process at once; the others a moment later, together with other notifications. */
  notify(office: number): void;
  /** Notifies only the pages of this topic: frequent changes, such as those in a call or a break, don't concern the others. */
  notifyTopic(office: number, about: string): void;
  /** Returns the function that removes the listener. */
  listen(listener: CommitListener): () => void;
  /**
   * Listens to topics; when some may have been missed, `listen` is called for every office. Returns the function that removes the listener.
   */
  listenToTopics(listener: TopicListener): () => void;
  /** Resolves once it listens to the others, or can't for now. */
  ready: Promise<void>;
  close(): Promise<void>;
}

export interface NotifierOptions {
  /** For a separate connection: a pooled one can't listen. */
  connection: pg.ConnectionConfig;
  pool: pg.Pool;
  /** The name by which the separate connection is seen in the database. */
  name?: string;
  /** What is to be said on the separate connection before it listens, each time it is made. */
  onListening?: ((client: pg.Client) => Promise<void>) | null;
  /** Called once each time the connection to the others is lost. */
  onDeaf(error: Error): void;
}

const CHANNEL = 'finestreta_commits';
const EVERYBODY = '*';
/** Bytes; a payload has room for 8,000, and contains its sender. */
const MOST_NAMED = 7_900;
/** The sender of what the database sends with a commit: every process hears it. */
const DATABASE = 'database';
const TOGETHER_MS = 25;
const AGAIN_MS = 1_000;
/** Milliseconds for which a new connection is waited for. */
const PATIENCE_MS = 10_000;

/** Returns the arguments of `pg_notify` within a transaction: every process then hears of the topic when it is committed. */
export const noticeOf = (office: number, about: string): string[] => [
  CHANNEL,
  `${DATABASE} ${office}/${about}`,
];

/**
 * Returns a notifier over LISTEN and NOTIFY. NOTIFY is a separate statement after the commit: within the transaction all simultaneous
 * commits would wait for each other (PostgreSQL holds one lock from NOTIFY to the commit's end). A process that dies in between sends
 * no notification, so listeners also check regularly.
 */
export function createNotifier(options: NotifierOptions): Notifier {
  const { connection, pool, name, onListening = null, onDeaf } = options;
  const self = randomUUID();
  const listeners = createListeners();
  const sending = createSending(pool, self);
  const hearing = createHearing(connection, {
    name,
    say: onListening,
    onDeaf,
    onHeard: (payload) => hear(payload, self, listeners),
    onListening: () => listeners.tell(null),
  });
  return {
    notify: (office) => {
      listeners.tell(office);
      sending.send(String(office));
    },
    notifyTopic: (office, about) => {
      listeners.tellTopic(office, about);
      sending.send(`${office}/${about}`);
    },
    listen: listeners.listen,
    listenToTopics: listeners.listenToTopics,
    ready: hearing.tried,
    close: async () => {
      hearing.stop();
      await sending.flush();
      await hearing.end();
    },
  };
}

/** The listeners in this process. */
function createListeners() {
  const all = new Set<CommitListener>();
  const ofTopics = new Set<TopicListener>();
  return {
    tell: (office: number | null) => {
      for (const each of all) each(office);
    },
    tellTopic: (office: number, about: string) => {
      for (const each of ofTopics) each(office, about);
    },
    listen: (listener: CommitListener) => {
      all.add(listener);
      return () => all.delete(listener);
    },
    listenToTopics: (listener: TopicListener) => {
      ofTopics.add(listener);
      return () => ofTopics.delete(listener);
    },
  };
}

/** Passes on another process's notification: `<sender> 7 7/<about>`, or `<sender> *`. */
function hear(payload: string, self: string, listeners: ReturnType<typeof createListeners>): void {
  const [from, ...named] = payload.split(' ');
  if (from === self) return;
  for (const each of named) {
    const [office, about] = each.split('/');
    if (about) listeners.tellTopic(Number(office), about);
    else listeners.tell(each === EVERYBODY ? null : Number(office));
  }
}

/** Notifies the other processes, together with the notifications of the next moment. */
function createSending(pool: pg.Pool, self: string) {
  /** `7`, or `7/<about>`. */
  let waiting = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const sendNow = async () => {
    timer = undefined;
    const named = [...waiting].join(' ');
    const payload = `${self} ${named.length > MOST_NAMED ? EVERYBODY : named}`;
    waiting = new Set();
    // Lost with the database: the others find the change in their regular check.
    await pool.query('select pg_notify($1, $2)', [CHANNEL, payload]).catch(() => {});
  };
  return {
    send: (name: string) => {
      waiting.add(name);
      timer ??= setTimeout(() => void sendNow(), TOGETHER_MS);
    },
    flush: async () => {
      if (!timer) return;
      clearTimeout(timer);
      await sendNow();
    },
  };
}

/** Listens on a separate connection, and on a new one after a loss. */
function createHearing(
  connection: pg.ConnectionConfig,
  told: {
    name: string | undefined;
    say: ((client: pg.Client) => Promise<void>) | null;
    onDeaf(error: Error): void;
    onHeard(payload: string): void;
    onListening(): void;
  },
) {
  let client: pg.Client | null = null;
  let retry: NodeJS.Timeout | undefined;
  let isDeaf = false;
  let isStopped = false;

  const listen = async () => {
    const mine = new DbClient({ ...connection, connectionTimeoutMillis: PATIENCE_MS });
    const lost = (error: Error) => {
      if (client !== mine) return;
      client = null;
      mine.end().catch(() => {});
      if (isStopped) return;
      if (!isDeaf) told.onDeaf(error);
      isDeaf = true;
      retry = setTimeout(() => void listen(), AGAIN_MS);
      retry.unref();
    };
    client = mine;
    mine.on('error', lost);
    mine.on('end', () => lost(new Error('The connection ended')));
    mine.on('notification', ({ payload = '' }) => told.onHeard(payload));
    try {
      await mine.connect();
      // Not in the settings of the connection, where that of an address would win.
      if (told.name)
        await mine.query(`select set_config('application_name', $1, false)`, [told.name]);
      await told.say?.(mine);
      await mine.query(`listen ${CHANNEL}`);
      isDeaf = false;
      told.onListening();
    } catch (error) {
      lost(error as Error);
    }
  };

  return {
    tried: listen(),
    stop: () => {
      isStopped = true;
    },
    end: async () => {
      clearTimeout(retry);
      await client?.end().catch(() => {});
    },
  };
}
