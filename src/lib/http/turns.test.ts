import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EndTurn } from '../process/line.ts';
import { createPressure, type Rank } from './pressure.ts';
import { createTurns } from './turns.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Takes turns for requests, and notes which began and which were refused. */
function queue(turns = createTurns((work) => work())) {
  const ends: EndTurn[] = [];
  const began: string[] = [];
  const refused: string[] = [];
  const ask = async (sender: string, rank: Exclude<Rank, 'always'>, name = sender) => {
    const end = await turns.take(sender, rank);
    if (!end) return refused.push(name);
    ends.push(end);
    return began.push(name);
  };
  const settle = () => vi.advanceTimersByTimeAsync(0);
  return { ask, settle, ends, began, refused };
}

test('one sender has eight pages under way, and the others of that sender follow in their order', async () => {
  const { ask, settle, ends, began } = queue();
  for (let n = 0; n < 20; n++) void ask('a', 'page', `a${n}`);
  await settle();
  expect(began).toHaveLength(8);
  void ask('b', 'page');
  await settle();
  expect(began.at(-1)).toBe('b');
  ends[3]?.();
  ends[3]?.();
  await settle();
  expect(began.slice(9)).toEqual(['a8']);
});

test('pages and figures of a sender don’t keep their bookings', async () => {
  const { ask, settle, began } = queue();
  for (let n = 0; n < 50; n++) void ask('a', n % 2 ? 'page' : 'figures');
  void ask('a', 'sent', 'booking');
  void ask('a', 'begun', 'own page');
  await settle();
  expect(began).toEqual(expect.arrayContaining(['booking', 'own page']));
});

test('whoever would wait for more than four seconds for their own is refused, and the turn goes on', async () => {
  const { ask, settle, ends, began, refused } = queue();
  for (let n = 0; n < 9; n++) void ask('a', 'page', `a${n}`);
  await vi.advanceTimersByTimeAsync(3_999);
  expect(refused).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(refused).toEqual(['a8']);
  for (const end of ends.splice(0)) end();
  for (let n = 20; n < 28; n++) void ask('a', 'page', `a${n}`);
  await settle();
  expect(began).toHaveLength(16);
});

test('a turn that comes in the moment of the refusal isn’t lost', async () => {
  const later: (() => void)[] = [];
  const { ask, settle, ends, began, refused } = queue(createTurns((work) => later.push(work)));
  for (let n = 0; n < 9; n++) void ask('a', 'page');
  await settle();
  ends[0]?.();
  await vi.advanceTimersByTimeAsync(10_000);
  for (const work of later) work();
  await settle();
  expect([began.length, refused.length]).toEqual([9, 0]);
});

test('a thousand wait, and not more', async () => {
  const { ask, settle, refused } = queue();
  for (let n = 0; n < 1_011; n++) void ask('a', 'page');
  await settle();
  expect(refused).toHaveLength(3);
});

test('what is sent over a slow line keeps nobody of the same address waiting for more than two seconds', async () => {
  const { ask, settle, began, refused } = queue();
  for (let n = 0; n < 12; n++) void ask('a', 'sent', 'slow');
  void ask('a', 'sent', 'quick');
  await vi.advanceTimersByTimeAsync(1_999);
  expect(began).not.toContain('quick');
  await vi.advanceTimersByTimeAsync(1);
  await settle();
  expect(began).toContain('quick');
  expect(refused).toEqual([]);
});

test('with slow requests of every kind, an agent gets nobody else refused, by the session and by the address together', async () => {
  const { ask, settle, began } = queue();
  const ranks = ['figures', 'page', 'begun', 'sent'] as const;
  for (const sender of ['session', 'address'])
    for (let n = 0; n < 400; n++) void ask(sender, ranks[n % 4]!, ranks[n % 4]);
  await settle();
  const pressure = createPressure((end) => end());
  for (const rank of began) pressure.enter(rank as Rank, 0);
  for (let now = 300; now < 60_000; now += 300)
    for (const rank of ranks) {
      expect(pressure.enter(rank, now)).toBe(true);
      pressure.leave(rank, now, false);
    }
});
