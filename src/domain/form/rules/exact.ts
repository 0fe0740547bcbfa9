import Fraction from 'fraction.js';
import { LARGEST, MOST_DECIMALS } from '../questions.ts';

/** An exact number. Rules compute with fractions, so nothing is lost between the answers and the cents of a fee. */
export type Exact = Fraction;

/** Returns the exact number that a JSON number was written as; null when it has more digits than JSON keeps. */
export function exactOf(value: number): Exact | null {
  if (!Number.isFinite(value) || Math.abs(value) > LARGEST) return null;
  const written = value.toFixed(MOST_DECIMALS);
  return Number(written) === value ? new Fraction(written) : null;
}

/** Returns the exact number in a text such as `12.50`; null when it has none. */
export const exactIn = (text: string): Exact | null =>
  /^-?\d{1,10}(\.\d{1,6})?$/.test(text) ? new Fraction(text) : null;

/** Returns a whole number as an exact one. */
export const exactInteger = (value: number): Exact => new Fraction(value);

/** Returns a number of so many decimals, halves away from zero. */
export function rounded(value: Exact, decimals: number): Exact {
  const scale = 10n ** BigInt(decimals);
  return new Fraction(value.s * halfUp(value.n * scale, value.d), scale);
}

const halfUp = (n: bigint, d: bigint): bigint => (2n * n + d) / (2n * d);

/** Returns the whole cents of an amount in euros, halves away from zero. */
export const centsOf = (euros: Exact): number => {
  const { s, n } = rounded(euros, 2).mul(100);
  return Number(s * n);
};

/** Returns an amount as answers have it, such as `12.50`. */
export function moneyText(euros: Exact): string {
  const cents = Math.abs(centsOf(euros));
  const sign = centsOf(euros) < 0 ? '-' : '';
  return `${sign}${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

export const isExact = (value: unknown): value is Exact => value instanceof Fraction;
