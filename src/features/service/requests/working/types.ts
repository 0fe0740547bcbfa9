import type { RequestNeed, RequestStep } from '../../../../domain/requests/states.ts';

/** What an official asks of a request: a step of the state table, with what must come with it. */
export interface AskedStep {
  step: RequestStep;
  /** The version of the request as they saw it. */
  seen: number;
  /** The answer, the question, or words of a reopening, as the person reads them. */
  words?: string;
  /** An answer for everybody who told the same or follows it, without names; they read nothing of the conversation. */
  forAll?: string;
  /** The code of a reason of the office, to refuse. */
  reason?: string;
  /** The reference of the request with which it is merged. */
  target?: string;
}

/**
 * What comes of a change by an official. `changed`: somebody else changed it meanwhile; `missing`: what must come with the step isn't there; `no_reason`: the
 * office has no such reason; `no_target`: there is no such request, or it can't be merged with that one; `no_team`, `no_person`: there is none.
 */
export type RequestWorkResult =
  | { ok: true; isTold: boolean }
  | {
      ok: false;
      reason:
        | 'not_found'
        | 'not_allowed'
        | 'changed'
        | 'not_now'
        | 'no_reason'
        | 'no_target'
        | 'no_team'
        | 'no_person'
        | 'empty'
        | 'added'
        | 'too_long';
    }
  | { ok: false; reason: 'missing'; need: RequestNeed };
