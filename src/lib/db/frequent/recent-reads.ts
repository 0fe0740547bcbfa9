/** How old an answer may be when somebody asks, counted from the beginning of its read. */
const RECENT_MS = 25;
/** While many ask, an answer of this age is read again, so that nobody waits for that. */
const AGAIN_MS = 20;

interface Kept<T> {
  result: Promise<T>;
  began: number;
  isShared: boolean;
  hasEnded: boolean;
  /** The read that takes its place; null: none has begun, or it failed. */
  next: Kept<T> | null;
}

/** Reads that those share who ask for the same (`key`) at the same time, a moment old. */
export interface RecentReads<T> {
  get(key: string, read: () => Promise<T>): Promise<T>;
  /** Has everybody who asks from now on read anew. */
  forget(): void;
}

/**
 * Returns a place for reads that many ask for at once, and whose answers may be 25 ms old: whoever asks while one runs gets its answer, and while several do,
 * its answer is used for the rest of that time, and read again before its end. One that nobody shared is never used again: whoever asks alone, and not just after many, reads anew.
 * Results are shared, so nobody may change them. Errors are not kept.
 */
export function recentReads<T>(): RecentReads<T> {
  const all = new Map<string, Kept<T>>();
  const isKept = (key: string, own: Kept<T>) => all.get(key) === own;
  const drop = (key: string, own: Kept<T>) => {
    if (isKept(key, own)) all.delete(key);
  };
  const begin = (read: () => Promise<T>): Kept<T> => {
    const began = performance.now();
    return { result: read(), began, isShared: false, hasEnded: false, next: null };
  };
  const keep = (key: string, own: Kept<T>): Promise<T> => {
    all.set(key, own);
    const end = () => {
      own.hasEnded = true;
      const leftMs = RECENT_MS - ageOf(own);
      if (own.isShared && leftMs > 0) setTimeout(expire, leftMs, key, own).unref();
      else drop(key, own);
    };
    own.result.then(end, () => drop(key, own));
    return own.result;
  };
  const expire = (key: string, own: Kept<T>) => {
    if (isKept(key, own) && own.next) keep(key, own.next);
    else drop(key, own);
  };
  /** Puts another answer in the place of this one, for those who will ask. A failure is nobody's: who asks then reads anew. */
  const renew = (key: string, own: Kept<T>, read: () => Promise<T>) => {
    const next = { ...begin(read), isShared: true };
    own.next = next;
    next.result.then(
      () => {
        if (isKept(key, own)) keep(key, next);
      },
      () => {
        own.next = null;
      },
    );
  };
  return {
    get: (key, read) => {
      const kept = all.get(key);
      if (!kept || ageOf(kept) >= RECENT_MS) return keep(key, begin(read));
      kept.isShared = true;
      if (kept.hasEnded && !kept.next && ageOf(kept) >= AGAIN_MS) renew(key, kept, read);
      return kept.result;
    },
    forget: () => all.clear(),
  };
}

const ageOf = ({ began }: { began: number }): number => performance.now() - began;
