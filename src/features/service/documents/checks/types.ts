import type { ScanError } from '../../../../lib/clamd.ts';

/** What is taken, by the ending that it is given. */
export const TAKEN = {
  pdf: 'application/pdf',
  jpg: 'image/jpeg',
  png: 'image/png',
  heic: 'image/heic',
  webp: 'image/webp',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odp: 'application/vnd.oasis.opendocument.presentation',
  txt: 'text/plain',
} as const;

/** With what is never clean: an archive that is locked, which somebody may still let pass. */
export const TYPES = { ...TAKEN, zip: 'application/zip' } as const;
export type Kind = keyof typeof TYPES;

/** Why a file isn't taken. Who sent it can mend that, and needs a sentence for each. */
export const REFUSALS = [
  /** It has no bytes. */
  'empty',
  /** Of none of the kinds that are taken: a web page, a drawing (SVG), an archive, an old Office document. */
  'type',
  /** Its name, or the browser, says that it is something else. */
  'mismatch',
  /** A program, or a document that carries one. */
  'program',
  /** A document with macros. */
  'macros',
  /** A document with another file in it, or that fetches something from elsewhere when it is opened. */
  'embedded',
  /** Two kinds of file at once. */
  'hidden',
  /** It can't be read as what it is. */
  'damaged',
  /** Unpacked it would be too large, have too many parts, or packages in packages. */
  'too_much_inside',
  /** A picture of too many pixels. */
  'pixels',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/**
 * Why nobody could look into a file that may be honest: somebody has to decide. `encrypted`: it is locked; `not_whole`: the
 * antivirus looks at no more than a part of it (its limits), or can't make sense of it; `active`: it is a PDF with scripts, other files,
 * or actions that do more than go to a page or a link, which an antivirus doesn't judge.
 */
export const UNSCANNABLE = ['encrypted', 'not_whole', 'active'] as const;
export type Unscannable = (typeof UNSCANNABLE)[number];

/** Why it isn't known yet, and is to be tried again: see `ScanError`. */
export const ERRORS = ['away', 'slow', 'answer', 'content'] as const satisfies readonly ScanError[];
export type CheckError = (typeof ERRORS)[number];

/**
 * What the check says of a document. `type` and `name` are what the file is, and what it may be called, whatever was declared;
 * `signature` is the antivirus's; `why` is a code, for who must explain it. `failed`: the check itself; `broken`: what was
 * kept of it is lost or changed.
 */
export type Verdict =
  | { verdict: 'clean'; type: string; name: string }
  | { verdict: 'unscannable'; type?: string; name?: string; why: Unscannable }
  | { verdict: 'infected'; signature: string }
  | { verdict: 'error'; why: CheckError | 'failed' }
  | { verdict: 'refused'; why: Refusal | 'broken' };

/** What a look at the bytes alone finds. */
export type Look = { kind: Kind; locked?: true; active?: true } | { refused: Refusal };
export const refused = (why: Refusal): Look => ({ refused: why });
