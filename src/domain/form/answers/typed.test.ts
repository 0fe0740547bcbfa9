import { describe, expect, test } from 'vitest';
import { LANGUAGES, type Language } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import type { FormContext } from '../applied.ts';
import { question } from '../questions.ts';
import type { Step } from '../schema.ts';
import { randomAnswer } from '../testing/random-citizen.ts';
import { chanceFrom } from '../testing/random-form.ts';
import { ruleValue } from '../values.ts';
import { numberInWords } from './amounts.ts';
import { checkAnswer, type Single } from './check.ts';
import { shownAnswer } from './shown.ts';
import { fieldsOf, type TypedFields, typedAnswer, typedMoney, typedNumber } from './typed.ts';

type Typed = Exclude<Single, { type: 'file' }>;
const asked = (written: object) => question.parse({ id: 'q', ...written }) as Typed;
const fieldsWith = (values: Record<string, string | string[]>): TypedFields => ({
  text: (name) => [values[name] ?? ''].flat()[0] ?? '',
  all: (name) => [values[name] ?? []].flat(),
});
const read = (
  written: object,
  values: Record<string, string | string[]>,
  language: Language = 'ca',
) => typedAnswer(asked(written), fieldsWith(values), 'q', language);
const PICTURE = { url: 'https://vilaclara.example/p.png', width: 800, height: 600 };

describe('what somebody types', () => {
  test.each<[string, Language, number | null]>([
    ['12', 'ca', 12],
    ['1.234', 'ca', 1234],
    ['1.234', 'en', 1.234],
    ['1,234', 'en', 1234],
    ['1,234', 'es', 1.234],
    ['12,5', 'ca', 12.5],
    ['12.5', 'ca', 12.5],
    ['12.5', 'en', 12.5],
    ['12,50', 'en', 12.5],
    ['1.234,5', 'eu', 1234.5],
    ['1,234.5', 'es', 1234.5],
    ['1.234.567', 'en', 1234567],
    ['1 234,5', 'ca', 1234.5],
    ['0.125', 'ca', 0.125],
    ['-3', 'ca', -3],
    ['−3,5', 'ca', -3.5],
    ['12a', 'ca', null],
    ['1,2,3', 'ca', null],
    ['', 'ca', null],
    ['1e5', 'ca', null],
    ['0,1234567', 'ca', null],
  ])('as a number: %s in %s is %s', (text, language, number) => {
    expect(typedNumber(text, language)).toBe(number);
  });

  test.each<[string, Language, string | null]>([
    ['1.250,5 €', 'ca', '1250.50'],
    ['€1,250.50', 'en', '1250.50'],
    ['1.250', 'es', '1250.00'],
    ['12.505', 'es', '12505.00'],
    ['12,505', 'es', null],
    ['12', 'eu', '12.00'],
    ['gratis', 'ca', null],
  ])('as money: %s in %s is %s', (text, language, money) => {
    expect(typedMoney(text, language)).toBe(money);
  });

  test('stays as it was typed where it is no answer, so that nothing is lost', () => {
    expect(read({ type: 'integer' }, { q: ' molts ' })).toBe('molts');
    expect(read({ type: 'money' }, { q: 'uns 12' })).toBe('uns 12');
    expect(read({ type: 'yesno' }, { q: 'potser' })).toBe('potser');
    expect(read({ type: 'place' }, { q: 'a la plaça' })).toBe('a la plaça');
    expect(read({ type: 'date' }, { 'q-day': '31', 'q-month': 'brumari', 'q-year': '2026' })).toBe(
      '2026-brumari-31',
    );
    expect(read({ type: 'date' }, { 'q-day': '30', 'q-month': '2', 'q-year': '2026' })).toBe(
      '2026-02-30',
    );
  });

  test('is nothing where nothing was typed', () => {
    for (const type of ['text', 'integer', 'money', 'date', 'yesno', 'nif', 'address', 'place'])
      expect(read({ type }, { q: '  ' })).toBeUndefined();
  });

  test('is read from the fields of its question', () => {
    const options = { options: [{ id: 'bar' }, { id: 'botiga' }] };
    expect(read({ type: 'choices', ...options }, { q: ['bar', ''] })).toEqual(['bar']);
    expect(read({ type: 'yesno' }, { q: 'no' })).toBe(false);
    expect(read({ type: 'date' }, { 'q-day': '4', 'q-month': 'març', 'q-year': '2027' })).toBe(
      '2027-03-04',
    );
    const address = { 'q-street': 'Carrer Major', 'q-number': ' 3 ', 'q-town': 'Rubí' };
    expect(read({ type: 'address', within: 'town' }, address)).toEqual({
      street: 'Carrer Major',
      number: '3',
    });
    expect(fieldsOf(asked({ type: 'date' }), 'q')).toEqual(['q-day', 'q-month', 'q-year']);
    expect(fieldsOf(asked({ type: 'address' }), 'q')).toContain('q-country');
    expect(fieldsOf(asked({ type: 'iban' }), 'q')).toEqual(['q']);
  });

  test('as coordinates is latitude and longitude on the map, and an area is closed', () => {
    expect(read({ type: 'place' }, { q: '41.5463, 2.1086' })).toEqual({
      type: 'Point',
      coordinates: [2.1086, 41.5463],
    });
    expect(
      read({ type: 'place', shape: 'area', picture: PICTURE }, { q: '0 0; 10 0\n10 10' }),
    ).toEqual({
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [10, 0],
          [10, 10],
          [0, 0],
        ],
      ],
    });
    expect(read({ type: 'place' }, { q: '1,2;3,4' })).toBe('1,2;3,4');
  });

  test('as a number that was written for readers is that number, in every language', () => {
    const chance = chanceFrom(7);
    for (let time = 0; time < 2000; time++) {
      const number = Number(
        ((chance.below(2e9) - 1e9) / 10 ** chance.below(7)).toFixed(chance.below(7)),
      );
      for (const language of LANGUAGES) {
        const read = typedNumber(numberInWords(number, language), language);
        expect(read, `${number} ${language}`).toBe(number === 0 ? (read ?? 0) : number);
      }
    }
  });
});

