import type { AnswerMistake } from '../../../../domain/form/validate.ts';
import type { Language } from '../../../../lib/i18n/languages.ts';
import type { Applicant, Case } from '../types.ts';

/** What another system begins a case with. */
export interface TokenRequest {
  /** The code of the procedure. */
  procedure: string;
  /** Of what is written to the person. */
  language: Language;
  /** Answers by step and question, as they are handed in. */
  answers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** By what another system knows a case of its own, so that it begins it once. */
export interface TokenKeys {
  externalId?: string | undefined;
  idempotencyKey?: string | undefined;
}

/** A case as a token may see it: where it stands, and nothing of whose it is. */
export interface TokenCase
  extends Pick<
    Case,
    | 'id'
    | 'reference'
    | 'door'
    | 'language'
    | 'state'
    | 'stateAt'
    | 'stateDue'
    | 'decideBy'
    | 'openedAt'
    | 'handedInAt'
    | 'closedAt'
  > {
  /** The code of its procedure. */
  procedure: string;
  /** The number of the form's version. */
  version: number;
  /** Of its entry in the registry, as people read it; null: it was not handed in. */
  number: string | null;
  externalId: string | null;
}

/** One case with the states to which a token can take it. */
export type TokenCaseWithSteps = TokenCase & { steps: readonly string[] };

/** Which cases a token lists. */
export interface TokenFilter {
  state?: string | undefined;
  /** The code of a procedure. */
  procedure?: string | undefined;
  /** Handed in on this local day or later, or earlier. */
  from?: Temporal.PlainDate | undefined;
  to?: Temporal.PlainDate | undefined;
  externalId?: string | undefined;
}

/** Where a page of the list begins: after the case that was handed in then, with this id. */
export interface TokenCursor {
  start: string;
  id: string;
}

/** What was handed in with a case, and by whom. */
export interface TokenAnswers {
  answers: Readonly<Record<string, unknown>>;
  applicant: Applicant | null;
}

/**
 * Why a case isn't begun. `unknown_procedure`, `no_form`: there is none. `not_offered`: its form can't be finished
 * on-line today. `not_this_way`: its form has a fee and asks for no identity. `conflict`:
 * the key made a case of other content. `invalid`: answers that the form doesn't have (`unknown`), that only the person gives (`theirs`), or
 * that are wrong.
 */
export type CaseRefusal =
  | {
      ok: false;
      reason: 'unknown_procedure' | 'no_form' | 'not_offered' | 'not_this_way' | 'conflict';
    }
  | {
      ok: false;
      reason: 'invalid';
      unknown: readonly string[];
      theirs: readonly string[];
      mistakes: readonly AnswerMistake[];
    };

export type TokenBeginResult =
  | { ok: true; made: TokenCaseWithSteps; created: boolean }
  | CaseRefusal;

/** `changed`: it isn't in the state that the request names. `not_allowed`: a token takes no such step. */
export type TokenMoveResult =
  | { ok: true; moved: TokenCaseWithSteps }
  | { ok: false; reason: 'not_found' | 'changed' | 'not_allowed' };
