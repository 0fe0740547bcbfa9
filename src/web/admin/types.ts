import type { Slip } from '../../domain/office/fields.ts';
import type { OlderText } from '../../formats/town-file/versions/older.ts';
import type { Language, Texts } from '../../lib/i18n/languages.ts';
import type { MessageKey, Translate } from '../../lib/i18n/translate.ts';

/**
 * The values of a form: a part of an office's declaration in its written form. Numbers may still be texts.
 */
export type Value = Record<string, unknown>;

export type At = readonly (string | number)[];

export interface Choice {
  value: string;
  label: string;
  lang?: Language;
}

interface Said {
  key: string;
  label: MessageKey;
  hint?: MessageKey;
}

/** A field of a form, for the value at a key. */
export type Field =
  /**
   * A text in each language, side by side. `rows`: for long texts; `instead`: the default for an empty one.
   */
  | (Said & {
      kind: 'texts';
      rows?: number;
      optional?: boolean;
      instead?: { label: MessageKey; texts: Texts };
    })
  | (Said & { kind: 'text'; type?: 'url' | 'email' | 'tel' | 'date' | 'color' })
  | (Said & { kind: 'number' })
  /** `isLong`: too many choices for radio buttons. */
  | (Said & { kind: 'one'; choices: readonly Choice[]; isLong?: boolean })
  | (Said & { kind: 'several'; choices: readonly Choice[] })
  | (Said & { kind: 'yes' })
  /** A picture: a file, or an address. A form has at most one. */
  | (Said & { kind: 'picture' })
  /** Search words in each language, separated by commas. */
  | (Said & { kind: 'words' })
  /** Fields about one thing, under a heading. */
  | (Said & { kind: 'group'; fields: readonly Field[] })
  /** A list of rows; with `coded` each row has a generated code. */
  | (Said & { kind: 'rows'; fields: readonly Field[]; coded?: boolean; add: MessageKey });

/** A mistake at one place of a form. */
export interface Wrong {
  at: At;
  /** In the reader's language; in English where it isn't translated. */
  text: string;
  lang?: 'en';
  slip?: Slip | undefined;
}

export interface FormView {
  t: Translate;
  /** The office's languages, in its order. */
  languages: readonly Language[];
  wrong: readonly Wrong[];
  /** The row of the fields, in words, so that each field has a unique name. */
  row?: string;
  /** The field that has the focus after a button has changed the form. */
  focus?: string | undefined;
  /** The language beside the first one; the texts of the others stay hidden. Undefined: all languages are shown. */
  beside?: Language | undefined;
  /** Translations that are older than their original, by the names of their fields. */
  older?: ReadonlyMap<string, OlderText>;
  /** Paths of those that are ticked as still right. */
  right?: readonly string[];
}

/** Returns the part of a value at a path. */
export const valueAt = (value: Value, at: At): unknown =>
  at.reduce<unknown>((inner, step) => (inner as Value | undefined)?.[step], value);

/** A field's name in the form, and its id. */
export const nameOf = (at: At): string => at.join('-');
