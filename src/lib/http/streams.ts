import { createCounts } from './counts.ts';
import { type Taker, writtenBody } from './direct.ts';

/** An event of a stream (HTML, 9.2). */
export interface StreamEvent {
  event: string;
  /** Sent back by the browser when it reconnects. */
  id?: number;
  data: object;
}

export interface EventStream {
  send(event: StreamEvent): void;
}

export interface StreamOptions {
  /** The owner: each has a maximum number of streams. */
  of: string;
  /** Ends an earlier stream with the same value: a page has one, and the connection of the other may be lost. */
  only?: string;
  /** Begins to send. Resolves to the function that stops it. */
  begin(stream: EventStream): Promise<() => void>;
  /** Called once a minute; false ends the stream. */
  mayGoOn(): Promise<boolean>;
}

/** All event streams that browsers have open at this process. */
export interface Streams {
  /** Opens a stream; null: the owner has the maximum. @throws the errors of `begin` */
  open(options: StreamOptions): Promise<Response | null>;
  /** Returns how many are open. */
  count(): number;
  /** Ends all open streams; later ones end at once. */
  close(): void;
}

/** Tabs share a stream when the browser supports it; otherwise each tab has one. */
const MOST_EACH = 10;
/** Proxies end connections that are silent for longer. */
export const BEAT_MS = 15_000;
const BEATS_BETWEEN_CHECKS = 4;
/**
 * A client that leaves more bytes than this unread is disconnected: it reconnects and fetches everything. All that was written in a call is sent when one
 * connects, so it is more than that.
 */
const MOST_UNREAD = 1_000_000;
/** The spread of reconnections after a restart. */
const AGAIN_MS = { least: 1_000, spread: 2_000 };

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
  // Closes the connection with the stream, so that a stopping server needn't wait for further requests.
  Connection: 'close',
};

interface Open {
  only: string | undefined;
  phase: number;
  write(text: string): void;
  /** Shows that it goes on. Ends it when nobody has begun to read its body for a whole round of checks: a request by HEAD never does. */
  beat(): void;
  mayGoOn(): Promise<boolean>;
  end(): void;
}

/** Returns the streams of this process. `beatMs` is shorter in tests. */
export function createStreams({ beatMs = BEAT_MS } = {}): Streams {
  const streams = createBeating(beatMs);
  const counts = createCounts();
  let isClosed = false;
  return {
    count: () => streams.all.size,
    async open({ of, only, begin, mayGoOn }) {
      if (only) for (const each of streams.all) if (each.only === only) each.end();
      if (counts.of(of) >= MOST_EACH) return null;
      counts.change(of, 1);
      let stop: (() => void) | null = null;
      const phase = streams.all.size % BEATS_BETWEEN_CHECKS;
      const { stream, giveBody } = openStream({ only, phase, mayGoOn }, () => {
        streams.remove(stream);
        counts.change(of, -1);
        stop?.();
      });
      streams.add(stream);
      stream.write(`retry: ${AGAIN_MS.least + Math.round(Math.random() * AGAIN_MS.spread)}\n\n`);
      try {
        const stopTelling = await begin({ send: (event) => stream.write(said(event)) });
        // It may have ended meanwhile.
        if (streams.all.has(stream)) stop = stopTelling;
        else stopTelling();
      } catch (error) {
        stream.end();
        throw error;
      }
      if (isClosed) stream.end();
      return new Response(giveBody(), { headers: HEADERS });
    },
    close() {
      isClosed = true;
      for (const each of streams.all) each.end();
    },
  };
}

/** Returns the collection of open streams. While there are any, each regularly gets a beat and a check of its permission. */
function createBeating(beatMs: number) {
  const all = new Set<Open>();
  let beats = 0;
  let isChecking = false;
  let timer: NodeJS.Timeout | undefined;

  /** Checks a quarter of the streams at each beat, one after the other, so that other work doesn't wait. */
  const check = async () => {
    if (isChecking) return;
    isChecking = true;
    const phase = beats % BEATS_BETWEEN_CHECKS;
    for (const each of [...all].filter((one) => one.phase === phase)) {
      // Without an answer, for instance from an unreachable database, the next check decides: without a database there are no events
      // either.
      if (!(await each.mayGoOn().catch(() => true))) each.end();
    }
    isChecking = false;
  };

  const beat = () => {
    beats++;
    for (const each of all) each.beat();
    void check();
  };

  return {
    all: all as ReadonlySet<Open>,
    add: (stream: Open) => {
      all.add(stream);
      timer ??= setInterval(beat, beatMs).unref();
    },
    remove: (stream: Open) => {
      all.delete(stream);
      if (all.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
  };
}

/** A stream with the body of its response. `onGone`: called once, when either side ended it. */
function openStream(of: Pick<Open, 'only' | 'phase' | 'mayGoOn'>, onGone: () => void) {
  let isOpen = true;
  /** What is written before anybody reads. */
  let early = '';
  /** Whether somebody can read: to begin may take long. */
  let isGiven = false;
  let beatsUnread = 0;
  let taker: Taker | null = null;
  const gone = () => {
    if (!isOpen) return;
    isOpen = false;
    taker = null;
    onGone();
  };
  const stream: Open = {
    ...of,
    write: (text) => {
      if (!isOpen) return;
      taker?.write(text);
      if (!taker) early += text;
      else if (taker.writableLength > MOST_UNREAD) stream.end();
    },
    beat: () => {
      if (isGiven && !taker && ++beatsUnread > BEATS_BETWEEN_CHECKS) stream.end();
      else stream.write(':\n\n');
    },
    end: () => {
      const reader = taker;
      gone();
      reader?.end();
    },
  };
  const take = (by: Taker) => {
    if (early) by.write(early);
    early = '';
    if (isOpen) taker = by;
    else by.end();
  };
  const giveBody = () => {
    isGiven = true;
    return writtenBody({ take, gone });
  };
  return { stream, giveBody };
}

const said = ({ event, id, data }: StreamEvent): string =>
  `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
