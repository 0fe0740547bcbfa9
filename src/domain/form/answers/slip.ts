import type { MessageKey, MessageValues } from '../../../lib/i18n/translate.ts';

/** A mistake in an answer: a text of src/locales with its values, and the part of the answer that it is about, such as `postalCode`. */
export interface AnswerSlip {
  key: MessageKey;
  values?: MessageValues;
  part?: string;
}

/** The result of checking an answer: the answer as it is kept, or its mistakes. */
export type CheckedAnswer = { ok: true; answer: unknown } | { ok: false; slips: AnswerSlip[] };

export const kept = (answer: unknown): CheckedAnswer => ({ ok: true, answer });

export const refused = (
  key: MessageKey,
  values?: MessageValues,
  part?: string,
): { ok: false; slips: AnswerSlip[] } => ({
  ok: false,
  slips: [{ key, ...(values && { values }), ...(part && { part }) }],
});
