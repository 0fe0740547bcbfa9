import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold, makeSearch } from './rules.ts';
import { lacking, lettersOf, slipsBetween } from './slips.ts';
import { stemOf } from './stems.ts';
import type { Entry } from './types.ts';

const entry = (name: string, more: Partial<Entry> = {}): Entry => ({ name: { ca: name }, ...more });
const all = {
  volant: entry('Volant de padró', {
    summary: { ca: 'El paper que diu on vius' },
    keywords: { ca: ['empadronament'], es: ['empadronamiento'] },
  }),
  gos: entry('Registrar un animal de companyia', {
    summary: { ca: 'El cens de gossos i gats' },
    keywords: { ca: ['mascota'] },
  }),
  cens: entry('Cens electoral', { keywords: { ca: ['votar', 'eleccions'] } }),
};
const { find } = makeSearch(Object.entries(all).map(([item, each]) => ({ item, entry: each })));
const search = (sought: string) => find(sought, 'ca').results;

test('a search doesn’t mind accents, capitals or the end of a word', () => {
  expect(fold('Àngel Col·legi COL.LEGI PADRÓ ŀl')).toBe('angel collegi collegi padro ll');
  expect(search('PADRO')).toEqual(['volant']);
  expect(search('mascot')).toEqual(['gos']);
  expect(search('censos')).toEqual(['cens', 'gos']);
});

test('a name counts before a summary, a word as it is before one mended', () => {
  expect(search('cens')).toEqual(['cens', 'gos']);
  expect(search('cens gats')).toEqual(['gos']);
  expect(search('empadronamiento')).toEqual(['volant']);
});

test('a beginning finds words only where nothing has it as a whole word', () => {
  const { find } = makeSearch([
    { item: 'ibi', entry: entry('IBI') },
    { item: 'cars', entry: { name: { eu: 'Ibilgailuak' } } },
  ]);
  expect(find('ibi', 'ca').results).toEqual(['ibi']);
  expect(find('ibil', 'ca').results).toEqual(['cars']);
});

test('a word of the reader’s language comes before the same word of another', () => {
  const names = { english: { en: 'Data' }, catalan: { ca: 'Data' } };
  const { find } = makeSearch(
    Object.entries(names).map(([item, name]) => ({ item, entry: { name } })),
  );
  expect(find('data', 'en').results).toEqual(['english', 'catalan']);
  expect(find('data', 'ca').results).toEqual(['catalan', 'english']);
});

test('nothing looked for, or only little words, finds everything', () => {
  for (const sought of ['', '  ', '¿?', 'vull demanar cita'])
    expect(find(sought, 'ca'), sought).toEqual({
      results: ['volant', 'gos', 'cens'],
      isPartial: false,
      meant: null,
    });
});

test('a word that nothing has doesn’t hide the rest, and that is said', () => {
  expect(find('cens de barques', 'ca')).toEqual({
    results: ['cens', 'gos'],
    isPartial: true,
    meant: null,
  });
  expect(find('padró de gats', 'ca')).toMatchObject({ isPartial: true });
  expect(find('barques', 'ca')).toEqual({ results: [], isPartial: false, meant: null });
});

test('a slip is mended, and what was probably meant is said as it is written', () => {
  expect(find('Empadronamet a la vila', 'ca')).toMatchObject({
    results: ['volant'],
    meant: 'empadronament a la vila',
  });
  expect(find('elecions', 'ca').meant).toBe('eleccions');
  expect(find('eleccions', 'ca').meant).toBeNull();
  // Short words must be exact: a cat is no gas.
  expect(search('gas')).toEqual([]);
});

test.each([
  ['multa', 'multes', 'ca'],
  ['gos', 'gossos', 'ca'],
  ['padro', 'padrons', 'ca'],
  ['informacio', 'informacions', 'ca'],
  ['empadronar', 'empadronament', 'ca'],
  ['multa', 'multas', 'es'],
  ['padron', 'padrones', 'es'],
  ['empadronarme', 'empadronamiento', 'es'],
  ['tax', 'taxes', 'en'],
  ['property', 'properties', 'en'],
  ['erroldan', 'erroldatzeko', 'eu'],
  ['zerga', 'zergaren', 'eu'],
  ['txakurra', 'txakurrak', 'eu'],
] as const)('%s and %s are one word in %s', (one, other, language) => {
  expect(stemOf(one, language)).toBe(stemOf(other, language));
});

