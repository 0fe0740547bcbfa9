import type { FieldMistake } from '../../../booking/appointments/rules.ts';
import type { RequestMistake } from '../rules.ts';
import type { RequestPhoto, RequestRow } from '../types.ts';

/** What is being written, with its photos. */
export interface UnsentRequest {
  row: RequestRow;
  photos: readonly RequestPhoto[];
}

/** Why something is not kept: somebody sent it meanwhile, or it is gone. */
export type WriteRefusal = { ok: false; reason: 'sent' | 'not_found' };

/** The mistakes of one page of the form, by the names of its fields. */
export type WriteMistakes = Readonly<Record<string, RequestMistake | FieldMistake>>;

export type WriteResult = { ok: true } | WriteRefusal | { ok: false; mistakes: WriteMistakes };

/** Why a photo is not taken: `type`: no JPEG or PNG, or a damaged one; `large`; `many`: its type takes no more. */
export type PhotoRefusal = 'type' | 'large' | 'many' | 'empty';

/** What comes of sending: the same again where it was sent already; else which page is not complete. */
export type SendResult =
  | { ok: true; row: RequestRow }
  | { ok: false; reason: 'not_found' | 'closed_type' | 'where' | 'what' | 'contact' };

/** How somebody wants to hear of a request, as typed. */
export interface RawContact {
  tellBy: string;
  isAnonymous: boolean;
  name: string;
  email: string;
  phone: string;
}
