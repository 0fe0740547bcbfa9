import type { Slip } from '../../domain/office/fields.ts';
import type { Language, Texts } from '../../lib/i18n/languages.ts';
import type { MessageKey, Translate } from '../../lib/i18n/translate.ts';

/** What a form shows and sends: a part of an office's declaration as it is written, numbers perhaps still as texts. */
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

/** A question of a form, for the value at a key. */
export type Field =
  /** A text in each language, side by side. `rows`: for long ones; `instead`: what is said where it is left empty. */
  | (Said & {
      kind: 'texts';
      rows?: number;
      optional?: boolean;
      instead?: { label: MessageKey; texts: Texts };
    })
  | (Said & { kind: 'text'; type?: 'url' | 'email' | 'tel' | 'date' | 'color' })
  | (Said & { kind: 'number' })
  /** `isLong`: more choices than are read at a glance. */
  | (Said & { kind: 'one'; choices: readonly Choice[]; isLong?: boolean })
  | (Said & { kind: 'several'; choices: readonly Choice[] })
  | (Said & { kind: 'yes' })
  /** A picture: a file of it, or the address where it is. A form has one of them at most. */
  | (Said & { kind: 'picture' })
  /** Words that people search for, in each language, parted by commas. */
  | (Said & { kind: 'words' })
  /** Questions about one thing, under a heading. */
  | (Said & { kind: 'group'; fields: readonly Field[] })
  /** Any number of things; with `coded` each has a code, which nobody has to think of. */
  | (Said & { kind: 'rows'; fields: readonly Field[]; coded?: boolean; add: MessageKey });

/** What is wrong at one place of a form. */
export interface Wrong {
  at: At;
  /** In the reader's language; in English where there are no words of ours. */
  text: string;
  lang?: 'en';
  slip?: Slip | undefined;
}

export interface FormView {
  t: Translate;
  /** The office's languages, in its order. */
  languages: readonly Language[];
  wrong: readonly Wrong[];
  /** The row that the questions are about, in words: what is asked of each has a name of its own. */
  row?: string;
  /** The field that has the focus after a button has changed the form. */
  focus?: string | undefined;
}

/** What stands at a place of a value. */
export const valueAt = (value: Value, at: At): unknown =>
  at.reduce<unknown>((inner, step) => (inner as Value | undefined)?.[step], value);

/** A field's name in the form, and its id. */
export const nameOf = (at: At): string => at.join('-');
