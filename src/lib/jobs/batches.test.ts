import { expect, test } from 'vitest';
import { doEach, inBatches } from './batches.ts';

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
