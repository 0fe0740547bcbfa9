import type { Language } from '../../../../lib/i18n/languages.ts';
import type { RawAnswers } from '../rules.ts';
import type { RequestPlace, RequestRow } from '../types.ts';
import type { WriteMistakes } from '../writing/types.ts';

/** What another system sends for somebody. */
export interface SentByToken extends Omit<RequestPlace, 'area'> {
  /** The code of its type. */
  type: string;
  /** Of what is written to the person. */
  language: Language;
  text: string;
  answers: RawAnswers;
  /** Empty in these three: not known. An address by mail goes before a number; without either it is anonymous, where its type allows that. */
  name: string;
  email: string;
  phone: string;
}

/** Why a request is not taken. `conflict`: the key was used for another one; `photo`: what was sent as one is none. */
export type TokenSendResult =
  | { ok: true; reference: string; due: Temporal.PlainDate | null; isTold: boolean }
  | { ok: false; reason: 'not_allowed' | 'no_type' | 'no_contact' | 'conflict' | 'photo' }
  | { ok: false; mistakes: WriteMistakes };

/** Which requests another system asks for. */
export interface TokenRequestFilter {
  types?: readonly string[] | undefined;
  isOpen?: boolean | undefined;
  from?: Temporal.Instant | undefined;
  to?: Temporal.Instant | undefined;
  references?: readonly string[] | undefined;
}

/** A request as another system of the office reads it: what is written and where, and nothing of whose it is. */
export interface TokenRequestRow
  extends Pick<
    RequestRow,
    | 'id'
    | 'reference'
    | 'type'
    | 'kind'
    | 'state'
    | 'stateAt'
    | 'closedAt'
    | 'due'
    | 'text'
    | 'address'
    | 'area'
    | 'point'
  > {
  sentAt: Temporal.Instant;
  /** Photos that everybody may see. */
  photos: readonly string[];
}
