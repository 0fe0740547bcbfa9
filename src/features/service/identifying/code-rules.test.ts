import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { codeOf, finderOf, formatCode, readCode } from './code-rules.ts';

test('a code is eight letters that look and sound like no other', () => {
  const digestOf = (nth: number) => createHash('sha256').update(String(nth)).digest();
  const codes = Array.from({ length: 500 }, (_, nth) => codeOf(digestOf(nth)));
  const letters = new Set(codes.join(''));
  expect(codes.every((each) => each.length === 8)).toBe(true);
  for (const each of 'AEIOUYVW0158') expect(letters.has(each)).toBe(false);
  expect(letters.size).toBe(18);
  expect(new Set(codes).size).toBe(500);
});

test('it is shown in two halves, of which the first one finds it', () => {
  expect(formatCode('KLMNPQRS')).toBe('KLMN-PQRS');
  expect(finderOf('KLMNPQRS')).toBe('KLMN');
});

test.each([
  ['KLMN-BQRS', 'KLMNBQRS'],
  [' klmn bqrs ', 'KLMNBQRS'],
  ['klmn–vqrs', 'KLMNBQRS'],
  ['ＫＬＭＮ.BQRS', 'KLMNBQRS'],
])('is read as it was heard or copied: %j', (typed, code) => expect(readCode(typed)).toBe(code));

test.each(['', 'KLMN', 'KLMNBQRST', 'KLMN BQR1', 'AEIOUAEI', 'KLMNБQRS', '💥'.repeat(8)])(
  'is no code: %j',
  (typed) => expect(readCode(typed)).toBeNull(),
);
