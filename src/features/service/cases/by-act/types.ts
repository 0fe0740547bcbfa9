import type { Language } from '../../../../lib/i18n/languages.ts';
import type { ActRecord, DraftField, Ineligibility } from '../../consent/types.ts';
import type { HandInRefusal } from '../types.ts';

/** How a habilitated official handed in a case for its applicant, who consented (Ley 39/2015, art. 12.2; docs/adr/0106). */
export interface HandedInFor {
  /** The id and the name of the account, and by what they are habilitated. */
  official: { staff: number; name: string; post: string; order: string };
  /** The id of the act. */
  act: string;
  /** SHA-256 of the record of the consent, in hexadecimal, as the audit trail has it. */
  hash: string;
  /** The record, which stays as long as the case. */
  consent: ActRecord;
}

/** What an official enters to hand in a form for somebody. */
export interface AskedAct {
  /** The version of the answers that the official has seen. */
  seen: number;
  /** The code of the office's act, and the language in which the citizen reads it. */
  template: string;
  language: Language;
  /** The name and the number as the document has them. */
  name: string;
  nif: string;
  /** The document that the official saw: a DNI or a NIE, a passport, or the identity document of another state. */
  document: ShownDocument;
  /** The country that gave it, ISO 3166-1 alpha-2, where it is no DNI or NIE. */
  country: string;
  /** The ids of what the citizen declares. */
  declared: readonly string[];
  /** They are not obliged to deal electronically (Ley 39/2015, art. 14.2–3). */
  mayBeAttended: boolean;
}

/** `nif`: a DNI or a NIE. */
export const SHOWN_DOCUMENTS = ['nif', 'passport', 'other'] as const;
export type ShownDocument = (typeof SHOWN_DOCUMENTS)[number];

export type ActField = Extract<DraftField, 'template' | 'language' | 'mayBeAttended'> | AskedField;
type AskedField = 'name' | 'nif' | 'country' | 'declared';

/**
 * `company`: the number is that of an organisation; `no_number`: it can't be that of such a document; `differs`: the form has another one, or the DNI or
 * NIE of whoever shows another document; `spanish`: whoever has a Spanish passport is known by their DNI.
 */
export type ActMistakes = Partial<
  Record<
    ActField,
    'missing' | 'too_long' | 'not_known' | 'company' | 'no_number' | 'differs' | 'spanish'
  >
>;

/**
 * `signature`: the applicant signs it by other means than a session. `payment`: it has a fee, which the applicant pays. `acts_for`: the form says
 * that it is for somebody else. `own`: it may be the official's own. `owned`: an identified person began it, and hands it in themselves. `no_appointment`: an act needs the appointment of an encounter.
 */
export type ActObstacle = 'signature' | 'payment' | 'own' | 'owned' | 'acts_for' | 'no_appointment';

export type PrepareActResult =
  | { ok: true; appointment: string; act: string }
  | { ok: false; reason: 'not_found' }
  | { ok: false; reason: 'handed_in' }
  | { ok: false; reason: ActObstacle | Ineligibility | 'changed' | 'incomplete' }
  | { ok: false; reason: 'checking'; name: string }
  | { ok: false; reason: 'invalid'; mistakes: ActMistakes };

/** `over`: the consent is of another day. `not_consented`: there is no consent to it that the viewer prepared. */
export type HandInForResult =
  | { ok: true; number: string }
  | Extract<HandInRefusal, { reason: 'checking' | 'invalid' }>
  | {
      ok: false;
      reason:
        | 'not_found'
        | 'handed_in'
        | 'changed'
        | 'over'
        | 'not_consented'
        | 'not_habilitated'
        | 'own'
        | 'owned'
        | 'signature'
        | 'payment';
    };
