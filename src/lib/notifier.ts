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
 * Tells over LISTEN and NOTIFY. NOTIFY is a statement of its own, after the commit: in the transaction it would make all that
 * commit at once wait for each other (PostgreSQL holds one lock from NOTIFY to the commit's end). A process that dies in
 * between leaves a change untold, so whoever listens looks by itself now and then too.
 */
export function createNotifier({ connection, pool, onDeaf }: NotifierOptions): Notifier {
  const self = randomUUID();
  const listeners = createListeners();
  const sending = createSending(pool, self);
  const hearing = createHearing(connection, {
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
    close: async () => {
      hearing.stop();
      await sending.flush();
      await hearing.end();
    },
  };
}

/** Those who listen in this process. */
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

/** Passes on what another process says: `<who> 7 7/<about>`, or `<who> *`. */
function hear(payload: string, self: string, listeners: ReturnType<typeof createListeners>): void {
  const [from, ...named] = payload.split(' ');
  if (from === self) return;
  for (const each of named) {
    const [office, about] = each.split('/');
    if (about) listeners.tellTopic(Number(office), about);
    else listeners.tell(each === EVERYBODY ? null : Number(office));
  }
}

/** Says to the other processes what was committed, together with what follows within a moment. */
function createSending(pool: pg.Pool, self: string) {
  /** `7`, or `7/<about>`. */
  let waiting = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const sendNow = async () => {
    timer = undefined;
    const named = [...waiting].join(' ');
    const payload = `${self} ${named.length > MOST_NAMED ? EVERYBODY : named}`;
    waiting = new Set();
    // Lost with the database: what it tells of is found when the others look by themselves.
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

/** Listens on a connection of its own, and again on another where that is lost. */
function createHearing(
  connection: pg.ConnectionConfig,
  told: {
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
    const mine = new pg.Client({ ...connection, keepAlive: true });
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
      await mine.query(`listen ${CHANNEL}`);
      isDeaf = false;
      told.onListening();
    } catch (error) {
      lost(error as Error);
    }
  };

  void listen();
  return {
    stop: () => {
      isStopped = true;
    },
    end: async () => {
      clearTimeout(retry);
      await client?.end().catch(() => {});
    },
  };
}
