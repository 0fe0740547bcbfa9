import { expect, test } from 'vitest';
import { type ScheduledJob, startScheduler, type Timer } from './scheduler.ts';

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
