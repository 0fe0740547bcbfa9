import { expect, test } from 'vitest';
import { spareMemory } from './spare-memory.ts';

const MB = 1_000_000;

/** Gives samples, each of what was done in the ten seconds before and of the memory, and returns what was said. */
function said(...samples: [busyMs: number, megabytes: number][]): boolean[] {
  const isDue = spareMemory(10_000);
  let cpu = 0;
  return samples.map(([busy, megabytes]) => {
    cpu += busy;
    return isDue({ cpu, memory: megabytes * MB });
  });
}

test('it collects once after a load, when nothing is to be done', () => {
  expect(said([500, 200], [0, 200], [8_000, 300], [9_000, 350], [100, 350], [0, 350])).toEqual([
    ...[false, false, false, false],
    true,
    false,
  ]);
});

test('it collects again when the next load has left more', () => {
  expect(said([0, 200], [0, 300], [0, 210], [0, 300], [0, 300])).toEqual([
    ...[false, true, false],
    true,
    false,
  ]);
});

test('it leaves alone what has not grown, and a process that works', () => {
  expect(said([0, 200], [0, 210], [0, 220])).toEqual([false, false, false]);
  expect(said([9_000, 200], [9_000, 400], [9_000, 600])).toEqual([false, false, false]);
});
