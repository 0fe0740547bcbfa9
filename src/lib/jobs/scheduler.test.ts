import { describe, expect, test } from 'vitest';
import { inBatches } from './batches.ts';
import { type ScheduledJob, startScheduler } from './scheduler.ts';
import type { Timer } from './timer.ts';

/** Makes a timer that the test moves by hand. */
function handTimer() {
  let now = 0;
  const waiting = new Set<{ at: number; work: () => void }>();
  const timer: Timer = {
    now: () => now,
    after: (ms, work) => {
      const entry = { at: now + ms, work };
      waiting.add(entry);
      return () => waiting.delete(entry);
    },
  };
  return {
    timer,
    timers: () => waiting.size,
    /** Moves the time, calls the timers that are due, and lets their work continue. */
    async pass(ms: number) {
      const until = now + ms;
      for (;;) {
        await settled();
        const [first] = [...waiting].sort((a, b) => a.at - b.at);
        if (!first || first.at > until) break;
        waiting.delete(first);
        now = first.at;
        first.work();
      }
      now = until;
    },
  };
}

/** Resolves when started work can't continue any further. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Makes a job that records its runs, and can be delayed. */
function job(timer: Timer, more: Partial<ScheduledJob> = {}) {
  const runs: number[] = [];
  let held: Promise<void> | null = null;
  let release = () => {};
  const scheduled: ScheduledJob = {
    what: 'to test',
    everyMs: 10_000,
    async run() {
      runs.push(timer.now());
      await held;
    },
    ...more,
  };
  return {
    scheduled,
    runs,
    hold() {
      held = new Promise((resolve) => {
        release = () => {
          held = null;
          resolve();
        };
      });
    },
    release: () => release(),
  };
}

const quiet = { error: () => {} };

test('each job runs at once and then whenever it is due, by one timer', async () => {
  const hand = handTimer();
  const often = job(hand.timer, { everyMs: 10_000 });
  const seldom = job(hand.timer, { everyMs: 25_000 });
  startScheduler([often.scheduled, seldom.scheduled], quiet, hand);
  await hand.pass(50_000);
  expect(often.runs).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000]);
  expect(seldom.runs).toEqual([0, 25_000, 50_000]);
  expect(hand.timers()).toBe(1);
});

test('a job never runs twice at once; one that takes too long runs again as soon as it is done', async () => {
  const hand = handTimer();
  const slow = job(hand.timer);
  const other = job(hand.timer);
  slow.hold();
  startScheduler([slow.scheduled, other.scheduled], quiet, hand);
  await hand.pass(35_000);
  expect(slow.runs).toEqual([0]);
  expect(other.runs).toEqual([0, 10_000, 20_000, 30_000]);
  slow.release();
  await hand.pass(9_000);
  expect(slow.runs).toEqual([0, 35_000]);
});

describe('when many are due', () => {
  const many = (timer: Timer, count: number) => Array.from({ length: count }, () => job(timer));
  const begun = (jobs: ReturnType<typeof many>) => jobs.map(({ runs }) => runs[0] ?? null);

  test('four run at once, and the next begins when one has ended', async () => {
    const hand = handTimer();
    const jobs = many(hand.timer, 6);
    for (const each of jobs) each.hold();
    startScheduler(
      jobs.map(({ scheduled }) => scheduled),
      quiet,
      hand,
    );
    await hand.pass(100);
    expect(begun(jobs)).toEqual([0, 0, 0, 0, null, null]);
    jobs[2]?.release();
    await hand.pass(1);
    expect(begun(jobs)).toEqual([0, 0, 0, 0, 100, null]);
  });

  test('those that take long don’t count: what hangs keeps the others for a moment only', async () => {
    const hand = handTimer();
    const jobs = many(hand.timer, 10);
    for (const each of jobs) each.hold();
    startScheduler(
      jobs.map(({ scheduled }) => scheduled),
      quiet,
      hand,
    );
    await hand.pass(1_000);
    expect(begun(jobs)).toEqual([0, 0, 0, 0, 250, 250, 250, 250, 500, 500]);
  });

  test('the longest overdue comes first', async () => {
    const hand = handTimer();
    const late = job(hand.timer, { everyMs: 300 });
    const four = Array.from({ length: 4 }, () => job(hand.timer, { everyMs: 240 }));
    const early = job(hand.timer, { everyMs: 250 });
    const jobs = [late, ...four, early];
    startScheduler(
      jobs.map(({ scheduled }) => scheduled),
      quiet,
      hand,
    );
    await hand.pass(1);
    for (const each of jobs) each.hold();
    await hand.pass(399);
    four[0]?.release();
    await hand.pass(90);
    expect(early.runs).toEqual([0, 400]);
    expect(late.runs).toEqual([0, 490]);
  });
});

