/** A background job, as the scheduler runs it. */
export interface ScheduledJob {
  /** Completes "It was not possible …" in the log. */
  what: string;
  /** From the beginning of a run until the next one is due, in milliseconds. */
  everyMs: number;
  /** From the end of a run until the next one may begin, in milliseconds; 0 where it is not said. */
  restMs?: number;
  /** Whether it also runs as soon as something was committed. */
  onCommit?: boolean;
  run(): Promise<unknown>;
}

export interface Scheduler {
  /** Something was committed: jobs that say so run now, or once they may. */
  wake(): void;
  /** Begins nothing more and finishes what is under way. */
  stop(): Promise<void>;
}

/** Time as the scheduler needs it. */
export interface Timer {
  /** Milliseconds since some moment; never fewer than before. */
  now(): number;
  /** Calls `work` once in so many milliseconds. Returns what prevents it. */
  after(ms: number, work: () => void): () => void;
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
  /** When it runs next. */
  dueAt: number;
  /** Before when it may not run. */
  restsUntil: number;
  /** Whether something was committed while it ran, which it may have missed. */
  isWanted: boolean;
  running: Promise<void> | null;
}

/**
 * Runs each job now, since it may have fallen due while nothing ran, then each time it is due, and never twice at once. One timer
 * waits for whichever is due first. A job that fails is logged and runs again when it is due.
 */
export function startScheduler(
  jobs: readonly ScheduledJob[],
  log: { error(what: object, message: string): void },
  timer: Timer = MACHINE,
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
      .catch((error: Error & { code?: string }) => {
        // Not the whole error: one of the database's may quote a row.
        log.error({ code: error.code ?? error.name }, `It was not possible ${what}`);
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
