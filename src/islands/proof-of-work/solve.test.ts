import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from './sha256.ts';
import { solve } from './solve.ts';

const hex = (state: Int32Array) =>
  [...state].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
const oracle = (text: string) => createHash('sha256').update(text).digest('hex');

test('the hash is SHA-256 for every text of one block', () => {
  const state = new Int32Array(8);
  const text = fc.string({ unit: 'grapheme-ascii', maxLength: 55 });
  fc.assert(
    fc.property(text, (each) => {
      sha256(each, state);
      expect(hex(state)).toBe(oracle(each));
    }),
  );
  for (const length of [0, 1, 54, 55]) {
    sha256('x'.repeat(length), state);
    expect(hex(state)).toBe(oracle('x'.repeat(length)));
  }
});

test('finds the number, also the first and the last, and returns null when there is none', async () => {
  const puzzle = (number: number, below: number) => {
    const salt = 'abcdefghijklmnop';
    return solve({ salt, target: oracle(`${salt}.${number}`), below });
  };
  expect(await puzzle(0, 10)).toBe(0);
  expect(await puzzle(9, 10)).toBe(9);
  expect(await puzzle(10, 10)).toBeNull();
  expect(await puzzle(50_000, 60_000)).toBe(50_000);
});
