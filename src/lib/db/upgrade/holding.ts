import { setTimeout as pause } from 'node:timers/promises';
import { PlainError } from '../../plain-error.ts';

/** A migration would keep everybody waiting for too long. */
export class HeldTooLong extends PlainError {
  /** @param ms milliseconds that it may take */
  constructor(ms: number, options?: ErrorOptions) {
    super(
      `The database can't be brought up to date while others serve: its steps take more than ${ms / 1_000} seconds together, for which everybody would wait. ` +
        'Nothing was changed. Stop every process of Finestreta, and start the new version (docs/upgrading.md).',
      options,
    );
  }
}

const AGAIN_MS = 50;

/**
 * Does the work of a transaction within a time. PostgreSQL's limit is one for each statement, and before version 17 there is none for a
 * transaction, which holds what it locked until its end.
 * @param ms milliseconds from now
 * @param cancel cancels the statement that runs at that moment, if there is one; called until the work ends
 * @throws HeldTooLong when the time was over before the end; the transaction must then be undone
 */
export async function holdFor<T>(
  ms: number,
  work: () => Promise<T>,
  cancel: () => Promise<unknown>,
): Promise<T> {
  const end = new AbortController();
  let isOver = false;
  const watching = (async () => {
    for (let wait = ms; ; wait = AGAIN_MS) {
      await pause(wait, null, { signal: end.signal });
      isOver = true;
      await cancel().catch(() => {});
    }
  })().catch(() => {});
  try {
    const done = await work();
    if (isOver) throw new HeldTooLong(ms);
    return done;
  } catch (error) {
    throw isOver && !(error instanceof HeldTooLong) ? new HeldTooLong(ms, { cause: error }) : error;
  } finally {
    end.abort();
    await watching;
  }
}
