import { describe, expect, test } from 'vitest';
import { lineFrom, nameFrom } from './adapter.ts';

describe('a line', () => {
  test.each([
    ['  Anna\n\t Puig ', 'Anna Puig'],
    ['Anna\u2028Puig', 'Anna Puig'],
    ['Nu\u0301ria', 'Núria'],
    // Nothing that turns the direction of writing, or that nobody sees.
    ['\u202EannA\u202C \u2066Puig\u2069', 'annA Puig'],
    ['An\u0000na\u200B Puig\u200F', 'Anna Puig'],
    ['Anna \u0007 Puig', 'Anna Puig'],
    ['a'.repeat(300), 'a'.repeat(200)],
    ['😀'.repeat(201), '😀'.repeat(200)],
    ['a\uD83Db', 'ab'],
  ])('of %j', (text, line) => {
    expect(lineFrom(text)).toBe(line);
  });
  test.each(['', ' \n', '\u202E\u202C', null, undefined, 5, {}])('of %j is none', (value) => {
    expect(lineFrom(value)).toBeNull();
  });
});

describe('a name', () => {
  test('is whole, or joined from its parts', () => {
    const parts = { given: ' Anna ', family: 'Puig\nSerra' };
    expect(nameFrom(parts)).toEqual({
      full: 'Anna Puig Serra',
      given: 'Anna',
      family: 'Puig Serra',
    });
    expect(nameFrom({ ...parts, full: 'A. Puig' }).full).toBe('A. Puig');
    expect(nameFrom({ given: 'a'.repeat(150), family: 'b'.repeat(150) }).full).toHaveLength(200);
  });
  test('is empty where the provider gave none', () => {
    expect(nameFrom({})).toEqual({ full: '', given: null, family: null });
    expect(nameFrom({ full: ' ', given: '\u2066', family: null })).toEqual({
      full: '',
      given: null,
      family: null,
    });
  });
});
