import { type Clock, systemClock } from '../clock.ts';
import { PlainError } from '../plain-error.ts';
import { type Asking, createAsking } from './asking.ts';
import { RunStopped, stoppable } from './batches.ts';
import { MACHINE, type Timer } from './timer.ts';

/** A background job, as the scheduler runs it. */
export interface ScheduledJob {
  /** Completes "It was not possible …" in the log. */
  what: string;
  /** From the beginning of a run until the next one is due, in milliseconds; where it is asked when it is due, until the next one may begin. */
  everyMs: number;
  /** From the end of a run until the next one may begin, in milliseconds; 0 by default. */
  restMs?: number;
  /** Whether it also runs after each commit. */
  onCommit?: boolean;
  /** Whether `whenDue` says when it is due. */
  isAsked?: boolean;
  /** Whether it may wait while nothing else is to be done. */
  isWitness?: boolean;
  run(): Promise<unknown>;
}

export interface Scheduler {
  /** After a commit: runs the jobs with `onCommit` now, or once they may, and asks what is due. */
  wake(): void;
  /** After a leap of the clock: asks what is due. Jobs may begin at once. */
  leap(): void;
  /** Returns the milliseconds until a job has something to do, unless something is committed; null: one runs now, or it isn't known. */
  restsFor(): Promise<number | null>;
  /** Begins nothing more and waits for running jobs; those that work in batches end after the present one. */
  stop(): Promise<void>;
}

export interface SchedulerOptions {
  timer?: Timer;
  /**
   * Returns in how many milliseconds each of the jobs with `isAsked` is due, by what it does; zero or less: now; null: only a commit can make it due. It is
   * asked at the start, after commits and runs, and regularly, since a notification can be lost.
   */
  whenDue?(): Promise<ReadonlyMap<string, number | null>>;
  /** Called after each run with the code of its error (null: it ended well) and when it began: what was done since then it may have missed. */
  noted?(what: string, code: string | null, began: Temporal.Instant): void;
  /** The clock of `began`. */
  clock?: Clock;
}

/** A job that looks outside of the database may do so this seldom while nothing else is to be done. */
const OUTSIDE_MS = 3_600_000;

/**
 * How many runs begin at once, since each may take a connection to the database: after a start nearly all jobs are due. One that takes longer doesn't count
 * among them, so that what hangs keeps nothing else.
 */
const AT_ONCE = 4;
const LONG_MS = 250;

interface Entry {
  job: ScheduledJob;
  /** When its last run began; -Infinity: it has not run. */
  beganAt: number;
  /** The time of its next run by its period or by what was asked. */
  dueAt: number;
  /** The time of its next run after a commit. */
  wantedAt: number;
  /** The time before which it may not run. */
  restsUntil: number;
  /** Whether there was a commit during its run, which the run may have missed. */
  isWanted: boolean;
  /** Whether its last run failed: then it runs at its period until one ends well, whatever is answered. */
  hasFailed: boolean;
  running: Promise<void> | null;
}

type Log = { error(what: object, message: string): void };

/**
 * Starts the jobs. One that is asked runs whenever it is due; each other runs now, since it may have become due while no process ran, and then at its period.
 * None runs twice at once. One timer waits for the next. A job that fails is logged and runs again when it is due.
 */
export function startScheduler(
  jobs: readonly ScheduledJob[],
  log: Log,
  { timer = MACHINE, whenDue, noted = () => {}, clock = systemClock }: SchedulerOptions = {},
): Scheduler {
  const running = new RunningJobs(jobs, log, { timer, noted, clock });
  if (whenDue) running.askBy(whenDue);
  running.look();
  return running;
}

class RunningJobs implements Scheduler {
  readonly #entries: readonly Entry[];
  readonly #log: Log;
  readonly #timer: Timer;
  readonly #noted: NonNullable<SchedulerOptions['noted']>;
  readonly #clock: Clock;
  #asking: Asking | null = null;
  #cancel = () => {};
  readonly #stopping = new AbortController();

