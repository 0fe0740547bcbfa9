import type { Band } from './types.ts';

/** Quantiles at 10 and 90 % of the standard normal distribution: ± this. */
const TENTH = 1.2815515655446004;

/**
 * Returns the quantiles at 10 and 90 % of a rate with this mean and variance, as a gamma distribution, which is
 * never negative (Wilson & Hilferty 1931: its cube root is nearly normal).
 */
export function rateBand(mean: number, variance: number): Band {
  if (mean <= 0) return { low: 0, high: 0 };
  if (variance <= 0) return { low: mean, high: mean };
  const shape = (mean * mean) / variance;
  const at = (z: number) => {
    const root = 1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape));
    return mean * Math.max(0, root) ** 3;
  };
  return { low: Math.min(mean, at(-TENTH)), high: Math.max(mean, at(TENTH)) };
}

/** Returns `mean` plus and minus this percentage. */
export const giveOrTake = (mean: number, percent: number): Band => ({
  low: Math.max(0, mean * (1 - percent / 100)),
  high: mean * (1 + percent / 100),
});

/** Returns the range of a mean of `count` measures with this spread, with a probability of 80 %. */
export function meanBand({
  count,
  mean,
  spread,
}: {
  count: number;
  mean: number;
  spread: number;
}): Band {
  const error = count > 0 ? (TENTH * spread) / Math.sqrt(count) : 0;
  return { low: Math.max(0, mean - error), high: mean + error };
}

/**
 * Returns how much weeks differ beyond chance, as a squared share of their mean: the part of the variance of `counts` that a
 * Poisson distribution of that mean doesn't explain. Each week has the weight of its open days.
 */
export function unevenness(counts: readonly number[], openDays: readonly number[]): number {
  const weeks = counts
    .map((count, i) => ({ count, days: openDays[i] ?? 0 }))
    .filter((each) => each.days > 0);
  if (weeks.length < 2) return 0;
  const days = weeks.reduce((sum, each) => sum + each.days, 0);
  const mean = weeks.reduce((sum, each) => sum + each.count, 0) / days;
  if (mean <= 0) return 0;
  let [seen, chance] = [0, 0];
  for (const each of weeks) {
    seen += (each.count / each.days - mean) ** 2;
    chance += mean / each.days;
  }
  seen /= weeks.length - 1;
  chance /= weeks.length;
  return Math.max(0, seen - chance) / (mean * mean);
}

/**
 * Returns the number of unknown weeks at the start: those before the first count, and, when more follow, that of the
 * first count too, since most services begin in the middle of a week.
 */
export function firstKnown(counts: readonly number[]): number {
  const first = counts.findIndex((count) => count > 0);
  if (first < 0) return counts.length;
  return first > 0 && first < counts.length - 1 ? first + 1 : first;
}

/**
 * Returns how many places a working day needs so that the first free one is within `days` working days, on a share `kept`
 * (0 to 1) of all days, when `perDay` people ask for one each day at random (Poisson).
 *
 * People who wait for a place form a queue. Kingman's bound limits how often such a queue grows beyond so many days' places:
 * P(queue > days·c) ≤ e^(−θ·days·c) where λ(e^θ − 1) = θ·c. Solved for c it is the effective bandwidth of a Poisson stream
 * (F. P. Kelly, Notes on effective bandwidths, 1996). It is a bound: in practice the promise is kept more often.
 */
export function placesPerDay(
  perDay: number,
  { days, kept }: { days: number; kept: number },
): number {
  if (perDay <= 0) return 0;
  const slack = -Math.log(1 - kept) / days;
  return slack <= 0 ? perDay : slack / Math.log1p(slack / perDay);
}
