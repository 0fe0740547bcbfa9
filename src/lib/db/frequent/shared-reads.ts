/** A read that takes longer is shared by nobody more: its connection may be lost. */
const STUCK_MS = 1_000;

interface Running<T> {
  result: Promise<T>;
  began: number;
  /** The read that begins when this one ends, for those who asked in between. */
  next: Promise<T> | null;
}

/**
 * Returns a function that shares reads between those who ask for the same (`key`) at the same time. Whoever asks while a read is running shares the
 * next one, which begins when it has ended: so each answer was read after it was asked for, and sees all that was committed until then. Results are
 * shared, so nobody may change them.
 */
export function sharedReads<T>(): (key: string, read: () => Promise<T>) => Promise<T> {
  const running = new Map<string, Running<T>>();
  const begin = (key: string, read: () => Promise<T>): Promise<T> => {
    const own: Running<T> = { result: read(), began: performance.now(), next: null };
    running.set(key, own);
    const end = () => {
      if (running.get(key) === own) running.delete(key);
    };
    own.result.then(end, end);
    return own.result;
  };
  return (key, read) => {
    const now = running.get(key);
    if (!now || performance.now() - now.began > STUCK_MS) return begin(key, read);
    now.next ??= endOf(now.result).then(() => begin(key, read));
    return now.next;
  };
}

/** Resolves when it has ended in whatever way, or takes too long. */
async function endOf(running: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, STUCK_MS);
  running.then(
    () => resolve(),
    () => resolve(),
  );
  await promise;
  clearTimeout(timer);
}
