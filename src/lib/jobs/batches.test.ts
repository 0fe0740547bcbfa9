import { expect, test } from 'vitest';
import { inBatches } from './batches.ts';

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
