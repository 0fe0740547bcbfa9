import { isLanguage, type Language } from '../../../lib/i18n/languages.ts';
import { isGroup } from '../changes/same.ts';
import type { Replaced } from './difference.ts';
import type { Leaves } from './leaves.ts';
import { RowNames } from './row-names.ts';

/**
 * How a version came about. `first`: the office was opened; `file`: a town file was applied; `reverted`: an earlier value came back;
 * `published`: the draft; `still_right`: translations were found right, and nothing was changed.
 */
export type VersionKind = 'first' | 'edited' | 'file' | 'reverted' | 'published' | 'still_right';

/** What one version changed, and which translations were found still right. */
export interface VersionChange {
  number: number;
  kind: VersionKind;
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
 * oldest to the newest. A translation is right when it is written, and when somebody says that it still is. One that comes back is as
 * right as it was when it was replaced.
 */
export function olderTexts(
  versions: readonly VersionChange[],
  leaves: Leaves,
  reference: Language,
): OlderText[] {
  const { rights, originals, keyOf } = followed(versions, reference);
  return translationsIn(leaves, reference).flatMap(({ of, language, text, original }) => {
    const path = `${of}.${language}`;
    const right = rights.get(keyOf(path)) ?? 0;
    const before = originals.get(keyOf(of))?.find((each) => each.number > right)?.from;
    if (before === undefined || before === original) return [];
    return { path, language, text, before, now: original };
  });
}

/**
 * Follows the texts through the versions. Keys are paths with the names of rows instead of their numbers: `keyOf` makes them of present
 * paths. `rights`: the versions when the texts were last right; `originals`: the versions that replaced them.
 */
function followed(versions: readonly VersionChange[], reference: Language) {
  const rows = new RowNames();
  const rights = new Map<string, number>();
  const originals = new Map<string, { number: number; from: string | undefined }[]>();
  // When each replaced text was last right.
  const former = new Map<string, Map<string, number>>();
  for (const version of versions) {
    const { number, kind, difference, stillRight } = version;
    for (const { of, language, from, to } of difference.flatMap((each) =>
      changedTexts(each, rows, version),
    )) {
      const key = `${of}.${language}`;
      const known = former.get(key) ?? new Map<string, number>();
      if (from !== undefined) former.set(key, known.set(from, rights.get(key) ?? 0));
      const earlier = kind === 'reverted' && to !== undefined ? known.get(to) : undefined;
      rights.set(key, earlier ?? number);
      if (language === reference)
        originals.set(of, [...(originals.get(of) ?? []), { number, from }]);
    }
    for (const path of stillRight) rights.set(rows.keyOf(path), number);
  }
  return { rights, originals, keyOf: (path: string) => rows.keyOf(path) };
}

/** A text that a version replaced. A missing `from` or `to`: there was none, or there is none any more. */
interface ChangedText extends Omit<Text, 'text'> {
  from: string | undefined;
  to: string | undefined;
}

function changedTexts(
  { path, from, to }: Replaced,
  rows: RowNames,
  { number, kind }: VersionChange,
): ChangedText[] {
  if (!Array.isArray(from) && !Array.isArray(to))
    return changedBetween(textsAt(path, from), textsAt(path, to));
  const list = { path, from: listIn(from), to: listIn(to) };
  return rows
    .follow(list, { number, isBack: kind === 'reverted' })
    .flatMap(({ id, was, row }) =>
      changedBetween(rowTexts(`${path}.${id}`, was), rowTexts(`${path}.${id}`, row)),
    );
}

const listIn = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const rowTexts = (path: string, row: unknown): Text[] => (isGroup(row) ? textsAt(path, row) : []);

function changedBetween(before: readonly Text[], after: readonly Text[]): ChangedText[] {
  const keyOf = ({ of, language }: Text) => `${of}.${language}`;
  const was = new Map(before.map((each) => [keyOf(each), each.text]));
  const is = new Map(after.map((each) => [keyOf(each), each.text]));
  const all = new Map([...before, ...after].map((each) => [keyOf(each), each]));
  return [...all]
    .filter(([key]) => was.get(key) !== is.get(key))
    .map(([key, { of, language }]) => ({ of, language, from: was.get(key), to: is.get(key) }));
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
