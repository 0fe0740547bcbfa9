import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALPHABET, CODE_SIGNS, codeFrom, grouped, RANDOM_SIGNS, readCode } from './rules.ts';

const codes = fc.uint8Array({ minLength: RANDOM_SIGNS, maxLength: RANDOM_SIGNS }).map(codeFrom);
const places = fc.nat({ max: CODE_SIGNS - 1 });
const signs = fc.constantFrom(...ALPHABET);
const isMistyped = (typed: string) =>
  expect(readCode(typed)).toEqual({ ok: false, reason: 'mistyped' });

describe('a code', () => {
  test('has 28 signs, none of which looks like another, in groups of four', () => {
    const code = codeFrom(randomBytes(RANDOM_SIGNS));
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{28}$/);
    expect(grouped(code)).toMatch(/^(.{4}-){6}.{4}$/);
    expect(grouped(code).replaceAll('-', '')).toBe(code);
  });

  test('is 135 random bits: every bit of every sign says something', () => {
    const none = new Uint8Array(RANDOM_SIGNS);
    const all = new Set<string>();
    for (let place = 0; place < none.length; place++)
      for (let bit = 0; bit < 5; bit++) all.add(codeFrom(none.with(place, 1 << bit)));
    expect(all.size).toBe(135);
  });

  test('is read as people type it', () => {
    fc.assert(
      fc.property(codes, (code) => {
        const right = { ok: true, code };
        expect(readCode(code)).toEqual(right);
        expect(readCode(`  ${grouped(code).toLowerCase()} `)).toEqual(right);
        expect(readCode(grouped(code).replaceAll('-', ' – '))).toEqual(right);
        expect(readCode(code.replaceAll('0', 'O').replaceAll('1', 'l'))).toEqual(right);
        expect(readCode(code.replaceAll('0', 'o').replaceAll('1', 'I'))).toEqual(right);
        expect(readCode(grouped(code).replaceAll('-', '.\u200B\n'))).toEqual(right);
      }),
    );
  });

  test('with any one sign wrong is mistyped', () => {
    fc.assert(
      fc.property(codes, places, signs, (code, place, sign) => {
        fc.pre(code[place] !== sign);
        isMistyped(code.slice(0, place) + sign + code.slice(place + 1));
      }),
      { numRuns: 2000 },
    );
  });

  test('with any two signs in each other’s place is mistyped, neighbours or not', () => {
    fc.assert(
      fc.property(codes, places, places, (code, one, other) => {
        fc.pre(code[one] !== code[other]);
        const typed = [...code];
        [typed[one], typed[other]] = [code[other]!, code[one]!];
        isMistyped(typed.join(''));
      }),
      { numRuns: 2000 },
    );
  });

  test('by another calculation: multiplied out in the field, it comes to nothing', () => {
    // Russian peasants' multiplication modulo x⁵ + x² + 1, and powers one by one.
    const times = (a: number, b: number): number => {
      let [product, left, right] = [0, a, b];
      for (; right; right >>= 1) {
        if (right & 1) product ^= left;
        left <<= 1;
        if (left > 31) left ^= 37;
      }
      return product;
    };
    fc.assert(
      fc.property(codes, (code) => {
        let [sum, power] = [0, 1];
        for (const sign of [...code].reverse()) {
          sum ^= times(ALPHABET.indexOf(sign), power);
          power = times(power, 2);
        }
        expect(sum).toBe(0);
      }),
    );
  });
});

describe('what isn’t a code', () => {
  test('is told by what is wrong with it', () => {
    const code = codeFrom(randomBytes(RANDOM_SIGNS));
    for (const nothing of ['', '  ', '-- –'])
      expect(readCode(nothing)).toEqual({ ok: false, reason: 'missing' });
    expect(readCode(code.slice(1))).toEqual({ ok: false, reason: 'length', signs: 27 });
    expect(readCode(`${code}0`)).toEqual({ ok: false, reason: 'length', signs: 29 });
    isMistyped(`U${code.slice(1)}`);
    isMistyped(`!${code.slice(1)}`);
  });

  test('is never taken for one, and nothing that is typed ends in an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (typed) => {
        const read = readCode(typed);
        expect(read.ok && !/^[0-9A-Z]{28}$/.test(read.code)).toBe(false);
      }),
    );
  });
});
