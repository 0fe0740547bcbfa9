import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstKnown, giveOrTake, meanBand, placesPerDay, rateBand, unevenness } from './demand.ts';
import { numbersFrom } from './numbers.ts';

/** How many come in a day at random: one exponential gap after the other. */
function poisson(mean: number, random: () => number): number {
  let count = -1;
  for (let time = 0; time < mean; count++) time -= Math.log(1 - random());
  return count;
}

describe('bands', () => {
  // Quantiles at 10 and 90 % of gamma distributions, from tables of chi-squared with 2·shape degrees of freedom.
  test.each([
    [5, 5, 2.4326, 7.9936], // shape 5, scale 1: χ² with 10 degrees of freedom, 4.8652 and 15.9872, halved
    [10, 10, 6.2213, 14.206], // χ² with 20: 12.4426 and 28.4120
    [50, 50, 41.179, 59.249], // χ² with 100: 82.358 and 118.498
  ])('a rate of %i with variance %i', (mean, variance, low, high) => {
    const band = rateBand(mean, variance);
    expect(band.low).toBeCloseTo(low, 1);
    expect(band.high).toBeCloseTo(high, 1);
  });

  test('hold the mean, and are wider where less is known', () => {
    const positive = fc.double({ min: 0.01, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(positive, positive, (mean, variance) => {
        const [one, wider] = [rateBand(mean, variance), rateBand(mean, variance * 2)];
        expect(one.low).toBeGreaterThanOrEqual(0);
        expect(one.low).toBeLessThanOrEqual(mean);
        expect(one.high).toBeGreaterThanOrEqual(mean);
        expect(wider.low).toBeLessThanOrEqual(one.low + 1e-9);
      }),
    );
    expect(rateBand(0, 4)).toEqual({ low: 0, high: 0 });
    expect(rateBand(3, 0)).toEqual({ low: 3, high: 3 });
    expect(giveOrTake(40, 25)).toEqual({ low: 30, high: 50 });
    expect(meanBand({ count: 0, mean: 12, spread: 0 })).toEqual({ low: 12, high: 12 });
    expect(meanBand({ count: 100, mean: 12, spread: 5 }).high).toBeCloseTo(12.64, 2);
  });
});

describe('weeks', () => {
  test('that differ by chance alone are even', () => {
    const random = numbersFrom(7);
    const counts = Array.from({ length: 2000 }, () => poisson(50, random));
    expect(
      unevenness(
        counts,
        counts.map(() => 5),
      ),
    ).toBeLessThan(0.003);
  });

  test('that differ beyond chance are not', () => {
    // ±20 % beside chance: 0.04 of the squared mean.
    const random = numbersFrom(8);
    const counts = Array.from({ length: 4000 }, (_, i) => poisson(i % 2 ? 60 : 40, random));
    expect(
      unevenness(
        counts,
        counts.map(() => 5),
      ),
    ).toBeCloseTo(0.04, 2);
  });

  test('with a holiday are not taken for quiet ones', () => {
    expect(unevenness([50, 40, 50, 30], [5, 4, 5, 3])).toBe(0);
    expect(unevenness([50], [5])).toBe(0);
    expect(unevenness([0, 0, 0], [5, 5, 5])).toBe(0);
  });

  test('before the first count, and that of a beginning, are unknown', () => {
    expect(firstKnown([3, 4, 5])).toBe(0);
    expect(firstKnown([0, 0, 3, 9, 8])).toBe(3);
    expect(firstKnown([0, 0, 3])).toBe(2);
    expect(firstKnown([0, 0, 0])).toBe(3);
  });
});

describe('places for a promise', () => {
  /** How often the first free place lies beyond, day by day: who couldn't be given one today queues for tomorrow. */
  function brokenDays(perDay: number, places: number, days: number, seed: number): number {
    const random = numbersFrom(seed);
    const all = 60_000;
    let [queue, broken] = [0, 0];
    for (let day = 0; day < all; day++) {
      queue = Math.max(0, queue + poisson(perDay, random) - places);
      if (queue > days * places) broken++;
    }
    return broken / all;
  }

  test.each([
    [20, 3, 0.9],
    [4, 2, 0.9],
    [1.5, 3, 0.8],
    [60, 1, 0.95],
  ])('%f a day, within %i days, kept %f: seldom broken in a simulation', (perDay, days, kept) => {
    const places = placesPerDay(perDay, { days, kept });
    const broken = brokenDays(perDay, places, days, 3);
    expect(broken).toBeLessThanOrEqual(1 - kept);
    // Not wasteful either: with what is asked for and nothing beyond, it is broken again and again.
    expect(brokenDays(perDay, perDay, days, 3)).toBeGreaterThan(1 - kept);
  });

  test('are more than are asked for, and fewer the longer people may wait', () => {
    const perDay = fc.double({ min: 0.01, max: 5000, noNaN: true });
    const kept = fc.double({ min: 0.5, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(perDay, fc.integer({ min: 1, max: 60 }), kept, (asked, days, share) => {
        const places = placesPerDay(asked, { days, kept: share });
        expect(places).toBeGreaterThan(asked);
        expect(places).toBeGreaterThan(placesPerDay(asked, { days: days + 1, kept: share }));
        expect(placesPerDay(asked * 2, { days, kept: share })).toBeLessThan(2 * places);
      }),
    );
    expect(placesPerDay(0, { days: 3, kept: 0.9 })).toBe(0);
  });
});
