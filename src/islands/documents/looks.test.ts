import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLooks, LOOK_EVERY_MS } from './looks.ts';

let isChecking: boolean;
/** Requests that have begun and aren't answered yet. */
let under: PromiseWithResolvers<boolean>[];
const look = vi.fn(() => {
  const mine = Promise.withResolvers<boolean>();
  under.push(mine);
  return mine.promise;
});
const start = () => createLooks(look, () => isChecking);
const wait = () => vi.advanceTimersByTimeAsync(LOOK_EVERY_MS);
/** Answers every request with the same result until none is left; returns their number. */
async function seen(): Promise<number> {
  look.mockClear();
  for (let idle = 0; idle < 2; idle++) {
    await wait();
    const mine = under.shift();
    if (mine) idle = -1;
    mine?.resolve(true);
  }
  return look.mock.calls.length;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', { setTimeout, clearTimeout });
  [isChecking, under] = [true, []];
  look.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('requests follow each other, however late they are and whatever their result', async () => {
  const { now } = start();
  const [first, second] = [now(), now()];
  await wait();
  expect(look).toHaveBeenCalledOnce();
  under.shift()?.reject(new Error('lost'));
  expect(await first).toBe(false);
  await vi.waitFor(() => expect(look).toHaveBeenCalledTimes(2));
  under.shift()?.resolve(true);
  expect(await second).toBe(true);
});

test('it asks twenty times while something is being checked, and as often again for the next file', async () => {
  const { later, afresh } = start();
  later();
  expect(await seen()).toBe(20);
  void afresh();
  expect(await seen()).toBe(21);
});

test('it stops asking once nothing is being checked', async () => {
  const { later, now } = start();
  isChecking = false;
  later();
  expect(await seen()).toBe(0);
  void now();
  expect(await seen()).toBe(1);
});
