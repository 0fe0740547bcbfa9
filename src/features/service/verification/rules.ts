import type { CodeReading } from './types.ts';

/** Digits and letters without those that are taken for another (Crockford's base 32): no I, L, O, U. */
export const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LOOK_ALIKES: Record<string, string> = { O: '0', I: '1', L: '1' };

/** Signs of a code: those that are random, 135 bits, and one that checks them. */
export const RANDOM_SIGNS = 27;
export const CODE_SIGNS = RANDOM_SIGNS + 1;
const GROUP = 4;

/** Multiplies by x in GF(2⁵), whose polynomial x⁵ + x² + 1 is primitive. */
const timesX = (value: number): number => (value << 1) ^ (value & 16 ? 0b100101 : 0);

/**
 * The signs as a polynomial at x, a Reed–Solomon code with one sign of check: 0 for what was typed right. The powers of x are 31
 * different ones, so any one wrong sign and any two that changed places give something else.
 */
const syndrome = (signs: readonly number[]): number =>
  signs.reduce((sum, sign) => timesX(sum) ^ sign, 0);

/** A code from as many random bytes as it has random signs. */
export function codeFrom(random: Uint8Array): string {
  const signs = Array.from(random.subarray(0, RANDOM_SIGNS), (byte) => byte & 31);
  return [...signs, timesX(syndrome(signs))].map((sign) => ALPHABET[sign]).join('');
}

/** A code as it is written on paper: `K7QF-0M3X-…`. */
export const grouped = (code: string): string =>
  (code.match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? []).join('-');

/** Reads a code as people type it: in small letters, with O for 0, with or without what parts its groups. */
export function readCode(typed: string): CodeReading {
  const plain = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}\p{Cf}._]/gu, '')
    .replaceAll(/[OIL]/g, (sign) => LOOK_ALIKES[sign] ?? sign);
  if (!plain) return { ok: false, reason: 'missing' };
  const letters = [...plain];
  if (letters.length !== CODE_SIGNS) return { ok: false, reason: 'length', signs: letters.length };
  const signs = letters.map((each) => ALPHABET.indexOf(each));
  const isRight = !signs.includes(-1) && syndrome(signs) === 0;
  return isRight ? { ok: true, code: plain } : { ok: false, reason: 'mistyped' };
}
