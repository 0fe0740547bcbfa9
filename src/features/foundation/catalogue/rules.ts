import {
  inEveryLanguage,
  LANGUAGES,
  type Language,
  type Texts,
} from '../../../lib/i18n/languages.ts';
import { lacking, lettersOf, MOST_SLIPS, slipsBetween } from './slips.ts';
import { stemOf } from './stems.ts';
import type { Entry, Found, Search } from './types.ts';
import { fold, meaningOf } from './words.ts';

export { entryOf } from './entries.ts';
export { fold } from './words.ts';

/** Weight of the part of an entry where a word was found. */
const WEIGHT = { name: 1, keyword: 0.85, summary: 0.5, around: 0.4, text: 0.3 } as const;
/** Weight of the kind of match. */
const QUALITY = { exact: 1, stem: 0.8, beginning: 0.7 } as const;
/** A word that matched after a typo was corrected. */
const MENDED = 0.6;
/** A word of another language than the reader's. */
const OTHER_LANGUAGE = 0.95;
/** Extra weight when a word is also in another part of the entry. */
const REPEATED = 0.1;
/** Number of letters from which a word may be incomplete. */
const LEAST_BEGINNING = 3;
/** Maximum words of a search; the rest is ignored. */
const MOST_WORDS = 8;
/** A written word, including col·legi. */
const WORD = /[\p{L}\p{M}\p{N}·]+/gu;

/** A word of the catalogue, in one language. */
interface Term {
  word: string;
  /** The written form, with accents. */
  written: string;
  language: Language;
  stem: string;
  letters: number;
  /** The weight of the word in each entry that has it. */
  entries: Map<number, number>;
}

interface Indexed<T> {
  items: readonly { item: T; entry: Entry }[];
  terms: readonly Term[];
}

/** The score of a searched word in each entry that has it. */
type Hits = Map<number, number>;

/** Prepares a catalogue for searching in all its languages at once, since people may type a word of any language. */
export function makeSearch<T>(items: readonly { item: T; entry: Entry }[]): Search<T> {
  const index: Indexed<T> = { items, terms: termsOf(items.map((each) => each.entry)) };
  return { find: (sought, language) => find(index, sought, language) };
}

function termsOf(entries: readonly Entry[]): Term[] {
  const terms = new Map<string, Term>();
  const known = new Map<string, string[]>();
  const termOf = (word: string, written: string, language: Language): Term => {
    const key = `${language} ${word}`;
    const known = terms.get(key);
    if (known) return known;
    const stem = stemOf(word, language);
    const letters = lettersOf(word);
    const term = { word, written, language, stem, letters, entries: new Map() };
    terms.set(key, term);
    return term;
  };
  for (const [index, entry] of entries.entries()) {
    for (const language of LANGUAGES) {
      for (const { weight, text } of fieldsIn(entry, language)) {
        for (const [word, written] of writtenIn(text, known)) {
          const { entries } = termOf(word, written, language);
          const before = entries.get(index);
          entries.set(index, before ? before + weight * REPEATED : weight);
        }
      }
    }
  }
  return [...terms.values()];
}

/** Returns an entry's texts in a language, the most important first. */
function fieldsIn(entry: Entry, language: Language): { weight: number; text: string }[] {
  const join = (texts: readonly (Texts | undefined)[] | undefined) =>
    (texts ?? []).map((each) => each?.[language] ?? '').join('\n');
  return [
    { weight: WEIGHT.name, text: join([entry.name]) },
    { weight: WEIGHT.keyword, text: (entry.keywords?.[language] ?? []).join('\n') },
    { weight: WEIGHT.summary, text: join([entry.summary]) },
    { weight: WEIGHT.around, text: join(entry.around) },
    { weight: WEIGHT.text, text: join(entry.texts) },
  ];
}

/** Returns the meaningful words of a text, folded, each with its written form. `known`: words that are already folded. */
function writtenIn(text: string, known: Map<string, string[]>): Map<string, string> {
  const words = new Map<string, string>();
  for (const written of text.match(WORD) ?? []) {
    const meaning = known.get(written) ?? meaningOf(written);
    known.set(written, meaning);
    for (const word of meaning) words.set(word, written);
  }
  return words;
}

function find<T>(index: Indexed<T>, sought: string, language: Language): Found<T> {
  const words = meaningOf(sought).slice(0, MOST_WORDS);
  if (words.length === 0)
    return { results: index.items.map((each) => each.item), isPartial: false, meant: null };

  const mended = new Map<string, string>();
  const hits = words.map((word) => {
    const found = hitsOf(index.terms, word, language);
    if (found.size > 0) return found;
    const term = nearest(index.terms, word, language);
    if (!term) return found;
    mended.set(word, term.written);
    return scaled(hitsOf(index.terms, term.word, language), MENDED);
  });
  const { best, isPartial } = withMost(hits);
  return {
    results: ranked(index, words, hits, best).map((each) => each.item),
    isPartial,
    meant: best.length > 0 ? mend(sought, mended) : null,
  };
}