test.each([
  ['obra', 'obrir', 'ca'],
  ['bar', 'barri', 'ca'],
  ['perro', 'pero', 'es'],
  ['car', 'care', 'en'],
] as const)('%s and %s are two words in %s', (one, other, language) => {
  expect(stemOf(one, language)).not.toBe(stemOf(other, language));
});

describe('slips', () => {
  test.each([
    ['padro', 'padro', 0],
    ['pardo', 'padro', 1],
    ['padr', 'padro', 1],
    ['paddro', 'padro', 1],
    ['xadro', 'padro', 1],
    ['residnecia', 'residencia', 1],
    ['rsdencia', 'residencia', 2],
    ['padre', 'pare', 1],
    ['perdo', 'padro', null],
    ['gas', 'gat', null],
    ['taxi', 'tax', null],
  ])('between %s and %s: %s', (typed, word, count) => {
    expect(slipsBetween(typed, word)?.count ?? null).toBe(count);
  });

  test('a word that isn’t finished may have one too', () => {
    expect(slipsBetween('empadorn', 'empadronament')).toEqual({ count: 1, isBeginning: true });
    expect(slipsBetween('empa', 'empadronament')).toBeNull();
  });

  /** Ukkonen's recursion written down as it is defined, without tables. */
  const plainly = (a: string, b: string): number => {
    if (!a || !b) return a.length + b.length;
    const costs = [
      plainly(a.slice(1), b) + 1,
      plainly(a, b.slice(1)) + 1,
      plainly(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1),
    ];
    if (a[0] === b[1] && a[1] === b[0] && a.length > 1 && b.length > 1)
      costs.push(plainly(a.slice(2), b.slice(2)) + 1);
    return Math.min(...costs);
  };

  test('are as many as their definition says', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 4, maxLength: 6 });
    fc.assert(
      fc.property(word, word, (typed, other) => {
        const slips = slipsBetween(typed, other);
        const expected = plainly(typed, other);
        const isBeginning = typed.length >= 5 && slips?.isBeginning;
        if (expected <= 1 && !isBeginning) expect(slips?.count).toBe(expected);
        if (slips && !slips.isBeginning) expect(slips.count).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});

test('the quick look at letters never turns away what the slow one would take', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abcdefgñç7'), minLength: 4, maxLength: 10 });
  fc.assert(
    fc.property(word, word, (typed, other) => {
      const slips = slipsBetween(typed, other);
      if (slips)
        expect(lacking(lettersOf(typed), lettersOf(other))).toBeLessThanOrEqual(slips.count);
    }),
    { numRuns: 2000 },
  );
  expect(lacking(lettersOf('padro'), lettersOf('multa'))).toBe(4);
});

test('folding what is folded changes nothing', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom('l', 'L', '·', 'ŀ', 'Ŀ', '.', '-', 'İ', 'é', 'ß', 'ſ') }),
  );
  fc.assert(fc.property(text, (each) => fold(fold(each)) === fold(each)));
});

test('one slip in a long word of a name still finds it', () => {
  const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');
  const names = ['empadronament', 'fraccionament', 'companyia', 'electoral', 'informacio'];
  const towns = makeSearch(names.map((name) => ({ item: name, entry: entry(name) })));
  const slip = fc.record({
    name: fc.constantFrom(...names),
    at: fc.nat(20),
    kind: fc.constantFrom('missing', 'twice', 'wrong', 'swapped'),
    letter: fc.constantFrom(...letters),
  });
  fc.assert(
    fc.property(slip, ({ name, at, kind, letter }) => {
      const i = at % name.length;
      const [before, after] = [name.slice(0, i), name.slice(i + 1)];
      const typed = {
        missing: before + after,
        twice: before + letter + name.slice(i),
        wrong: before + letter + after,
        swapped: before + (after[0] ?? '') + (name[i] ?? '') + after.slice(1),
      }[kind];
      expect(towns.find(typed, 'ca').results, typed).toContain(name);
    }),
    { numRuns: 1000 },
  );
});

test('whatever is typed, a search ends and invents nothing', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 100, unit: 'grapheme' }), (typed) => {
      const { results } = find(typed, 'ca');
      expect(new Set(results).size).toBe(results.length);
      for (const each of results) expect(Object.keys(all)).toContain(each);
    }),
  );
});
