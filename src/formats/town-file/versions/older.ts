import { isLanguage, type Language } from '../../../lib/i18n/languages.ts';
import { isGroup } from '../changes/same.ts';
import type { Replaced } from './difference.ts';
import type { Leaves } from './leaves.ts';

/** What one version changed, and which translations were found still right. */
export interface VersionChange {
  number: number;
  difference: readonly Replaced[];
  /** Paths of texts with their language, such as `procedures.volant-padro.name.es`. */
  stillRight: readonly string[];
}

/** A translation whose original was changed after it. */
export interface OlderText {
  /** The path of the text with its language. */
  path: string;
  language: Language;
  /** The translation, as it is. */
  text: string;
  /** The original when the translation was last right, and now. */
  before: string;
  now: string;
}

/** A text in one language. */
interface Text {
  /** Without the language. */
  of: string;
  language: Language;
  text: string;
}

/**
 * Returns the translations that are older than their original, which is the text in the language `reference`. `versions`: from the
 * oldest to the newest. A translation is right when it is written, and when somebody says that it still is.
 */
export function olderTexts(
  versions: readonly VersionChange[],
  leaves: Leaves,
  reference: Language,
): OlderText[] {
  const lastRight = new Map<string, number>();
  const originals = new Map<string, { number: number; from: string | undefined }[]>();
  for (const { number, difference, stillRight } of versions) {
    for (const each of difference)
      for (const { of, language, from } of changedTexts(each)) {
        lastRight.set(`${of}.${language}`, number);
        if (language !== reference) continue;
        const known = originals.get(of) ?? [];
        known.push({ number, from });
        originals.set(of, known);
      }
    for (const path of stillRight) lastRight.set(path, number);
  }
  return translationsIn(leaves, reference).flatMap(({ of, language, text, original }) => {
    const path = `${of}.${language}`;
    const right = lastRight.get(path) ?? 0;
    const before = originals.get(of)?.find((each) => each.number > right)?.from;
    if (before === undefined || before === original) return [];
    return { path, language, text, before, now: original };
  });
}

function changedTexts({ path, from, to }: Replaced) {
  const [before, after] = [textsAt(path, from), textsAt(path, to)];
  const keyOf = ({ of, language }: Text) => `${of}.${language}`;
  const was = new Map(before.map((each) => [keyOf(each), each.text]));
  const is = new Map(after.map((each) => [keyOf(each), each.text]));
  const all = new Map([...before, ...after].map((each) => [keyOf(each), each]));
  return [...all]
    .filter(([key]) => was.get(key) !== is.get(key))
    .map(([key, { of, language }]) => ({ of, language, from: was.get(key) }));
}

function translationsIn(leaves: Leaves, reference: Language): (Text & { original: string })[] {
  const texts = [...leaves].flatMap(([path, value]) => textsAt(path, value));
  const originals = new Map(
    texts.filter((each) => each.language === reference).map(({ of, text }) => [of, text]),
  );
  return texts.flatMap((each) => {
    const original = originals.get(each.of);
    return each.language === reference || original === undefined ? [] : { ...each, original };
  });
}

/** Returns the texts in a value: a path that ends with a language, or those within a list. */
function textsAt(path: string, value: unknown): Text[] {
  if (typeof value === 'string') {
    const at = path.lastIndexOf('.');
    const language = path.slice(at + 1);
    return isLanguage(language) ? [{ of: path.slice(0, at), language, text: value }] : [];
  }
  if (Array.isArray(value))
    return value.flatMap((each, index) => (isGroup(each) ? textsAt(`${path}.${index}`, each) : []));
  if (!isGroup(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => textsAt(`${path}.${key}`, each));
}
