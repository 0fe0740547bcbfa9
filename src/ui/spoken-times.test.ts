import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spokenMinutes } from './spoken-times.ts';

const every = (step: number, first = 0) =>
  Array.from({ length: Math.ceil((60 - first) / step) }, (_, index) => first + index * step);

test.each([
  [[], []],
  [[40], [40]],
  [every(20), [0, 20, 40]],
  [every(15), [0, 15, 30, 45]],
  [every(5), [0, 15, 30, 45]],
  [every(1), [0, 15, 30, 45]],
  [every(10), [0, 10, 30, 40]],
  [every(5, 5), [5, 15, 30, 45]],
  [every(12), [0, 12, 24, 48]],
  [
    [5, 10, 20, 25, 35, 50],
    [5, 10, 25, 50],
  ],
  [
    [35, 40, 45, 50, 55],
    [35, 40, 45, 50],
  ],
  [
    [0, 5, 10, 15, 45],
    [0, 10, 15, 45],
  ],
])('of %j, %j', (minutes, expected) => {
  expect(spokenMinutes(minutes)).toEqual(expected);
});

/** Tries every four, without a thought: the oracle. */
function byTrying(minutes: readonly number[]): readonly number[] {
  if (minutes.length < 5) return minutes;
  const fours = minutes.flatMap((a, i) =>
    minutes
      .slice(i + 1)
      .flatMap((b, j) =>
        minutes
          .slice(i + j + 2)
          .flatMap((c, k) => minutes.slice(i + j + k + 3).map((d) => [a, b, c, d])),
      ),
  );
  const farOff = ([a = 0, b = 0, c = 0, d = 0]: number[]) =>
    a + Math.abs(b - 15) + Math.abs(c - 30) + Math.abs(d - 45);
  const backwards = (four: number[]) =>
    four
      .toReversed()
      .map((each) => String(each).padStart(2, '0'))
      .join();
  return (
    fours.sort(
      (one, other) => farOff(one) - farOff(other) || (backwards(one) < backwards(other) ? -1 : 1),
    )[0] ?? []
  );
}

const HOUR = fc
  .uniqueArray(fc.integer({ min: 0, max: 59 }), { maxLength: 13 })
  .map((minutes) => minutes.sort((a, b) => a - b));

test('no other four of an hour lie nearer to its quarters', () => {
  fc.assert(
    fc.property(HOUR, (minutes) => {
      expect(spokenMinutes(minutes)).toEqual(byTrying(minutes));
    }),
    { numRuns: 300 },
  );
});

test('a free quarter is always among them', () => {
  fc.assert(
    fc.property(HOUR, (minutes) => {
      const quarters = minutes.filter((each) => each % 15 === 0);
      expect(spokenMinutes(minutes)).toEqual(expect.arrayContaining(quarters));
    }),
  );
});
