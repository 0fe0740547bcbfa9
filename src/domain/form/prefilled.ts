import { checkAnswer } from './answers/check.ts';
import { type Answers, answerAt, type FormContext, groupOf } from './applied.ts';
import type { PrefillName } from './prefills.ts';
import type { Form } from './schema.ts';
import { isMissing } from './values.ts';

/** What is known of a person, in the form of answers. */
export type Known = Partial<Record<PrefillName, unknown>>;

/** Answers with what was known, and which of them came from where. */
export interface Prefilled {
  answers: Record<string, unknown>;
  /** Where each filled answer came from, by the name of its question. */
  from: Record<string, PrefillName>;
}

/**
 * Fills in what is known where nothing was answered yet. What does not fit the question, such as a postal code of another town, is left out:
 * the person is asked.
 */
export function prefilled(
  form: Form,
  answers: Answers,
  known: Known,
  context: FormContext,
): Prefilled {
  const filled: Record<string, unknown> = { ...answers };
  const from: Record<string, PrefillName> = {};
  for (const step of form.steps)
    for (const question of step.questions) {
      if (question.type === 'computed' || question.type === 'group' || !question.from) continue;
      const value = known[question.from];
      const given = groupOf(answerAt(filled, step.id));
      if (isMissing(value) || !isMissing(answerAt(given, question.id))) continue;
      const checked = checkAnswer(question, value, context);
      if (!checked.ok) continue;
      filled[step.id] = { ...given, [question.id]: checked.answer };
      from[`${step.id}.${question.id}`] = question.from;
    }
  return { answers: filled, from };
}
