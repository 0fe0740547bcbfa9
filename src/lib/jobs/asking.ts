import type { Timer } from './timer.ts';

/** In how many milliseconds each job is due, by what it does; null: not by itself. */
export type Answer = ReadonlyMap<string, number | null>;

/** Asks when jobs are due: soon after it is wanted, and regularly. */
export interface Asking {
  /** Something was committed, or a job has ended: it is asked soon. */
  want(): void;
  /** Asks if it is time. Returns when it asks next; `Infinity` while it is asking. */
  look(): number;
  /** Asks now. Returns whether there was an answer. */
  now(): Promise<boolean>;
  stop(): Promise<void>;
}

/** A commit seldom comes alone. */
const SOON_MS = 50;
/** From one question to the next, however much is committed. */
const APART_MS = 2_000;
/** Without a commit: a notification may have been lost. */
const REGULARLY_MS = 60_000;
/** After a failure. */
const AGAIN_MS = 10_000;

/** Returns what asks. `failed`: gets the error, and whether the time before was no failure. */
export function createAsking(
  timer: Timer,
  ask: () => Promise<Answer>,
  told: { answered(due: Answer): void; failed(error: Error, isFirst: boolean): void },
): Asking {
  let askAt = timer.now();
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<boolean> | null = null;
  let isWanted = false;
  let hasFailed = false;
  let isStopped = false;

  /** `isWanted`: something was committed while it asked. */
  const next = (ms: number) => {
    const now = timer.now();
    askAt = isWanted ? Math.max(now + SOON_MS, askedAt + APART_MS) : now + ms;
  };
  const begin = (): Promise<boolean> => {
    askedAt = timer.now();
    isWanted = false;
    const done = (tell: () => void, isAnswered: boolean) => {
      asking = null;
      hasFailed = !isAnswered;
      next(isAnswered ? REGULARLY_MS : AGAIN_MS);
      if (!isStopped) tell();
      return isAnswered;
    };
    asking = Promise.try(ask).then(
      (due) => done(() => told.answered(due), true),
      (error: Error) => {
        const isFirst = !hasFailed;
        return done(() => told.failed(error, isFirst), false);
      },
    );
    return asking;
  };

  return {
    want() {
      if (asking) isWanted = true;
      else askAt = Math.min(askAt, Math.max(timer.now() + SOON_MS, askedAt + APART_MS));
    },
    look() {
      if (asking) return Number.POSITIVE_INFINITY;
      if (askAt > timer.now()) return askAt;
      void begin();
      return Number.POSITIVE_INFINITY;
    },
    async now() {
      while (asking) await asking;
      return begin();
    },
    async stop() {
      isStopped = true;
      await asking;
    },
  };
}
