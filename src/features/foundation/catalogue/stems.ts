import type { Language } from '../../../lib/i18n/languages.ts';

/** Minimum letters left of a word after an ending is cut: an ending of number or gender, and one that changes the kind of word. */
const LEAST = { number: 3, kind: 4 };

interface Endings {
  number: string[];
  kind: string[];
}

const endings = (number: string, kind: string): Endings => {
  const longestFirst = (list: string) => list.split(' ').sort((a, b) => b.length - a.length);
  return { number: longestFirst(number), kind: longestFirst(kind) };
};

/** Endings of words, folded. This is not a grammar; it suffices so that "multas", "empadronarme" and "erroldatzeko" match their stems. */
const ENDINGS: Record<Language, Endings> = {
  ca: endings(
    's es os ns on ons a o e i',
    'ament aments iment iments acio acions icio icions ador adors adora adores ar er ir at ada ats ades ant ants',
  ),
  es: endings(
    's es as os on ones a o e',
    'amiento amientos imiento imientos acion aciones icion iciones ador adora adores adoras ar er ir arme arse arte arlo ' +
      'arla arnos erme erse irme irse ado ada ados adas ido ida idos idas ando iendo',
  ),
  en: endings('s es ies y', 'e ing ings ed er ers ation ations'),
  eu: endings(
    'a ak ek en an n k',
    'ko ra aren ari arekin etan etako etatik entzat entzako arentzat atik ako ara ean eko era ekin tu atu itu etu tzea ' +
      'atzea itzea tzeko atzeko itzeko tzen atzen itzen',
  ),
};

/** A last letter that is doubled before an ending: gos, gossos; txakur, txakurra. */
const DOUBLED: Record<Language, RegExp> = { ca: /ss$/, es: /$^/, en: /$^/, eu: /rr$/ };

/** Returns a folded word without its ending, so that "multes" and "multa" are equal. Words that are too short to be cut stay whole. */
export function stemOf(word: string, language: Language): string {
  const { number, kind } = ENDINGS[language];
  const cut = (list: readonly string[], least: number) =>
    list.find((each) => word.endsWith(each) && word.length - each.length >= least);
  const byKind = cut(kind, LEAST.kind);
  const byNumber = cut(number, LEAST.number);
  // The longer of the two: "erroldaren" is errold-aren, not erroldar-en.
  const ending = (byKind?.length ?? 0) >= (byNumber?.length ?? 0) ? byKind : byNumber;
  const stem = ending ? word.slice(0, -ending.length) : word;
  return stem.replace(DOUBLED[language], (letters) => letters.slice(1));
}
