import type { Language, Texts } from '../../../lib/i18n/languages.ts';

/** The searchable texts of a procedure, in every language that it has. */
export interface Entry {
  name: Texts;
  keywords?: Partial<Record<Language, readonly string[]>> | undefined;
  summary?: Texts | undefined;
  /** The texts around it: its theme, its office. */
  around?: readonly Texts[] | undefined;
  /** Its longer texts. */
  texts?: readonly (Texts | undefined)[] | undefined;
  /** The procedure answers general questions. With equal scores, more specific procedures come first. */
  isGeneral?: boolean | undefined;
}

/** The result of a search. */
export interface Found<T> {
  /** Best first. */
  results: T[];
  /** Whether the results match only some of the searched words, since no entry has them all. */
  isPartial: boolean;
  /** The search text with its typos corrected; null when there were none. */
  meant: string | null;
}

/** A catalogue that is prepared for searching. */
export interface Search<T> {
  /** Searches. An empty search, or one of only stop words, returns everything in catalogue order. `language`: the reader's. */
  find(sought: string, language: Language): Found<T>;
}
