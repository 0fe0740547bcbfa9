import { describe, expect, test } from 'vitest';
import { callerOf, patternOf, readSearch } from './rules.ts';

const read = (typed: string) => readSearch(typed, 'ES');

describe('what was typed into the search', () => {
  test.each(['K7M-2QX', 'k7m2qx', ' k7m 2qx '])('%s is a reference', (typed) => {
    expect(read(typed)?.reference).toBe('K7M-2QX');
  });

  test('six letters may be a reference or a name', () => {
    expect(read('Ferrer')).toMatchObject({ reference: 'FER-RER', name: ['Ferrer'] });
  });

  test.each(['600123456', '600 12 34 56', '+34 600-123-456', '0034600123456', '(600) 123 456'])(
    '%s is a whole number',
    (typed) => {
      expect(read(typed)).toMatchObject({
        phone: { digits: '34600123456', whole: true },
        name: null,
      });
    },
  );

  test('a part of a number is looked for as a part', () => {
    expect(read('3456')?.phone).toEqual({ digits: '3456', whole: false });
    expect(read('12 34 5')?.phone).toEqual({ digits: '12345', whole: false });
  });

  test('an address is no name, and its capitals don’t count', () => {
    expect(read('Rosa@Example.cat')).toEqual({
      name: null,
      phone: null,
      email: 'rosa@example.cat',
      reference: null,
    });
  });

  test('parts of names', () => {
    expect(read('  soler   ros ')?.name).toEqual(['soler', 'ros']);
  });

  test.each(['', ' ', 'a', '12', '123', '@', '%', '..', '((', '\u0301\u0301'])(
    '%j is too short',
    (typed) => {
      expect(read(typed)).toBeNull();
    },
  );
});

/** JavaScript's expressions agree with PostgreSQL's in what these are made of. */
const finds = (part: string, name: string) => new RegExp(patternOf(part), 'i').test(name);

describe('a part of a name', () => {
  test.each([
    ['garcia', 'José García Núñez'],
    ['JOSE', 'José García'],
    ['núñ', 'Nunez'],
    ["d'amico", 'D’Amico'],
    ['ruiz', 'Begoña RUÍZ'],
    ['Ağa', 'aga'],
    ['王', '王小明'],
    ['nguyễn', 'Nguyen Thi'],
  ])('%s is found in %s', (part, name) => {
    expect(finds(part, name)).toBe(true);
  });

  test.each([
    ['.*', 'Rosa'],
    ['a|b', 'Rosa'],
    ['rosa', 'Rossa'],
    ['[a-z]', 'Rosa'],
  ])('%s is not in %s', (part, name) => {
    expect(finds(part, name)).toBe(false);
  });
});

test('the people of a number: each name once, the latest first; what they have to come', () => {
  const found = (id: string, name: string, day: number, status: 'booked' | 'fulfilled') => ({
    id,
    name,
    status,
    start: Temporal.Instant.from(`2026-11-${day}T09:00:00Z`),
    reference: id,
    channel: 'phone' as const,
    desk: 1,
    onBehalfOf: null,
    procedure: 'volant',
  });
  const all = [
    found('a', 'Rosa Güell', 30, 'booked'),
    found('b', 'Pere Güell', 20, 'fulfilled'),
    found('c', 'rosa guell', 10, 'fulfilled'),
  ];
  expect(callerOf(all).people.map((each) => each.id)).toEqual(['a', 'b']);
  expect(callerOf(all).open.map((each) => each.id)).toEqual(['a']);
});