  constructor(
    jobs: readonly ScheduledJob[],
    log: Log,
    { timer, noted, clock }: Required<Pick<SchedulerOptions, 'timer' | 'noted' | 'clock'>>,
  ) {
    const now = timer.now();
    this.#log = log;
    this.#timer = timer;
    this.#noted = noted;
    this.#clock = clock;
    this.#entries = jobs.map((job) => ({
      job,
      beganAt: Number.NEGATIVE_INFINITY,
      dueAt: job.isAsked ? Number.POSITIVE_INFINITY : now,
      wantedAt: Number.POSITIVE_INFINITY,
      restsUntil: now,
      isWanted: false,
      hasFailed: false,
      running: null,
    }));
  }

  askBy(whenDue: NonNullable<SchedulerOptions['whenDue']>): void {
    const asked = this.#entries.filter(({ job }) => job.isAsked);
    if (asked.length === 0) return;
    this.#asking = createAsking(this.#timer, whenDue, {
      answered: (due) => {
        for (const each of asked) this.#note(each, due.get(each.job.what) ?? null);
        this.look();
      },
      // What can't be asked runs at its period.
      failed: (error, isFirst) => {
        const code = codeOf(error);
        if (isFirst) this.#log.error({ code }, 'It was not possible to find out what is due');
        for (const each of asked) this.#note(each, 0);
        this.look();
      },
    });
  }

  /** Begins what is due, and waits for what is due next. */
  look(): void {
    this.#cancel();
    if (this.#stopping.signal.aborted) return;
    const now = this.#timer.now();
    const roomAt = this.#beginDue(now);
    const asksAt = this.#asking?.look() ?? Number.POSITIVE_INFINITY;
    const idle = this.#entries.filter((each) => !each.running).map(nextOf);
    const next = Math.min(asksAt, ...idle.map((at) => Math.max(at, roomAt)));
    if (Number.isFinite(next))
      this.#cancel = this.#timer.after(Math.max(0, next - now), () => this.look());
  }

  /** Begins what is due, the longest overdue first, as far as there is room. Returns when there will be room for another. */
  #beginDue(now: number): number {
    const due = this.#entries.filter((each) => !each.running && nextOf(each) <= now);
    for (const each of due.sort((a, b) => nextOf(a) - nextOf(b))) {
      const roomAt = this.#roomAt(now);
      if (roomAt > now) return roomAt;
      this.#begin(each, now);
    }
    return this.#roomAt(now);
  }

  #roomAt(now: number): number {
    const young = this.#entries
      .filter(({ running, beganAt }) => running && now - beganAt < LONG_MS)
      .map(({ beganAt }) => beganAt);
    return young.length < AT_ONCE ? now : Math.min(...young) + LONG_MS;
  }

  wake(): void {
    for (const each of this.#entries.filter(({ job }) => job.onCommit)) {
      if (each.running) each.isWanted = true;
      else each.wantedAt = each.restsUntil;
    }
    this.#asking?.want();
    this.look();
  }

  leap(): void {
    for (const each of this.#entries) each.beganAt = Number.NEGATIVE_INFINITY;
    this.#asking?.want();
    this.look();
  }

  async restsFor(): Promise<number | null> {
    const isBusy = () =>
      this.#stopping.signal.aborted || this.#entries.some((each) => each.running);
    if (isBusy() || (this.#asking && !(await this.#asking.now())) || isBusy()) return null;
    const now = this.#timer.now();
    return Math.max(0, Math.min(...this.#entries.map((each) => restOf(each) - now)));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancel();
    await Promise.all([this.#asking?.stop(), ...this.#entries.map(({ running }) => running)]);
  }

  /** Notes when a job is due. One that was due already stays so until it has run. */
  #note(entry: Entry, inMs: number | null): void {
    const now = this.#timer.now();
    if (entry.running || entry.dueAt <= now) return;
    const soonest = Math.max(now, entry.beganAt + entry.job.everyMs, entry.restsUntil);
    if (entry.hasFailed) entry.dueAt = soonest;
    else entry.dueAt = inMs === null ? Number.POSITIVE_INFINITY : Math.max(soonest, now + inMs);
  }

  #begin(entry: Entry, now: number): void {
    const { what, everyMs, restMs = 0, isAsked, run } = entry.job;
    entry.beganAt = now;
    const began = this.#clock.now();
    entry.dueAt = isAsked ? Number.POSITIVE_INFINITY : now + everyMs;
    entry.wantedAt = Number.POSITIVE_INFINITY;
    entry.isWanted = false;
    const { signal } = this.#stopping;
    const finish = () => {
      entry.running = null;
      entry.restsUntil = this.#timer.now() + restMs;
      if (entry.isWanted) entry.wantedAt = entry.restsUntil;
      if (isAsked) this.#asking?.want();
      this.look();
    };
    entry.running = stoppable(signal, () => Promise.try(run))
      .then(() => {
        entry.hasFailed = false;
        this.#noted(what, null, began);
      })
      .catch((error: Error & { code?: string }) => {
        if (error instanceof RunStopped) return;
        // Not the whole error: one of the database's may quote a row. A plain one is for the operator.
        entry.hasFailed = true;
        const why = error instanceof PlainError ? { why: error.message } : {};
        const code = codeOf(error);
        this.#log.error({ code, ...why }, `It was not possible ${what}`);
        this.#noted(what, code, began);
      })
      .then(finish);
  }
}

const codeOf = (error: Error & { code?: string }): string => error.code ?? error.name;

const nextOf = ({ dueAt, wantedAt, restsUntil }: Entry): number =>
  Math.min(Math.max(dueAt, restsUntil), wantedAt);

/** When a job has something to do, if it is the only one. */
function restOf(entry: Entry): number {
  const { job, beganAt, wantedAt } = entry;
  if (job.isWitness) return Number.POSITIVE_INFINITY;
  if (job.isAsked) return nextOf(entry);
  return Math.min(wantedAt, beganAt + Math.max(job.everyMs, OUTSIDE_MS));
}
