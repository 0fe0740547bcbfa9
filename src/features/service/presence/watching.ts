import type { Db } from '../../../lib/db/database.ts';
import type { Notifier } from '../../../lib/notifier.ts';
import { readNewestChange } from './views.ts';

/** What the notifier is softly rung about when a desk's state has changed: nobody but who watches looks. */
export const PRESENCE = 'presence';

/** One office's changes: looked for once for all who watch. */
interface Feed {
  readers: Set<() => void>;
  /** The newest that they were told of; null: none was looked for. */
  told: number | null;
  isReading: boolean;
  isWanted: boolean;
  /** It was rung for: that is told, whatever is newest, since ids are drawn before the commit. */
  isRung: boolean;
  /** Until when nothing was told, since it wasn't known what there was. */
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
      feed.isRung = true;
      void look(office, feed);
    }),
    // Soft rings may have been missed.
    notifier.listen((notified) => {
      if (notified === null) for (const [office, feed] of feeds) void look(office, feed);
    }),
  ];

  return {
    /** From when this is answered, changes are told. Answers how to stop. */
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
  isRung: false,
  begun: Promise.resolve(),
});

/** Tells the readers of an office that something changed there. Never twice at once: who asks meanwhile has it read again. */
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
      const { isRung } = feed;
      feed.isRung = false;
      const newest = await readNewestChange(db, office);
      const isNews = isRung || (feed.told !== null && newest > feed.told);
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
