import { describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import type { FormContext } from '../applied.ts';
import { question } from '../questions.ts';
import { checkAnswer, type Single } from './check.ts';

const CONTEXT: FormContext = {
  today: Temporal.PlainDate.from('2026-11-29'),
  language: 'ca',
  streets: ['Carrer Major', 'Plaça de la Vila'],
  postalCodes: ['08191'],
};
const asked = (written: object) => question.parse({ id: 'q', ...written }) as Single;
const OPTIONS = { options: [{ id: 'bar' }, { id: 'botiga' }, { id: 'altres' }] };
const ADDRESS = { street: 'carrer major', number: '3', postalCode: '08191' };
const FILE = {
  document: 'd1',
  name: 'Plànol.pdf',
  kind: 'pdf',
  bytes: 1200,
  sha256: 'a'.repeat(64),
};
const PICTURE = { url: 'https://vilaclara.example/p.png', width: 800, height: 600 };
const square = (x: number) => [
  [0, 0],
  [x, 0],
  [x, 5],
  [0, 0],
];

/** Answers that are right: the question, what was answered, what is kept. */
const RIGHT: [string, object, unknown, unknown][] = [
  ['a text without the spaces around it', { type: 'text' }, '  Bar Pi ', 'Bar Pi'],
  ['a text in its composed form', { type: 'text' }, 'cafe\u0301', 'café'],
  ['lines as they are', { type: 'text', multiline: true }, 'a\r\nb', 'a\nb'],
  ['an emoji as one character', { type: 'text', max: 1 }, '😀', '😀'],
  ['a whole number', { type: 'integer', min: 1, max: 40 }, 40, 40],
  ['zero without a sign', { type: 'integer' }, -0, 0],
  ['a decimal', { type: 'decimal', decimals: 3 }, 12.345, 12.345],
  ['money with cents', { type: 'money' }, '12.5', '12.50'],
  ['money at its limit', { type: 'money', max: 99.5 }, '99.50', '99.50'],
  ['money below zero where it may be', { type: 'money', min: -10 }, '-10.00', '-10.00'],
  ['a leap day', { type: 'date' }, '2024-02-29', '2024-02-29'],
  ['today as the first day', { type: 'date', min: 'today' }, '2026-11-29', '2026-11-29'],
  ['ten days from now', { type: 'date', min: 'today+10d' }, '2026-12-09', '2026-12-09'],
  ['eighteen years ago', { type: 'date', max: 'today-18y' }, '2008-11-29', '2008-11-29'],
  ['three months from now', { type: 'date', max: 'today+3m' }, '2027-02-28', '2027-02-28'],
  ['an option', { type: 'choice', ...OPTIONS }, 'bar', 'bar'],
  [
    'options in their order, once',
    { type: 'choices', ...OPTIONS },
    ['altres', 'bar', 'bar'],
    ['bar', 'altres'],
  ],
  ['no', { type: 'yesno' }, false, false],
  ['a DNI as people write it', { type: 'nif' }, '12.345.678-z', '12345678Z'],
  ['a NIE', { type: 'nif' }, 'x1234567l', 'X1234567L'],
  ['an organisation', { type: 'nif', accept: ['company'] }, 'P-0800000 B', 'P0800000B'],
  [
    'an account in fours',
    { type: 'iban' },
    'es91 2100 0418 4502 0005 1332',
    'ES9121000418450200051332',
  ],
  ['an account abroad', { type: 'iban' }, 'DE89370400440532013000', 'DE89370400440532013000'],
  [
    'a street as the town writes it',
    { type: 'address', within: 'town' },
    ADDRESS,
    { ...ADDRESS, street: 'Carrer Major' },
  ],
  [
    'an address anywhere',
    { type: 'address' },
    { ...ADDRESS, town: 'Rubí', floor: ' 2 ' },
    { ...ADDRESS, town: 'Rubí', floor: '2' },
  ],
  [
    'an address abroad',
    { type: 'address' },
    { ...ADDRESS, postalCode: 'AD500', town: 'Andorra', country: 'AD' },
    { ...ADDRESS, postalCode: 'AD500', town: 'Andorra', country: 'AD' },
  ],
  ['a telephone', { type: 'phone' }, '612 34 56 78', '+34612345678'],
  ['a telephone abroad', { type: 'phone' }, '+44 20 7946 0958', '+442079460958'],
  ['an e-mail address', { type: 'email' }, ' Rosa@Exemple.CAT ', 'rosa@exemple.cat'],
  ['a file without what else it carries', { type: 'file' }, [{ ...FILE, path: '/etc' }], [FILE]],
  [
    'a point on the map',
    { type: 'place' },
    { type: 'Point', coordinates: [2.1, 41.5] },
    { type: 'Point', coordinates: [2.1, 41.5] },
  ],
  [
    'an area on a picture',
    { type: 'place', shape: 'area', picture: PICTURE },
    { type: 'Polygon', coordinates: [square(800)] },
    { type: 'Polygon', coordinates: [square(800)] },
  ],
];

/** Answers that are wrong: the question, what was answered, the text that says so. */
const WRONG: [string, object, unknown, string][] = [
  ['a number for a text', { type: 'text' }, 3, 'form.error.text'],
  ['a control character', { type: 'text' }, 'a\u0007', 'form.error.text'],
  ['half of a character', { type: 'text' }, 'a\ud800', 'form.error.text'],
  ['two lines', { type: 'text' }, 'a\nb', 'form.error.oneLine'],
  ['a text that is too long', { type: 'text', max: 3 }, 'abcd', 'form.error.long'],
  ['a text that is too short', { type: 'text', min: 3 }, 'ab', 'form.error.short'],
  ['a text for a number', { type: 'integer' }, '3', 'form.error.number'],
  ['infinity', { type: 'decimal' }, Number.POSITIVE_INFINITY, 'form.error.number'],
  ['half a table', { type: 'integer' }, 1.5, 'form.error.whole'],
  ['three decimals', { type: 'decimal' }, 1.005, 'form.error.decimals'],
  ['too few', { type: 'integer', min: 1 }, 0, 'form.error.least'],
  ['too many', { type: 'integer', max: 40 }, 41, 'form.error.most'],
  ['more than a number can be', { type: 'decimal' }, 2e9, 'form.error.most'],
  ['money as a number', { type: 'money' }, 12.5, 'form.error.money'],
  ['money with a comma', { type: 'money' }, '12,50', 'form.error.money'],
  ['a tenth of a cent', { type: 'money' }, '12.505', 'form.error.money'],
  ['money below zero', { type: 'money' }, '-0.01', 'form.error.least'],
  ['a cent too much', { type: 'money', max: 99.5 }, '99.51', 'form.error.most'],
  ['a day that does not exist', { type: 'date' }, '2026-02-29', 'form.error.day'],
  ['a day in another order', { type: 'date' }, '29/11/2026', 'form.error.day'],
  ['yesterday', { type: 'date', min: 'today' }, '2026-11-28', 'form.error.early'],
  ['somebody of seventeen', { type: 'date', max: 'today-18y' }, '2008-11-30', 'form.error.late'],
  ['an option that is none', { type: 'choice', ...OPTIONS }, 'hotel', 'form.error.choice'],
  ['a text for several options', { type: 'choices', ...OPTIONS }, 'bar', 'form.error.choice'],
  ['too few options', { type: 'choices', min: 2, ...OPTIONS }, ['bar'], 'form.error.fewChosen'],
  [
    'too many options',
    { type: 'choices', most: 1, ...OPTIONS },
    ['bar', 'altres'],
    'form.error.manyChosen',
  ],
  ['a word for yes', { type: 'yesno' }, 'yes', 'form.error.yesno'],
  ['a wrong letter', { type: 'nif' }, '12345678A', 'form.error.nif'],
  ['an organisation for a person', { type: 'nif' }, 'P0800000B', 'form.error.nifPerson'],
  [
    'a person for an organisation',
    { type: 'nif', accept: ['company'] },
    '12345678Z',
    'form.error.nifCompany',
  ],
  ['a NIE for a DNI', { type: 'nif', accept: ['dni'] }, 'X1234567L', 'form.error.nifOther'],
  ['two digits changed places', { type: 'iban' }, 'ES9121000418450200051323', 'form.error.iban'],
  ['a digit too few', { type: 'iban' }, 'ES912100041845020005133', 'form.error.iban'],
  ['a text for an address', { type: 'address' }, 'Carrer Major, 3', 'form.error.address'],
  [
    'an address without a number',
    { type: 'address', within: 'town' },
    { ...ADDRESS, number: '' },
    'form.error.part.number',
  ],
  [
    'another postal code',
    { type: 'address', within: 'town' },
    { ...ADDRESS, postalCode: '08001' },
    'form.error.otherTown',
  ],
  [
    'no postal code of Spain',
    { type: 'address' },
    { ...ADDRESS, postalCode: '99999', town: 'Rubí' },
    'form.error.postalCode',
  ],
  [
    'a street of another town',
    { type: 'address', within: 'town' },
    { ...ADDRESS, street: 'Carrer Nou' },
    'form.error.street',
  ],
  [
    'a country that is none',
    { type: 'address' },
    { ...ADDRESS, town: 'x', country: 'XX' },
    'form.error.country',
  ],
  ['a short telephone', { type: 'phone' }, '112', 'form.error.phone'],
  ['an address without a host', { type: 'email' }, 'rosa@', 'form.error.email'],
  ['a file without its document', { type: 'file' }, [{ name: 'a.pdf' }], 'form.error.file'],
  [
    'two files for one',
    { type: 'file' },
    [FILE, { ...FILE, document: 'd2' }],
    'form.error.manyFiles',
  ],
  ['one file twice', { type: 'file', most: 3 }, [FILE, FILE], 'form.error.sameFile'],
  ['another kind of file', { type: 'file' }, [{ ...FILE, kind: 'exe' }], 'form.error.fileKind'],
  [
    'a file that is too large',
    { type: 'file' },
    [{ ...FILE, bytes: 10_000_001 }],
    'form.error.fileLarge',
  ],
  [
    'a line for a point',
    { type: 'place' },
    { type: 'LineString', coordinates: [] },
    'form.error.place.point',
  ],
  [
    'a point off the world',
    { type: 'place' },
    { type: 'Point', coordinates: [200, 0] },
    'form.error.outside',
  ],
  [
    'a line of one point',
    { type: 'place', shape: 'line' },
    { type: 'LineString', coordinates: [[1, 1]] },
    'form.error.place.line',
  ],
  [
    'an area off the picture',
    { type: 'place', shape: 'area', picture: PICTURE },
    { type: 'Polygon', coordinates: [square(801)] },
    'form.error.outside',
  ],
  [
    'an area that is open',
    { type: 'place', shape: 'area' },
    {
      type: 'Polygon',
      coordinates: [
        square(3)
          .slice(0, 3)
          .concat([[1, 1]]),
      ],
    },
    'form.error.place.area',
  ],
  [
    'an area of nothing',
    { type: 'place', shape: 'area' },
    { type: 'Polygon', coordinates: [square(0)] },
    'form.error.place.area',
  ],
  [
    'too many points',
    { type: 'place', shape: 'line' },
    { type: 'LineString', coordinates: Array(201).fill([1, 1]) },
    'form.error.manyPositions',
  ],
];

describe('an answer', () => {
  test.each(RIGHT)('keeps %s', (_, written, answer, kept) => {
    expect(checkAnswer(asked(written), answer, CONTEXT)).toEqual({ ok: true, answer: kept });
  });

  test.each(WRONG)('may not be %s', (_, written, answer, key) => {
    const checked = checkAnswer(asked(written), answer, CONTEXT);
    if (checked.ok) throw new Error('it was kept');
    expect(checked.slips.map((each) => each.key)).toEqual([key]);
    // Every mistake can be told in every language, with its values.
    for (const language of LANGUAGES)
      for (const slip of checked.slips)
        expect(translateTo(language)(slip.key, slip.values)).not.toMatch(/[{}]|undefined/);
  });

  test('tells days and amounts in the language of the reader', () => {
    const late = (language: 'ca' | 'en') =>
      checkAnswer(asked({ type: 'date', max: '2026-12-24' }), '2026-12-25', {
        ...CONTEXT,
        language,
      });
    expect(late('ca')).toMatchObject({ slips: [{ values: { day: '24/12/2026' } }] });
    expect(late('en')).toMatchObject({ slips: [{ values: { day: '24/12/2026' } }] });
    const much = checkAnswer(asked({ type: 'money', max: 1200.5 }), '1300', CONTEXT);
    expect(much).toMatchObject({
      slips: [{ values: { max: expect.stringMatching(/1\.?200,50\s€/) } }],
    });
  });

  test('has every part of an address that is wrong told at that part', () => {
    const checked = checkAnswer(asked({ type: 'address' }), { number: 3 }, CONTEXT);
    expect(checked.ok ? [] : checked.slips.map(({ part }) => part)).toEqual([
      'street',
      'number',
      'postalCode',
      'town',
    ]);
  });
});
