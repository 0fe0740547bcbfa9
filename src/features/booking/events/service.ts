import type { Clock } from '../../../lib/clock.ts';
import type { Db } from '../../../lib/db/database.ts';
import type { Notifier } from '../../../lib/notifier.ts';
import { actorOf, type StaffViewer } from '../../../lib/viewer.ts';
import { createThrottledAudit, type RunUnit } from '../../foundation/audit/service.ts';
import { concerns } from './rules.ts';
import type { OfficeEvent } from './types.ts';
import { readLast, readNewest, readOfficeEvents } from './views.ts';

export type EventReader = (news: readonly OfficeEvent[]) => void;

export interface EventFeed {
  /**
   * Reports an office's events from now on. Concurrent events may come in another order than
   * their ids, and after the crash of a process an event may be some seconds late. Returns a function that stops it.
   */
  watch(office: number, reader: EventReader): Promise<() => void>;
  /**
   * Does the same for a member of staff: events by others on appointments that they may see. It is recorded as `watched`, at
   * intervals, since every page of the console opens a new stream.
   * `missed`: the events since the event `after`, the last one that they received.
   */
  follow(viewer: StaffViewer, after: number | null, reader: EventReader): Promise<Following>;
  /** Returns an office's newest event such that all earlier ones are visible; 0 when there is none. */
  newest(office: number): Promise<number>;
  /** Returns an office's events after the event `after`. */
  since(office: number, after: number): Promise<OfficeEvent[]>;
  close(): void;
}

export interface Following {
  /** The id of the newest event. */
  newest: number;
  missed: OfficeEvent[];
  stop(): void;
}

export interface EventFeedDeps {
  db: Db;
  notifier: Pick<Notifier, 'listen'>;
  clock: Clock;
  unit: RunUnit;
  log: { warn(what: object, message: string): void };
}

/** Ids are drawn before the commit: an event with an id this much lower than the newest may still appear. */
const OVERLAP: Temporal.DurationLike = { seconds: 30 };
/** Polling without a notification, for a process that died between its commit and its notification, or a lost one. */
const LOOK_EVERY_MS = 10_000;

/** An office's feed: read once for all subscribers, with recently reported events. */
interface Feed {
  readers: Set<EventReader>;
  /** All events up to this id are reported or too old. */
  floor: number | null;
  /** Reported events above the floor, with their times. */
  told: Map<number, Temporal.Instant>;
  reading: Promise<void> | null;
  /** Why the last reading failed. */
  trouble: Error | null;
  again: boolean;
}

export function createEventFeed(deps: EventFeedDeps): EventFeed {
  const { db, notifier, clock, unit } = deps;
  const feeds = createFeeds(deps);
  const stopListening = notifier.listen((office) => {
    if (office === null) feeds.lookEverywhere();
    else void feeds.look(office);
  });
  const timer = setInterval(feeds.lookEverywhere, LOOK_EVERY_MS);
  timer.unref();

  const throttledAudit = createThrottledAudit();
  const recordWatch = (viewer: StaffViewer): Promise<void> => {
    const { office } = viewer;
    const what = `${actorOf(viewer)} ${office}`;
    return throttledAudit.look(what, clock.now(), async (isToRecord) => {
      if (isToRecord) await unit(viewer, office, ({ record }) => record('watched'));
    });
  };

  return {
    watch: feeds.watch,
    async follow(viewer, after, reader) {
      await recordWatch(viewer);
      return follow({ db, watch: feeds.watch }, viewer, after, reader);
    },
    newest: (office) => readLast(db, office),
    since: (office, after) => readOfficeEvents(db, office, after),
    close() {
      clearInterval(timer);
      stopListening();
      feeds.close();
    },
  };
}

/** The feeds of offices with subscribers in this process. */
function createFeeds({ db, clock, log }: Pick<EventFeedDeps, 'db' | 'clock' | 'log'>) {
  const feeds = new Map<number, Feed>();

  const read = async (office: number, feed: Feed): Promise<void> => {
    const settled = clock.now().subtract(OVERLAP);
    const isFirst = feed.floor === null;
    const floor = feed.floor ?? (await readNewest(db, office, settled));
    const all = await readOfficeEvents(db, office, floor);
    const news = all.filter((each) => !feed.told.has(each.id));
    feed.floor = floor;
    for (const each of news) feed.told.set(each.id, each.at);
    forget(feed, settled);
    if (news.length > 0 && !isFirst) for (const each of feed.readers) each(news);
  };

  /** Runs one read per office at a time; a request meanwhile causes another read. */
  const look = (office: number): Promise<void> => {
    const feed = feeds.get(office);
    if (!feed) return Promise.resolve();
    feed.again = true;
    if (feed.reading) return feed.reading;
    const loop = async () => {
      while (feed.again && feeds.has(office)) {
        feed.again = false;
        await read(office, feed);
      }
    };
    feed.reading = loop()
      .catch((error: Error & { code?: string }) => {
        feed.trouble = error;
        // The next commit or poll reads it.
        log.warn({ office, code: error.code ?? error.name }, 'The news could not be read');
      })
      .finally(() => {
        feed.reading = null;
      });
    return feed.reading;
  };

  return {
    look,
    lookEverywhere: () => {
      for (const office of feeds.keys()) void look(office);
    },
    async watch(office: number, reader: EventReader): Promise<() => void> {
      const feed = feeds.get(office) ?? newFeed();
      feed.readers.add(reader);
      feeds.set(office, feed);
      const stop = () => {
        feed.readers.delete(reader);
        if (feed.readers.size === 0) feeds.delete(office);
      };
      if (feed.floor === null) await look(office);
      if (feed.floor !== null) return stop;
      stop();
      throw feed.trouble ?? new Error('The feed is closed');
    },
    close: () => feeds.clear(),
  };
}

const newFeed = (): Feed => ({
  readers: new Set(),
  floor: null,
  told: new Map(),
  reading: null,
  trouble: null,
  again: false,
});

/** Reports to a member of staff the events by others on appointments that they may see. */
async function follow(
  { db, watch }: Pick<EventFeedDeps, 'db'> & Pick<EventFeed, 'watch'>,
  viewer: StaffViewer,
  after: number | null,
  reader: EventReader,
): Promise<Following> {
  const { office } = viewer;
  /** The events that they missed. A reading for others may bring them once more. */
  const known = new Set<number>();
  const theirs = (news: readonly OfficeEvent[]) =>
    news.filter((each) => concerns(viewer, each) && !known.has(each.id));
  /** New events while missed events are read. */
  let early: OfficeEvent[] | null = [];
  const stop = await watch(office, (news) => {
    if (early) early.push(...theirs(news));
    else if (theirs(news).length > 0) reader(theirs(news));
  });
  try {
    const newest = await readLast(db, office);
    const missed = after === null ? [] : theirs(await readOfficeEvents(db, office, after));
    for (const { id } of missed) known.add(id);
    missed.push(...early.filter((each) => !known.has(each.id)));
    early = null;
    return { newest: Math.max(newest, missed.at(-1)?.id ?? 0), missed, stop };
  } catch (error) {
    stop();
    throw error;
  }
}

/** Raises the floor above the events before `before`. */
function forget(feed: Feed, before: Temporal.Instant): void {
  for (const [id, at] of feed.told) {
    if (Temporal.Instant.compare(at, before) >= 0) continue;
    feed.floor = Math.max(feed.floor ?? 0, id);
  }
  for (const id of feed.told.keys()) if (id <= (feed.floor ?? 0)) feed.told.delete(id);
}
