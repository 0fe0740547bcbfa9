import fc from 'fast-check';

const nest = (depth: number) => {
  let value: unknown = 'x';
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { a: value };
  return value;
};

const NASTY_TIMES = [
  ...['0000-01-01', '0001-01-01', '-000001-01-01'],
  ...['2026-11-30', '2026-02-30', '0000-00-00', '9999-12-31', '-271821-04-20', '+275760-09-13'],
  ...[
    '9999-12-31T23:59:59.999999999+23:59',
    '9999-12-31T23:59:59-23:59',
    '0001-01-01T00:00:00+23:59',
    '2026-11-30T09:00:00+99:99',
    '2026-11-30T24:00:00Z',
  ],
  ...['2199-12-31T23:59:59-23:59', '2000-01-01T00:00:00+23:59', '2026-06-30T23:59:60Z'],
];

const NASTY_TEXTS = [
  ...[
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    'a\udfff',
    '\ufeff',
    '\u202e',
    '\u2028',
    '\u0007',
    'é\u0301',
  ],
  ...[
    'x'.repeat(300),
    '💩'.repeat(200),
    '__proto__',
    'constructor',
    'toString',
    '1',
    '-1',
    '1e400',
  ],
  ...["' or 1=1 --", '\\', '"', '%00', '%', '../..', '{{7*7}}', '<script>', 'null', 'NaN'],
];
const NASTY_VALUES = [
  ...[null, true, false, 0, -0, -1, 1.5, 2 ** 31, 2 ** 53, 1e308, 5e-324],
  ...[[], {}, [[]], [null], ['ca', 'ca'], { $ref: '#' }, { length: -1 }, nest(200), nest(3000)],
  ...[JSON.parse('{"__proto__":{"x":1}}'), JSON.parse('{"toString":1,"constructor":{}}')],
];

/** Texts that break careless code. */
export const nastyText = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...NASTY_TEXTS) },
  { weight: 4, arbitrary: fc.constantFrom(...NASTY_TIMES) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.double().map(String) },
);
/** Values of unexpected types. */
export const nasty = fc.oneof(
  { weight: 6, arbitrary: nastyText },
  { weight: 3, arbitrary: fc.constantFrom(...NASTY_VALUES) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);
