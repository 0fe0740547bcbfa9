import { AsyncLocalStorage } from 'node:async_hooks';

/** Thrown between two batches when the run is to end. What is left is due as before. */
export class RunStopped extends Error {
  readonly code = 'RUN_STOPPED';
}

const runs = new AsyncLocalStorage<AbortSignal>();

/** Runs a job. When the signal is aborted, `inBatches` begins no further batch in it. @throws RunStopped */
export const stoppable = <T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> =>
  runs.run(signal, run);

/**
 * Does work batch after batch, each in a transaction of its own, until one does fewer than `most`: a run leaves nothing for the next one, however much
 * came since the last. `some`: does up to `most`, and returns how many. Returns how many in all. @throws RunStopped
 */
export async function inBatches(most: number, some: () => Promise<number>): Promise<number> {
  let all = 0;
  for (;;) {
    if (runs.getStore()?.aborted) throw new RunStopped();
    const done = await some();
    all += done;
    if (done < most) return all;
  }
}

/** Which of those that are due are read: in a fixed order, without the first `skipped`. */
export interface DuePage {
  most: number;
  skipped: number;
}

/**
 * Destroys all that is due, one by one. What can't be destroyed is skipped and holds up nothing else; `onFailure` hears of it. `destroy`: returns whether it
 * is gone. Returns how many are gone. @throws RunStopped
 */
export async function destroyEach<T>(
  most: number,
  readDue: (page: DuePage) => Promise<T[]>,
  destroy: (one: T) => Promise<boolean>,
  onFailure: (error: unknown, one: T) => void,
): Promise<number> {
  let gone = 0;
  let skipped = 0;
  await inBatches(most, async () => {
    const due = await readDue({ most, skipped });
    for (const each of due) {
      const isGone = await destroy(each).catch((error: unknown) => {
        onFailure(error, each);
        return false;
      });
      if (isGone) gone++;
      else skipped++;
    }
    return due.length;
  });
  return gone;
}
