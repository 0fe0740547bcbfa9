import type { ScanError } from '../../../../lib/clamd.ts';

/** The accepted media types, by the ending that a file gets. */
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

/** With a type that is never clean: a locked archive, which a coordinator may still release. */
export const TYPES = { ...TAKEN, zip: 'application/zip' } as const;
export type Kind = keyof typeof TYPES;

/** Why a file is refused. The sender can correct it, and needs a sentence for each reason. */
export const REFUSALS = [
  /** It has no bytes. */
  'empty',
  /** Its kind is not accepted: a web page, a drawing (SVG), an archive, an old Office document. */
  'type',
  /** Its name, or the browser, says that it is another kind. */
  'mismatch',
  /** It is a program, or a document that contains one. */
  'program',
  /** It is a document with macros. */
  'macros',
  /** It is a document that contains another file, or fetches something from elsewhere when it is opened. */
  'embedded',
  /** It is two kinds of file at once. */
  'hidden',
  /** It can't be read as its kind. */
  'damaged',
  /** Its contents would be too large, have too many parts, or contain packages in packages. */
  'too_much_inside',
  /** It is a picture with too many pixels. */
  'pixels',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/**
 * Why a file that may be honest could not be checked; a coordinator has to decide. `encrypted`: it is locked; `not_whole`: the antivirus
 * scans only a part of it (its limits), or can't read it; `active`: it is a PDF with scripts, other files, or actions that do more than go
 * to a page or a link, which an antivirus doesn't judge.
 */
export const UNSCANNABLE = ['encrypted', 'not_whole', 'active'] as const;
export type Unscannable = (typeof UNSCANNABLE)[number];

/** Why a check has no result yet and is repeated: see `ScanError`. */
export const ERRORS = ['away', 'slow', 'answer', 'content'] as const satisfies readonly ScanError[];
export type CheckError = (typeof ERRORS)[number];

/**
 * The result of the check of a document. `type` and `name` are the real type of the file and its safe name, whatever was declared;
 * `signature` is the antivirus's; `why` is a code that the pages explain. `failed`: the check itself failed; `broken`: the stored bytes are
 * lost or changed.
 */
export type Verdict =
  | { verdict: 'clean'; type: string; name: string }
  | { verdict: 'unscannable'; type?: string; name?: string; why: Unscannable }
  | { verdict: 'infected'; signature: string }
  | { verdict: 'error'; why: CheckError | 'failed' }
  | { verdict: 'refused'; why: Refusal | 'broken' };

/** The result of the bytes alone. */
export type Look = { kind: Kind; locked?: true; active?: true } | { refused: Refusal };
export const refused = (why: Refusal): Look => ({ refused: why });