/** Returns the entries that match the most words, and whether a word is missing in them. */
function withMost(hits: readonly Hits[]): { best: number[]; isPartial: boolean } {
  const counts = new Map<number, number>();
  for (const entry of hits.flatMap((each) => [...each.keys()]))
    counts.set(entry, (counts.get(entry) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  const best = [...counts].filter(([, count]) => count === most).map(([entry]) => entry);
  return { best, isPartial: most > 0 && most < hits.length };
}

/** Sorts by word score, then by the matched share of the name, then by catalogue order. */
function ranked<T>(
  { items }: Indexed<T>,
  words: readonly string[],
  hits: readonly Hits[],
  which: readonly number[],
) {
  return which
    .flatMap((position) => {
      const found = items[position];
      if (!found) return [];
      const worth = hits.reduce((sum, each) => sum + (each.get(position) ?? 0), 0);
      return [{ ...found, position, worth, covered: coverOf(found.entry, words) }];
    })
    .sort(
      (a, b) =>
        b.worth - a.worth ||
        b.covered - a.covered ||
        Number(a.entry.isGeneral ?? false) - Number(b.entry.isGeneral ?? false) ||
        a.position - b.position,
    );
}

/** Returns the matched share of a name, 0 to 1, in the language where it is greatest. */
function coverOf({ name }: Entry, words: readonly string[]): number {
  const covers = LANGUAGES.map((language) => {
    const own = meaningOf(name[language] ?? '').map((each) => stemOf(each, language));
    const stems = new Set(words.map((each) => stemOf(each, language)));
    return own.length > 0 ? own.filter((each) => stems.has(each)).length / own.length : 0;
  });
  return Math.max(...covers);
}

/** Returns the entries with a word. When no entry has the whole word, returns words that begin with it, since it may be incomplete. */
function hitsOf(terms: readonly Term[], word: string, language: Language): Hits {
  const stems = stemsOf(word);
  const whole = hitsBy(terms, language, (term) => wholeQuality(term, word, stems[term.language]));
  if (whole.size > 0 || word.length < LEAST_BEGINNING) return whole;
  return hitsBy(terms, language, (term) => (term.word.startsWith(word) ? QUALITY.beginning : 0));
}

function hitsBy(
  terms: readonly Term[],
  language: Language,
  qualityOf: (term: Term) => number,
): Hits {
  const hits: Hits = new Map();
  for (const term of terms) {
    const quality = qualityOf(term);
    if (quality === 0) continue;
    const factor = quality * (term.language === language ? 1 : OTHER_LANGUAGE);
    for (const [entry, weight] of term.entries)
      hits.set(entry, Math.max(hits.get(entry) ?? 0, weight * factor));
  }
  return hits;
}

const stemsOf = (word: string): Record<Language, string> =>
  inEveryLanguage((language) => stemOf(word, language));

function wholeQuality(term: Term, word: string, stem: string): number {
  if (term.word === word) return QUALITY.exact;
  // An apparent ending may be part of the stem: "cens" is the stem of "censos", and would be cut to "cen".
  const isStem = term.stem === stem || term.word === stem || term.stem === word;
  return isStem ? QUALITY.stem : 0;
}

/** Returns the most probable intended word: fewest typos, then whole words, then the reader's language, then the higher weight. */
function nearest(terms: readonly Term[], word: string, language: Language): Term | null {
  if (/\d/.test(word)) return null;
  const letters = lettersOf(word);
  const near = terms.flatMap((term) => {
    if (lacking(letters, term.letters) > MOST_SLIPS) return [];
    const slips = slipsBetween(word, term.word);
    if (!slips) return [];
    const weight = Math.max(...term.entries.values());
    const foreign = term.language === language ? 0 : 1;
    return [{ term, slips, foreign, weight }];
  });
  near.sort(
    (a, b) =>
      a.slips.count - b.slips.count ||
      Number(a.slips.isBeginning) - Number(b.slips.isBeginning) ||
      a.foreign - b.foreign ||
      b.weight - a.weight ||
      a.term.word.length - b.term.word.length,
  );
  return near[0]?.term ?? null;
}

const scaled = (hits: Hits, factor: number): Hits =>
  new Map([...hits].map(([entry, worth]) => [entry, worth * factor]));

/** Returns the typed text with its typos corrected, in written form; null when there were none. */
function mend(sought: string, mended: ReadonlyMap<string, string>): string | null {
  if (mended.size === 0) return null;
  return sought.replaceAll(WORD, (typed) => {
    const written = mended.get(fold(typed));
    return written ? written.toLowerCase() : typed;
  });
}
