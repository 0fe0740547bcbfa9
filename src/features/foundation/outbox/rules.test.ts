import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secondsToWait } from './rules.ts';

describe('the wait between tries', () => {
  const fresh = { hours: 0, answered: true };

  it('doubles from 30 seconds to nearly three minutes', () => {
    expect([1, 2, 3, 4, 5, 50].map((attempts) => secondsToWait(attempts, fresh, 0))).toEqual([
      30, 60, 120, 160, 160, 160,
    ]);
  });

  it('is shortened by up to a quarter, so that not all come back at once', () => {
    expect(secondsToWait(1, fresh, 0.9999)).toBeCloseTo(22.5, 1);
  });

  it('spares a server that has refused for six hours, but not one that nobody reaches', () => {
    expect(secondsToWait(99, { hours: 6, answered: true }, 0)).toBe(1800);
    expect(secondsToWait(99, { hours: 60, answered: false }, 0)).toBe(160);
  });

  it('is never longer than that in the first hours', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0, max: 5.99, noNaN: true }),
        fc.boolean(),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempts, hours, answered, random) => {
          const wait = secondsToWait(attempts, { hours, answered }, random);
          expect(wait).toBeGreaterThan(20);
          expect(wait).toBeLessThanOrEqual(160);
        },
      ),
    );
  });
});
