import { createHash } from 'node:crypto';

/** Numbers that look random and are the same for the same seed. */
export interface Draws {
  /** Returns a number from 0 to 1, without 1. */
  number(): number;
  /** Returns a whole number from 0 to `count`, without `count`. */
  below(count: number): number;
  /** Returns a whole number between two, both included. */
  between(least: number, most: number): number;
  /** Returns whether something happens that happens so often, from 0 to 1. */
  chance(often: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Returns one of several, each as often as its weight says. */
  weighed<T extends string>(weights: Readonly<Partial<Record<T, number>>>): T;
  /** Returns a number of an exponential distribution with this mean. */
  waiting(mean: number): number;
}

/** Returns draws for a seed. They are not secret: nothing that must not be guessed is made of them (generator: sfc32). */
export function drawsOf(...seed: readonly (string | number)[]): Draws {
  const digest = createHash('sha256').update(JSON.stringify(seed)).digest();
  let [a, b, c, d] = [0, 4, 8, 12].map((at) => digest.readInt32LE(at)) as [
    number,
    number,
    number,
    number,
  ];
  const number = (): number => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  const below = (count: number) => Math.floor(number() * count);
  return {
    number,
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: (often) => number() < often,
    pick: (list) => {
      const one = list[below(list.length)];
      if (one === undefined) throw new Error('Nothing to pick from');
      return one;
    },
    weighed: <T extends string>(weights: Readonly<Partial<Record<T, number>>>): T => {
      const entries = Object.entries(weights) as [T, number][];
      let left = number() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [key, weight] of entries) {
        left -= weight;
        if (left < 0) return key;
      }
      throw new Error('Nothing to weigh');
    },
    waiting: (mean) => -mean * Math.log(1 - number()),
  };
}
