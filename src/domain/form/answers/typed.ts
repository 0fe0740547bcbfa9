import type { Language } from '../../../lib/i18n/languages.ts';
import { readMonth } from '../../../lib/i18n/months.ts';
import { MOST_DECIMALS, type QuestionOf } from '../questions.ts';
import { isMissing } from '../values.ts';
import { type ADDRESS_PARTS, possibleParts } from './address.ts';
import type { Single } from './check.ts';
import { GEOMETRY } from './things.ts';

/** What a browser sent: the texts of the fields of a page. */
export interface TypedFields {
  text(name: string): string;
  all(name: string): readonly string[];
}

/** Returns the names of the fields in which a question is answered; files are handed over in another way. */
export function fieldsOf(question: Single, name: string): string[] {
  if (question.type === 'date') return ['day', 'month', 'year'].map((each) => `${name}-${each}`);
  if (question.type === 'address') return possibleParts(question).map((each) => `${name}-${each}`);
  return [name];
}

/**
 * Returns the answer that somebody typed, undefined for none. What is no number, no day or no place stays a text as it was typed, so that
 * nothing is lost: `checkAnswer` tells the mistake, and the page shows the text again.
 */
export function typedAnswer(
  question: Exclude<Single, { type: 'file' }>,
  fields: TypedFields,
  name: string,
  language: Language,
): unknown {
  const text = fields.text(name).trim();
  const answer = () => {
    switch (question.type) {
      case 'integer':
      case 'decimal':
        return typedNumber(text, language) ?? text;
      case 'money':
        return typedMoney(text, language) ?? text;
      case 'date':
        return typedDay(fields, name);
      case 'choices':
        return fields.all(name).filter((each) => each !== '');
      case 'yesno':
        return text === 'yes' ? true : text === 'no' ? false : text;
      case 'address':
        return typedAddress(question, fields, name);
      case 'place':
        return typedPlace(question, text) ?? text;
      default:
        return text;
    }
  };
  const given = answer();
  return isMissing(given) ? undefined : given;
}

/** Where the point parts decimals; elsewhere it parts thousands, and the comma parts decimals. */
const POINT: ReadonlySet<Language> = new Set<Language>(['en']);

/** Returns the sign before the decimals of a number in a language. */
export const decimalSign = (language: Language): string => (POINT.has(language) ? '.' : ',');

/**
 * Returns the digits of a number as a text that JSON has, such as `1234.5`; null when it is none. A sign before three last digits parts
 * thousands where the language writes them so; any other parts decimals, since people type both.
 */
function plainNumber(text: string, language: Language): string | null {
  const compact = text.replaceAll(/[\s€'’]/g, '').replace(/^[−–]/, '-');
  if (!/^-?\d[\d.,]*$/.test(compact)) return null;
  const thousands = POINT.has(language) ? ',' : '.';
  const marks = [...compact].filter((each) => each === '.' || each === ',');
  const last = marks.at(-1) ?? '';
  const isGrouped = /^-?[1-9]\d{0,2}([.,]\d{3})+$/.test(compact) && new Set(marks).size === 1;
  const decimal = isGrouped && (marks.length > 1 || last === thousands) ? '' : last;
  const [whole = '', part = '', ...more] = decimal ? compact.split(decimal) : [compact];
  if (more.length > 0) return null;
  const digits = whole.replaceAll(/[.,]/g, '');
  return part === '' ? digits : `${digits}.${part}`;
}

/** Returns the number in a text as people type it: `1.234,5`, `1234.5`, `12`; null when there is none. */
export function typedNumber(text: string, language: Language): number | null {
  const plain = plainNumber(text, language);
  if (plain === null || !/^-?\d{1,10}(\.\d+)?$/.test(plain)) return null;
  return (plain.split('.')[1]?.length ?? 0) > MOST_DECIMALS ? null : Number(plain);
}

/** Returns the amount in a text as people type it, `1.250,50 €`, as answers have it: `1250.50`; null when there is none. */
export function typedMoney(text: string, language: Language): string | null {
  const plain = plainNumber(text, language);
  const [, whole, part = ''] = /^(-?\d{1,9})(?:\.(\d{1,2}))?$/.exec(plain ?? '') ?? [];
  return whole === undefined ? null : `${whole}.${part.padEnd(2, '0')}`;
}

/** Returns the day of three fields; a text that is no day where they are not right. The month may be a word. */
function typedDay(fields: TypedFields, name: string): string {
  const typed = ['year', 'month', 'day'].map((each) => fields.text(`${name}-${each}`).trim());
  if (typed.every((each) => each === '')) return '';
  const [year = '', month = '', day = ''] = typed;
  const number = readMonth(month);
  if (!/^\d{4}$/.test(year) || !number || !/^\d{1,2}$/.test(day)) return typed.join('-');
  return [year, ...[number, Number(day)].map((each) => String(each).padStart(2, '0'))].join('-');
}

function typedAddress(
  question: QuestionOf<'address'>,
  fields: TypedFields,
  name: string,
): Record<string, string> {
  const parts = possibleParts(question) satisfies (keyof typeof ADDRESS_PARTS)[];
  return Object.fromEntries(
    parts
      .map((part): [string, string] => [part, fields.text(`${name}-${part}`).trim()])
      .filter(([, text]) => text !== ''),
  );
}

/**
 * Returns the place in typed coordinates, with a line or a semicolon between points. On the map people write latitude and longitude, as maps
 * show them; on a picture, from the left and from the top. An area is closed. Null: there is none.
 */
function typedPlace({ shape, picture }: QuestionOf<'place'>, text: string): object | null {
  const points = text
    .split(/[;\n]/)
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => /^(-?\d+(?:\.\d+)?)\s*[,\s]\s*(-?\d+(?:\.\d+)?)$/.exec(each));
  if (points.length === 0 || points.includes(null)) return null;
  const positions = points.map((each) => {
    const first = Number(each?.[1]);
    const second = Number(each?.[2]);
    return picture ? [first, second] : [second, first];
  });
  const { type } = GEOMETRY[shape];
  const [start] = positions;
  if (shape === 'point') return positions.length === 1 ? { type, coordinates: start } : null;
  if (shape === 'line') return { type, coordinates: positions };
  const isClosed = JSON.stringify(start) === JSON.stringify(positions.at(-1));
  return { type, coordinates: [isClosed ? positions : [...positions, start]] };
}