describe('what is shown of an answer', () => {
  const step = {} as Step;
  const shown = (written: object, answer: unknown, language: Language = 'ca') => {
    const each = question.parse({ id: 'q', ...written });
    const value = each.type === 'computed' ? (answer as never) : ruleValue(each, answer);
    const applied = { name: 's.q', step, question: each, answer, value, items: [] };
    return shownAnswer(applied, translateTo(language));
  };
  const OPTIONS = { options: [{ id: 'bar', label: { ca: 'Un bar' } }, { id: 'hotel' }] };

  test.each<[object, unknown, string[]]>([
    [{ type: 'text', multiline: true }, 'a\nb', ['a', 'b']],
    [{ type: 'decimal', unit: { ca: 'metres' } }, 1234.5, ['1234,5 metres']],
    [{ type: 'money' }, '1250.50', ['1250,50\u00a0€']],
    [{ type: 'date' }, '2026-12-24', ['dijous, 24 de desembre del 2026']],
    [{ type: 'yesno' }, false, ['No']],
    [{ type: 'choice', ...OPTIONS }, 'bar', ['Un bar']],
    [{ type: 'choices', ...OPTIONS }, ['bar', 'hotel'], ['Un bar', 'hotel']],
    [
      { type: 'address' },
      {
        street: 'Carrer Major',
        number: '3',
        floor: '2n',
        door: '1a',
        postalCode: '08191',
        town: 'Rubí',
      },
      ['Carrer Major, 3, 2n, 1a', '08191 Rubí'],
    ],
    [
      { type: 'file' },
      [
        {
          document: 'd',
          name: 'Plànol.pdf',
          kind: 'pdf',
          bytes: 1_240_000,
          sha256: 'a'.repeat(64),
        },
        { document: 'e', name: 'Foto.jpg', kind: 'jpg', bytes: 410, sha256: 'a'.repeat(64) },
      ],
      ['Plànol.pdf (1,2 MB)', 'Foto.jpg (1 kB)'],
    ],
    [{ type: 'place' }, { type: 'Point', coordinates: [2.1, 41.5] }, ['41.5, 2.1']],
    [{ type: 'group', questions: [{ id: 'i', type: 'text' }] }, [{}, {}], ['N’hi ha 2']],
    [{ type: 'computed', gives: 'yesno', value: true }, true, ['Sí']],
    [{ type: 'integer' }, undefined, ['Sense resposta']],
    [{ type: 'integer' }, 'molts', ['molts']],
    [{ type: 'money' }, 'uns 12', ['uns 12']],
    [{ type: 'address' }, 'Carrer Major', ['Carrer Major']],
    [{ type: 'place' }, { type: 'Point' }, ['{"type":"Point"}']],
    [{ type: 'nif' }, '12345678Z', ['12345678Z']],
  ])('%j', (written, answer, lines) => {
    const spaces = (text: string) => text.replaceAll(/(\d)\.(\d{3})/g, '$1$2');
    expect(shown(written, answer).map(spaces)).toEqual(lines);
  });

  test('whatever is right has words in every language', () => {
    const context: FormContext = { today: Temporal.PlainDate.from('2026-11-29'), language: 'ca' };
    const chance = chanceFrom(3);
    const types = ['text', 'integer', 'decimal', 'money', 'date', 'yesno', 'nif', 'iban'];
    for (const type of [...types, 'address', 'phone', 'email', 'file', 'place'])
      for (const language of LANGUAGES) {
        const each = question.parse({ id: 'q', type, required: true }) as Single;
        const answer = randomAnswer(each, context, chance);
        expect(checkAnswer(each, answer, context).ok).toBe(true);
        expect(shown({ type }, answer, language).join('')).not.toMatch(/undefined|\[object|^$/);
      }
  });
});
