import { expect, test } from 'vitest';
import { spareMemory } from './spare-memory.ts';

const MB = 1_000_000;

/** Gives samples, each of what was done in the ten seconds before and of the memory, and returns what was said. */
function said(...samples: [busyMs: number, megabytes: number][]): boolean[] {
  const isDue = spareMemory();
  let cpu = 0;
  return samples.map(([busy, megabytes], nth) => {
    cpu += busy;
    return isDue({ at: nth * 10_000, cpu, memory: megabytes * MB });
  });
}

test('it collects what the start has left, once nothing is to be done', () => {
  expect(said([5_000, 300], [2_000, 310], [100, 310], [0, 200], [0, 210])).toEqual([
    ...[false, false, true],
    ...[false, false],
  ]);
});

test('it collects once after a load, when nothing is to be done', () => {
  const start: [number, number][] = [
    [500, 200],
    [0, 200],
    [0, 200],
  ];
  expect(said(...start, [8_000, 300], [9_000, 350], [100, 350], [0, 350])).toEqual([
    ...[false, true, false],
    ...[false, false, true, false],
  ]);
});

test('it collects again when the next load has left more', () => {
  expect(said([0, 200], [0, 200], [0, 180], [0, 300], [0, 210], [0, 300], [0, 300])).toEqual([
    ...[false, true, false],
    ...[true, false, true, false],
  ]);
});

test('it leaves alone what has not grown, and a process that works', () => {
  expect(said([0, 200], [0, 200], [0, 210], [0, 220])).toEqual([false, true, false, false]);
  expect(said([9_000, 200], [9_000, 400], [9_000, 600])).toEqual([false, false, false]);
});
