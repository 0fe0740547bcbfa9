import { unaccented } from '../unaccented.ts';
import { LANGUAGES } from './languages.ts';

/** Shorter beginnings could be of several months. */
const SHORTEST = 3;
/** The endings of a month in a Basque date: abenduaren 9a. */
const ENDING = /(?:ren|k|n)$/;

interface MonthName {
  name: string;
  month: number;
}

/** Spellings that the locale data leave out. */
const ALSO: readonly MonthName[] = [{ name: 'setiembre', month: 9 }];

/** The names and the abbreviations of the months in every language, without accents. */
const NAMES: readonly MonthName[] = LANGUAGES.flatMap((language) =>
  (['long', 'short'] as const).flatMap((month) => {
    const format = new Intl.DateTimeFormat(language, { month, timeZone: 'UTC' });
    return Array.from({ length: 12 }, (_, index) => ({
      name: plain(format.format(Date.UTC(2026, index, 15))),
      month: index + 1,
    }));
  }),
).concat(ALSO);

/** Returns the word alone: without accents, full stops and a preposition: "d’abril", "de des." */
function plain(text: string): string {
  return unaccented(text)
    .trim()
    .replace(/^d(?:e\s+|['’]\s*)/, '')
    .replace(/\.$/, '');
}

/**
 * Returns the month (1–12) that a person typed: a number, or a name in any of our languages, whole, abbreviated or begun. Null when it is
 * no month, or could be several.
 */
export function readMonth(typed: string): number | null {
  const text = typed.trim();
  if (/^\d{1,2}$/.test(text)) return monthOf(Number(text));
  const word = plain(text);
  const found = NAMES.filter(
    ({ name }) =>
      name === word ||
      (word.length >= SHORTEST && name.startsWith(word)) ||
      (ENDING.test(word) && name === word.replace(ENDING, '')),
  );
  const [month, ...others] = new Set(found.map((each) => each.month));
  return month !== undefined && others.length === 0 ? month : null;
}

const monthOf = (number: number): number | null => (number >= 1 && number <= 12 ? number : null);
