import type { AnswerMistake } from '../../../../domain/form/validate.ts';

/** Where a file is added: the name of its question, and in a group the key of the thing. */
export interface PaperAt {
  question: string;
  item?: string;
}

/** A file as somebody sends it. */
export interface GivenFile {
  name: string;
  /** The media type that the browser sent. */
  type: string;
  bytes: Uint8Array;
}

/** Why a file can't be taken out: the question, the thing of its group, or the file is gone. */
type Refusal = { ok: false; reason: 'not_found' | 'handed_in' | 'gone' };

export type RemoveResult = { ok: true } | Refusal;

/**
 * `invalid`: the question takes no such file, with why. `full`: the case has as many bytes as it may. `no_room`: it could not be kept now.
 */
export type PaperResult =
  | { ok: true }
  | Refusal
  | { ok: false; reason: 'empty' | 'full' | 'no_room' }
  | { ok: false; reason: 'invalid'; slips: readonly Pick<AnswerMistake, 'key' | 'values'>[] };

/** `not_open`: the appointment takes no documents now. `full`: it takes no more. `gone`: the file is not there any more, or was not checked. */
export type BringResult =
  | { ok: true }
  | { ok: false; reason: 'not_found' | 'not_open' | 'full' | 'gone' };
