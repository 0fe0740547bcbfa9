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

/**
 * Does the work for each item, one after the other. A failure doesn't hold up those that follow. `work` returns how much it did, or whether it did anything. Returns the sum.
 * @throws RunStopped before the next one, when the run is to end and nothing failed; at the end the failure, when one failed, or all of them with the code of the first
 */
export async function doAll<T>(
  all: Iterable<T>,
  work: (one: T) => Promise<number | boolean>,
): Promise<number> {
  const failures: unknown[] = [];
  const stop = (why: RunStopped): never => {
    throwAny(failures);
    throw why;
  };
  let done = 0;
  for (const each of all) {
    if (runs.getStore()?.aborted) stop(new RunStopped());
    try {
      done += Number(await work(each));
    } catch (error) {
      if (error instanceof RunStopped) stop(error);
      failures.push(error);
    }
  }
  throwAny(failures);
  return done;
}

/** Throws what failed, at the end of a run. @throws the failure, when there is one; all of them with the code of the first, when there are several */
export function throwAny(failures: readonly unknown[]): void {
  if (failures.length > 1) throw severalFailed(failures, 'Some could not be done');
  if (failures.length === 1) throw failures[0];
}

/** Returns one error for all. It has the code of the first, which the log and the doctor show. */
function severalFailed(failures: readonly unknown[], words: string): AggregateError {
  const [first] = failures as { code?: unknown; name?: unknown }[];
  return Object.assign(new AggregateError(failures, words), { code: first?.code ?? first?.name });
}

/** Which of those that are due are read: in a fixed order, without the first `skipped`. */
export interface DuePage {
  most: number;
  skipped: number;
}

/**
 * Does all that is due, one by one. What can't be done is skipped and holds up nothing else; `onFailure` hears of it. `work`: returns whether it is done, so that
 * it isn't due any more. Returns how many were done. @throws RunStopped
 */
export async function doEach<T>(
  most: number,
  readDue: (page: DuePage) => Promise<T[]>,
  work: (one: T) => Promise<boolean>,
  onFailure: (error: unknown, one: T) => void,
): Promise<number> {
  let done = 0;
  let skipped = 0;
  await inBatches(most, async () => {
    const due = await readDue({ most, skipped });
    for (const each of due) {
      const isDone = await work(each).catch((error: unknown) => {
        onFailure(error, each);
        return false;
      });
      if (isDone) done++;
      else skipped++;
    }
    return due.length;
  });
  return done;
}

/** Does the same, and then @throws with these words, when some could not be done. */
export async function doEachOrFail<T>(
  most: number,
  readDue: (page: DuePage) => Promise<T[]>,
  work: (one: T) => Promise<boolean>,
  words: string,
): Promise<number> {
  const failures: unknown[] = [];
  const done = await doEach(most, readDue, work, (error) => failures.push(error));
  if (failures.length > 0) throw severalFailed(failures, words);
  return done;
}
