import { expect, test } from 'vitest';
import { doAll, doEach, inBatches, RunStopped, stoppable } from './batches.ts';

test.each([
  [0, 1],
  [99, 1],
  [100, 2],
  [250, 3],
])('%i that are due are done in %i batches of a hundred', async (due, batches) => {
  let left = due;
  let asked = 0;
  const some = async () => {
    asked++;
    const done = Math.min(left, 100);
    left -= done;
    return done;
  };
  expect(await inBatches(100, some)).toBe(due);
  expect(asked).toBe(batches);
});

test('what can’t be done fills no batch: all others are done', async () => {
  let due = Array.from({ length: 250 }, (_, n) => n);
  const failed: number[] = [];
  const done = await doEach(
    100,
    async ({ most, skipped }) => due.slice(skipped, skipped + most),
    async (one) => {
      if (one < 110) throw new Error('Stuck');
      if (one < 120) return false;
      due = due.filter((each) => each !== one);
      return true;
    },
    (_, one) => failed.push(one),
  );
  expect([done, due.length, failed.length]).toEqual([130, 120, 110]);
});

const stuck = (what: string) => Object.assign(new Error(what), { code: `E_${what}` });

test('what fails doesn’t hold up what follows, and is thrown at the end', async () => {
  const tried: number[] = [];
  const all = (failing: readonly number[]) =>
    doAll([1, 2, 3], async (one) => {
      tried.push(one);
      if (failing.includes(one)) throw stuck(String(one));
      return one;
    });
  expect(await all([])).toBe(6);
  await expect(all([1])).rejects.toThrow(/^1$/);
  await expect(all([2, 3])).rejects.toMatchObject({
    ...{ code: 'E_2', errors: [{ message: '2' }, { message: '3' }] },
  });
  expect(tried).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3]);
});

test('a run that is to end begins no other', async () => {
  const stop = new AbortController();
  const tried: number[] = [];
  const run = stoppable(stop.signal, () =>
    doAll([1, 2, 3], async (one) => {
      tried.push(one);
      if (one === 2) stop.abort();
      return true;
    }),
  );
  await expect(run).rejects.toThrow(RunStopped);
  expect(tried).toEqual([1, 2]);
});

test('a run that is to end tells what had failed', async () => {
  const stop = new AbortController();
  const run = stoppable(stop.signal, () =>
    doAll([1, 2], async (one) => {
      stop.abort();
      throw stuck(String(one));
    }),
  );
  await expect(run).rejects.toThrow('1');
});

test('where the work itself stops, none is begun after it', async () => {
  const tried: number[] = [];
  const run = doAll([1, 2], async (one) => {
    tried.push(one);
    throw new RunStopped();
  });
  await expect(run).rejects.toThrow(RunStopped);
  expect(tried).toEqual([1]);
});
