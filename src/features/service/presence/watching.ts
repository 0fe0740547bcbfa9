import type { Db } from '../../../lib/db/database.ts';
import type { Notifier } from '../../../lib/notifier.ts';
import { readNewestChange } from './views.ts';

/** The notifier's topic of changes of desks' states: only the pages that watch them read them. */
export const PRESENCE = 'presence';

/** The changes of one office, which are read once for all its readers. */
interface Feed {
  readers: Set<() => void>;
  /** The id of the newest change that the readers were told of; null: none was read yet. */
  told: number | null;
  isReading: boolean;
  isWanted: boolean;
  /** The notifier told of a change: the readers are told too, whichever id is newest, since ids are drawn before the commit. */
  isNotified: boolean;
  /** The first read: until it ends nothing is told, since it isn't known what was there before. */
  begun: Promise<void>;
}

/** Tells those who watch an office that a desk's state has changed there, in whichever process it was written down. */
export function createWatching(deps: {
  db: Db;
  notifier: Pick<Notifier, 'listen' | 'listenToTopics'>;
  onError(error: Error): void;
}) {
  const { db, notifier, onError } = deps;
  const feeds = new Map<number, Feed>();

  const look = (office: number, feed: Feed) => readChanges(db, office, feed, onError);

  const stops = [
    notifier.listenToTopics((office, about) => {
      const feed = about === PRESENCE && feeds.get(office);
      if (!feed) return;
      feed.isNotified = true;
      void look(office, feed);
    }),
    // Topics may have been missed.
    notifier.listen((notified) => {
      if (notified === null) for (const [office, feed] of feeds) void look(office, feed);
    }),
  ];

  return {
    /** Tells the reader of each change from its return on. Returns a function that stops it. */
    async watch(office: number, reader: () => void): Promise<() => void> {
      const known = feeds.get(office);
      const feed = known ?? newFeed();
      feed.readers.add(reader);
      if (!known) {
        feeds.set(office, feed);
        feed.begun = look(office, feed);
      }
      await feed.begun;
      return () => {
        feed.readers.delete(reader);
        if (feed.readers.size === 0) feeds.delete(office);
      };
    },
    close: () => {
      for (const each of stops) each();
    },
  };
}

const newFeed = (): Feed => ({
  readers: new Set(),
  told: null,
  isReading: false,
  isWanted: false,
  isNotified: false,
  begun: Promise.resolve(),
});

/** Reads the newest change of an office and tells its readers. Runs once at a time: a request during a run causes one more read. */
async function readChanges(
  db: Db,
  office: number,
  feed: Feed,
  onError: (error: Error) => void,
): Promise<void> {
  feed.isWanted = true;
  if (feed.isReading) return;
  feed.isReading = true;
  try {
    while (feed.isWanted) {
      feed.isWanted = false;
      const { isNotified } = feed;
      feed.isNotified = false;
      const newest = await readNewestChange(db, office);
      const isNews = isNotified || (feed.told !== null && newest > feed.told);
      feed.told = newest;
      if (isNews) for (const reader of feed.readers) reader();
    }
  } catch (error) {
    // The next commit will do; a page looks again by itself every minute.
    onError(error as Error);
  } finally {
    feed.isReading = false;
  }
}
