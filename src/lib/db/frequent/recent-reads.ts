/** How old an answer may be when somebody asks, counted from the beginning of its read. */
const RECENT_MS = 25;

interface Kept<T> {
  result: Promise<T>;
  began: number;
  isShared: boolean;
}

/** Reads that those share who ask for the same (`key`) at the same time, a moment old. */
export interface RecentReads<T> {
  get(key: string, read: () => Promise<T>): Promise<T>;
  /** Has everybody who asks from now on read anew. */
  forget(): void;
}

/**
 * Returns a place for reads that many ask for at once, and whose answers may be 25 ms old: whoever asks while one runs gets its answer, and while several do,
 * its answer is used for the rest of that time. One that nobody shared is never used again, so whoever asks alone reads anew. Results are shared, so nobody
 * may change them. Errors are not kept.
 */
export function recentReads<T>(): RecentReads<T> {
  const all = new Map<string, Kept<T>>();
  const drop = (key: string, own: Kept<T>) => {
    if (all.get(key) === own) all.delete(key);
  };
  const begin = (key: string, read: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const own: Kept<T> = { result: read(), began, isShared: false };
    all.set(key, own);
    const end = () => {
      const leftMs = began + RECENT_MS - performance.now();
      if (own.isShared && leftMs > 0) setTimeout(drop, leftMs, key, own).unref();
      else drop(key, own);
    };
    own.result.then(end, () => drop(key, own));
    return own.result;
  };
  return {
    get: (key, read) => {
      const kept = all.get(key);
      if (!kept || performance.now() - kept.began >= RECENT_MS) return begin(key, read);
      kept.isShared = true;
      return kept.result;
    },
    forget: () => all.clear(),
  };
}
