import { PlainError } from '../plain-error.ts';

/** A background job, as the scheduler runs it. */
export interface ScheduledJob {
  /** Completes "It was not possible …" in the log. */
  what: string;
  /** From the beginning of a run until the next one is due, in milliseconds. */
  everyMs: number;
  /** From the end of a run until the next one may begin, in milliseconds; 0 by default. */
  restMs?: number;
  /** Whether it also runs after each commit. */
  onCommit?: boolean;
  run(): Promise<unknown>;
}

export interface Scheduler {
  /** After a commit: runs the jobs with `onCommit` now, or once they may. */
  wake(): void;
  /** Begins nothing more and waits for running jobs. */
  stop(): Promise<void>;
}

/** The scheduler's source of time. */
export interface Timer {
  /** Returns milliseconds since some moment; never decreases. */
  now(): number;
  /** Calls `work` once after this many milliseconds. Returns the function that cancels it. */
  after(ms: number, work: () => void): () => void;
}

export interface SchedulerOptions {
  timer?: Timer;
  /** Called after each run with the code of its error; null: it ended well. */
  noted?(what: string, code: string | null): void;
}

const MACHINE: Timer = {
  now: () => performance.now(),
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};

interface Entry {
  job: ScheduledJob;
  /** The time of its next run. */
  dueAt: number;
  /** The time before which it may not run. */
  restsUntil: number;
  /** Whether there was a commit during its run, which the run may have missed. */
  isWanted: boolean;
  running: Promise<void> | null;
}

/**
 * Starts the jobs: each runs now, since it may have become due while no process ran, and then each time it is due, never twice at once. One
 * timer waits for the next due job. A job that fails is logged and runs again when it is due.
 */
export function startScheduler(
  jobs: readonly ScheduledJob[],
  log: { error(what: object, message: string): void },
  { timer = MACHINE, noted = () => {} }: SchedulerOptions = {},
): Scheduler {
  const begun = timer.now();
  const entries = jobs.map(
    (job): Entry => ({ job, dueAt: begun, restsUntil: begun, isWanted: false, running: null }),
  );
  let cancel = () => {};
  let isStopped = false;

  const run = (entry: Entry): void => {
    const { what, everyMs, restMs = 0, run: work } = entry.job;
    entry.dueAt = timer.now() + everyMs;
    entry.isWanted = false;
    const finish = () => {
      entry.running = null;
      entry.restsUntil = timer.now() + restMs;
      entry.dueAt = Math.max(entry.isWanted ? 0 : entry.dueAt, entry.restsUntil);
      look();
    };
    entry.running = Promise.try(work)
      .then(() => noted(what, null))
      .catch((error: Error & { code?: string }) => {
        // Not the whole error: one of the database's may quote a row. A plain one is for the operator.
        const why = error instanceof PlainError ? { why: error.message } : {};
        const code = error.code ?? error.name;
        log.error({ code, ...why }, `It was not possible ${what}`);
        noted(what, code);
      })
      .then(finish);
  };

  const look = (): void => {
    cancel();
    if (isStopped) return;
    const now = timer.now();
    const idle = entries.filter(({ running }) => running === null);
    for (const entry of idle) if (entry.dueAt <= now) run(entry);
    const next = Math.min(...idle.filter(({ running }) => !running).map(({ dueAt }) => dueAt));
    if (Number.isFinite(next)) cancel = timer.after(next - now, look);
  };

  look();
  return {
    wake() {
      for (const entry of entries.filter(({ job }) => job.onCommit)) {
        if (entry.running) entry.isWanted = true;
        else entry.dueAt = entry.restsUntil;
      }
      look();
    },
    async stop() {
      isStopped = true;
      cancel();
      await Promise.all(entries.map(({ running }) => running));
    },
  };
}