test('a commit runs the jobs with `onCommit`, and no others', async () => {
  const hand = handTimer();
  const woken = job(hand.timer, { onCommit: true });
  const other = job(hand.timer);
  const scheduler = startScheduler([woken.scheduled, other.scheduled], quiet, hand);
  await hand.pass(3_000);
  scheduler.wake();
  await hand.pass(9_000);
  expect(woken.runs).toEqual([0, 3_000]);
  expect(other.runs).toEqual([0, 10_000]);
  await hand.pass(1_000);
  expect(woken.runs).toEqual([0, 3_000, 13_000]);
});

test('a commit during a run of a job causes another run', async () => {
  const hand = handTimer();
  const woken = job(hand.timer, { onCommit: true });
  woken.hold();
  const scheduler = startScheduler([woken.scheduled], quiet, hand);
  await hand.pass(1_000);
  scheduler.wake();
  scheduler.wake();
  await hand.pass(1_000);
  expect(woken.runs).toEqual([0]);
  woken.release();
  await hand.pass(5_000);
  expect(woken.runs).toEqual([0, 2_000]);
});

test('a job rests between two runs, however many commits there are', async () => {
  const hand = handTimer();
  const resting = job(hand.timer, { onCommit: true, restMs: 2_000 });
  const scheduler = startScheduler([resting.scheduled], quiet, hand);
  for (let i = 0; i < 9; i++) {
    await hand.pass(500);
    scheduler.wake();
  }
  await hand.pass(0);
  expect(resting.runs).toEqual([0, 2_000, 4_000]);
  resting.hold();
  await hand.pass(1_500);
  scheduler.wake();
  await hand.pass(4_000);
  resting.release();
  await hand.pass(3_000);
  expect(resting.runs).toEqual([0, 2_000, 4_000, 6_000, 12_000]);
});

test('a job that fails, at once or later, is logged by its code and runs again when it is due', async () => {
  const hand = handTimer();
  const lines: unknown[] = [];
  const log = { error: (what: object, message: string) => lines.push([what, message]) };
  const errors = [Object.assign(new Error('Rosa'), { code: '23505' }), new TypeError('Rosa')];
  let runs = 0;
  const failing: ScheduledJob = {
    what: 'to forget holds',
    everyMs: 10_000,
    run() {
      const error = errors[runs++];
      if (error instanceof TypeError) throw error;
      return error ? Promise.reject(error) : Promise.resolve();
    },
  };
  startScheduler([failing], log, hand);
  await hand.pass(20_000);
  expect(runs).toBe(3);
  expect(lines).toEqual([
    [{ code: '23505' }, 'It was not possible to forget holds'],
    [{ code: 'TypeError' }, 'It was not possible to forget holds'],
  ]);
});

test('a run is noted by when it began: what was done meanwhile it may have missed', async () => {
  const hand = handTimer();
  const slow = job(hand.timer);
  const noted: [string | null, number][] = [];
  slow.hold();
  startScheduler([slow.scheduled], quiet, {
    ...hand,
    clock: { now: () => Temporal.Instant.fromEpochMilliseconds(hand.timer.now()) },
    noted: (_what, code, began) => noted.push([code, began.epochMilliseconds]),
  });
  await hand.pass(90_000);
  expect(noted).toEqual([]);
  slow.release();
  await hand.pass(0);
  expect(noted[0]).toEqual([null, 0]);
});

test('stopping waits for running jobs and begins nothing more', async () => {
  const hand = handTimer();
  const slow = job(hand.timer, { onCommit: true });
  const other = job(hand.timer);
  slow.hold();
  const scheduler = startScheduler([slow.scheduled, other.scheduled], quiet, hand);
  await hand.pass(1_000);
  scheduler.wake();
  let isStopped = false;
  const stopping = scheduler.stop().then(() => {
    isStopped = true;
  });
  await hand.pass(30_000);
  expect(isStopped).toBe(false);
  slow.release();
  await stopping;
  scheduler.wake();
  await hand.pass(30_000);
  expect(slow.runs).toEqual([0]);
  expect(other.runs).toEqual([0]);
  expect(hand.timers()).toBe(0);
});

test('stopping ends a run between two of its batches: it is noted neither as done nor as failed', async () => {
  const hand = handTimer();
  const noted: unknown[] = [];
  const lines: unknown[] = [];
  let batches = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  // Far more than a stop may wait for.
  const some = async () => {
    batches++;
    await promise;
    return batches < 1_000 ? 10 : 0;
  };
  const long = job(hand.timer, { run: () => inBatches(10, some) });
  const scheduler = startScheduler(
    [long.scheduled],
    { error: (...line) => lines.push(line) },
    { ...hand, noted: (...what) => noted.push(what) },
  );
  await hand.pass(1_000);
  const stopping = scheduler.stop();
  resolve();
  await stopping;
  expect([batches, noted, lines]).toEqual([1, [], []]);
});

