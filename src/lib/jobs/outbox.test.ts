import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createOutboxWorker, insisting, type OutboxWorker } from './outbox.ts';

/** Makes due items, each of which is leased once, and shows which are in progress. */
function desk(atOnce = 3) {
  const owed: number[] = [];
  const rooms: number[] = [];
  const underWay = new Map<number, () => void>();
  const done: number[] = [];
  const errors: string[] = [];
  let most = 0;
  let failure: Error | null = null;
  const worker: OutboxWorker = createOutboxWorker<number>({
    atOnce,
    lease: async (room) => {
      rooms.push(room);
      if (failure) throw failure;
      return owed.splice(0, room);
    },
    carryOut: async (taken) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      underWay.set(taken, resolve);
      most = Math.max(most, underWay.size);
      await promise;
      underWay.delete(taken);
      done.push(taken);
    },
    onUnreadable: (error) => errors.push(error.message),
  });
  return {
    ...{ worker, owed, rooms, underWay, done, errors },
    most: () => most,
    fail: (error: Error | null) => {
      failure = error;
    },
    finish: (taken: number) => underWay.get(taken)?.(),
  };
}

/** Lets all pending work run. */
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('due items', () => {
  test('are leased after a notification, and not before', async () => {
    const { worker, owed, underWay } = desk(9);
    owed.push(1);
    worker.notify();
    await settle();
    expect([...underWay.keys()]).toEqual([1]);
    owed.push(2);
    await settle();
    expect([...underWay.keys()]).toEqual([1]);
    worker.notify();
    await settle();
    expect([...underWay.keys()]).toEqual([1, 2]);
  });

  test('are in progress up to the limit; each one that ends makes room at once', async () => {
    const { worker, owed, underWay, rooms, finish, most } = desk(2);
    owed.push(1, 2, 3, 4);
    worker.notify();
    await settle();
    expect([...underWay.keys()]).toEqual([1, 2]);
    worker.notify();
    await settle();
    expect(rooms).toEqual([2]); // nothing is leased when there is no room
    finish(2);
    await settle();
    expect([...underWay.keys()]).toEqual([1, 3]);
    finish(1);
    finish(3);
    await settle();
    expect([...underWay.keys()]).toEqual([4]);
    expect(most()).toBe(2);
  });

  test('that arrive during a lease are found by another', async () => {
    const first = Promise.withResolvers<string[]>();
    const answers = [first.promise, Promise.resolve(['late']), Promise.resolve([])];
    const done: string[] = [];
    const worker = createOutboxWorker<string>({
      atOnce: 5,
      lease: () => answers.shift() ?? Promise.resolve([]),
      carryOut: async (taken) => void done.push(taken),
      onUnreadable: () => {},
    });
    worker.notify();
    worker.notify();
    worker.notify();
    first.resolve([]);
    await settle();
    expect(done).toEqual(['late']);
  });
});

describe('when due items can’t be read', () => {
  test('it is reported, and the next lease finds them', async () => {
    const { worker, owed, underWay, errors, fail, rooms } = desk();
    owed.push(1);
    fail(new Error('away'));
    worker.notify();
    await settle();
    expect([errors, rooms.length]).toEqual([['away'], 1]);
    fail(null);
    worker.notify();
    await settle();
    expect([...underWay.keys()]).toEqual([1]);
  });
});

describe('stopping', () => {
  test('leases nothing more, and waits for items in progress', async () => {
    const { worker, owed, underWay, done, rooms, finish } = desk(2);
    owed.push(1, 2, 3);
    worker.notify();
    await settle();
    let isStopped = false;
    const stopping = worker.stop().then(() => {
      isStopped = true;
    });
    finish(1);
    await settle();
    expect(isStopped).toBe(false);
    finish(2);
    await stopping;
    worker.notify();
    await vi.advanceTimersByTimeAsync(10_000);
    expect([done, owed, underWay.size, rooms]).toEqual([[1, 2], [3], 0, [2]]);
  });

  test('during a lease, the leased items are still carried out', async () => {
    const leased = Promise.withResolvers<number[]>();
    const done: number[] = [];
    const worker = createOutboxWorker<number>({
      atOnce: 2,
      lease: () => leased.promise,
      carryOut: async (taken) => void done.push(taken),
      onUnreadable: () => {},
    });
    worker.notify();
    let isStopped = false;
    const stopping = worker.stop().then(() => {
      isStopped = true;
    });
    await settle();
    expect(isStopped).toBe(false);
    leased.resolve([1, 2]);
    await stopping;
    expect(done).toEqual([1, 2]);
  });
});

test('draining waits until nothing is due', async () => {
  const { worker, owed, done, finish } = desk(2);
  owed.push(1, 2, 3);
  let isDrained = false;
  const draining = worker.drain().then(() => {
    isDrained = true;
  });
  for (const each of [1, 2, 3]) {
    await settle();
    expect(isDrained).toBe(false);
    finish(each);
  }
  await draining;
  expect(done).toEqual([1, 2, 3]);
});

test('in any order of arrivals, notifications and ends, each item is carried out once and never too many at once', async () => {
  const step = fc.oneof(
    fc.constant('owe' as const),
    fc.constant('wake' as const),
    fc.record({ finish: fc.nat(8) }),
    fc.record({ pass: fc.nat(2_500) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(step, { maxLength: 40 }),
      async (atOnce, steps) => {
        const { worker, owed, underWay, done, finish, most } = desk(atOnce);
        worker.notify();
        let nth = 0;
        for (const each of steps) {
          if (each === 'owe') owed.push(++nth);
          else if (each === 'wake') worker.notify();
          else if ('pass' in each) await vi.advanceTimersByTimeAsync(each.pass);
          else finish([...underWay.keys()][each.finish] ?? 0);
        }
        worker.notify();
        await settle();
        for (let rounds = 0; done.length < nth && rounds <= nth; rounds++) {
          for (const taken of [...underWay.keys()]) finish(taken);
          await settle();
        }
        await worker.stop();
        expect(done.toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: nth }, (_, n) => n + 1),
        );
        expect(most()).toBeLessThanOrEqual(atOnce);
      },
    ),
    { numRuns: 200 },
  );
});

test('is busy from its look until the last item is carried out', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const items = [1];
  const worker = createOutboxWorker({
    atOnce: 1,
    lease: async (room) => items.splice(0, room),
    carryOut: () => promise,
    onUnreadable: () => {},
  });
  expect(worker.isBusy()).toBe(false);
  worker.notify();
  expect(worker.isBusy()).toBe(true);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(worker.isBusy()).toBe(true);
  resolve();
  await vi.advanceTimersByTimeAsync(0);
  expect(worker.isBusy()).toBe(false);
});

describe('insisting', () => {
  test('repeats it until it is stored', async () => {
    let tries = 0;
    const insisted = insisting(async () => {
      if (++tries < 4) throw new Error('away');
    });
    await vi.advanceTimersByTimeAsync(3_000);
    await insisted;
    expect(tries).toBe(4);
  });

  test('gives up after half a minute, with the reason', async () => {
    let tries = 0;
    const insisted = insisting(() => Promise.reject(new Error(`away ${++tries}`)));
    const refused = expect(insisted).rejects.toThrow('away 30');
    await vi.advanceTimersByTimeAsync(29_000);
    await refused;
  });
});
