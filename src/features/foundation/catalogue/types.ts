import type { Language, Texts } from '../../../lib/i18n/languages.ts';

/** What of a procedure is searched, in every language that it has. */
export interface Entry {
  name: Texts;
  keywords?: Partial<Record<Language, readonly string[]>> | undefined;
  summary?: Texts | undefined;
  /** What stands around it: its theme, its office. */
  around?: readonly Texts[] | undefined;
  /** Its longer texts. */
  texts?: readonly (Texts | undefined)[] | undefined;
  /** Questions of all kinds are answered there: what is about one thing comes before it, other things being equal. */
  isGeneral?: boolean | undefined;
}

/** What a search found. */
export interface Found<T> {
  /** Best first. */
  results: T[];
  /** Whether the results have only some of the words looked for, since nothing has them all. */
  isPartial: boolean;
  /** What was looked for, as it was probably meant; null where nothing had to be mended. */
  meant: string | null;
}

/** A catalogue made ready to be searched. */
export interface Search<T> {
  /** Nothing looked for, or only little words, finds everything in the catalogue's order. `language`: the reader's. */
  find(sought: string, language: Language): Found<T>;
}