/** Makes a scheduler with one job that is asked, and what it is told. */
function asked(first: { inMs?: number; error?: Error } = {}, more: Partial<ScheduledJob> = {}) {
  const hand = handTimer();
  const due: { inMs: number | null; error: Error | null } = { inMs: null, error: null, ...first };
  const questions: number[] = [];
  const lines: unknown[] = [];
  const one = job(hand.timer, { isAsked: true, ...more });
  const scheduler = startScheduler(
    [one.scheduled],
    { error: (_what, message) => lines.push(message) },
    {
      ...hand,
      whenDue: async () => {
        questions.push(hand.timer.now());
        if (due.error) throw due.error;
        return new Map([[one.scheduled.what, due.inMs]]);
      },
    },
  );
  return { ...hand, scheduler, due, questions, lines, runs: one.runs, one };
}

describe('a job that is asked when it is due', () => {
  test('does not run before, and is asked once a minute', async () => {
    const { pass, runs, questions, timers } = asked();
    await pass(150_000);
    expect([runs, questions]).toEqual([[], [0, 60_000, 120_000]]);
    expect(timers()).toBe(1);
  });

  test('runs when it is due, and is asked again after it', async () => {
    const { pass, runs, questions, due } = asked({ inMs: 30_000 });
    await pass(29_999);
    expect(runs).toEqual([]);
    due.inMs = null;
    await pass(1_000);
    expect([runs, questions]).toEqual([[30_000], [0, 30_050]]);
  });

  test('is asked soon after a commit, and not after each of many', async () => {
    const { pass, scheduler, runs, questions, due } = asked();
    await pass(10_000);
    due.inMs = 0;
    for (let i = 0; i < 10; i++) {
      scheduler.wake();
      await pass(100);
    }
    due.inMs = null;
    await pass(5_000);
    expect(questions).toEqual([0, 10_050, 12_050]);
    expect(runs).toEqual([10_050]);
  });

  test('does not run more often than its period, while it stays due', async () => {
    const { pass, runs } = asked({ inMs: -1 }, { everyMs: 3_000 });
    await pass(10_000);
    expect(runs).toEqual([0, 3_000, 6_000, 9_000]);
  });

  test('stays due until it has run, whatever the answer is meanwhile', async () => {
    const { pass, runs, due, one, scheduler } = asked({ inMs: 0 }, { restMs: 5_000 });
    await pass(1_000);
    one.hold();
    due.inMs = 0;
    scheduler.wake();
    await pass(10_000);
    // As for a job of each hour, one moment after the hour.
    due.inMs = 3_600_000;
    one.release();
    await pass(10_000);
    expect(runs).toEqual([0, 10_000]);
  });

  test('runs at its period after a failure until a run ends well', async () => {
    let failures = 3;
    const { pass, questions, due, lines } = asked(
      { inMs: 0 },
      {
        run: async () => {
          if (failures-- > 0) throw new Error('away');
        },
      },
    );
    await pass(1_000);
    due.inMs = null;
    await pass(90_000);
    expect([failures, lines.length]).toEqual([-1, 3]);
    expect(questions.length).toBeGreaterThan(4);
  });

  test('runs at its period while nobody answers; that is logged once', async () => {
    const { pass, runs, due, lines } = asked({ error: new Error('away') });
    await pass(35_000);
    expect(runs).toEqual([0, 10_000, 20_000, 30_000]);
    expect(lines).toEqual(['It was not possible to find out what is due']);
    due.error = null;
    await pass(60_000);
    expect(runs).toEqual([0, 10_000, 20_000, 30_000, 40_000]);
  });

  test('may run at once after a leap of the clock', async () => {
    const { pass, scheduler, runs, due } = asked({ inMs: 0 }, { everyMs: 3_600_000 });
    await pass(1_000);
    due.inMs = 60_000;
    await pass(9_000);
    due.inMs = -86_400_000;
    scheduler.leap();
    await pass(100);
    expect(runs).toEqual([0, 10_050]);
  });
});

describe('a scheduler rests', () => {
  test('until its first job is due', async () => {
    const { pass, scheduler, due } = asked({ inMs: 500_000 });
    await pass(1_000);
    expect(await scheduler.restsFor()).toBe(500_000);
    due.inMs = null;
    await pass(1_000);
    expect(await scheduler.restsFor()).toBe(Number.POSITIVE_INFINITY);
  });

  test('not while a job runs, nor when it can’t know', async () => {
    const { pass, scheduler, due, one } = asked({ inMs: 10 });
    one.hold();
    await pass(1_000);
    expect(await scheduler.restsFor()).toBeNull();
    one.release();
    due.inMs = null;
    await pass(5_000);
    due.error = new Error('away');
    expect(await scheduler.restsFor()).toBeNull();
  });

  test('for an hour from a job that looks outside; a witness waits', async () => {
    const hand = handTimer();
    const outside = job(hand.timer);
    const witness = job(hand.timer, { isWitness: true });
    const scheduler = startScheduler([outside.scheduled, witness.scheduled], quiet, hand);
    await hand.pass(1_000);
    expect(await scheduler.restsFor()).toBe(3_599_000);
  });
});
