/** A read that runs for longer is joined by nobody more: the database is busy, or its connection is lost. */
const JOINED_MS = 250;

interface Kept<T> {
  result: Promise<T>;
  began: number;
  isRunning: boolean;
  isShared: boolean;
}

/** Reads that those share who ask for the same (`key`) at the same time. */
export interface RecentReads<T> {
  get(key: string, read: () => Promise<T>): Promise<T>;
  /** Has everybody who asks from now on read anew. */
  forget(): void;
}

/**
 * Returns a place for reads that many ask for at once: whoever asks while one runs gets its answer, which may have begun a moment before. The answer of
 * a read that several shared is used for `keptMs` from its beginning; one that nobody shared is never used again, so whoever asks alone reads anew.
 * Results are shared, so nobody may change them. Errors are not kept.
 */
export function recentReads<T>({ keptMs }: { keptMs: number }): RecentReads<T> {
  const all = new Map<string, Kept<T>>();
  const drop = (key: string, own: Kept<T>) => {
    if (all.get(key) === own) all.delete(key);
  };
  const begin = (key: string, read: () => Promise<T>): Promise<T> => {
    const own: Kept<T> = {
      result: read(),
      began: performance.now(),
      isRunning: true,
      isShared: false,
    };
    all.set(key, own);
    const end = () => {
      own.isRunning = false;
      const leftMs = own.began + keptMs - performance.now();
      if (own.isShared && leftMs > 0) setTimeout(drop, leftMs, key, own).unref();
      else drop(key, own);
    };
    own.result.then(end, () => drop(key, own));
    return own.result;
  };
  return {
    get: (key, read) => {
      const kept = all.get(key);
      const most = kept?.isRunning ? JOINED_MS : keptMs;
      if (!kept || performance.now() - kept.began >= most) return begin(key, read);
      kept.isShared = true;
      return kept.result;
    },
    forget: () => all.clear(),
  };
}
