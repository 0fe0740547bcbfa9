import { type Answers, applyForm, type FormContext } from './applied.ts';
import { evaluate, type Scope } from './rules/evaluate.ts';
import { centsOf, isExact } from './rules/exact.ts';
import type { Form } from './schema.ts';

/** What a form costs. */
export interface Fee {
  /** Whole cents; never below zero. */
  cents: number;
  /** Whether the rule gave an amount. Without one nothing is charged: an answer that it needs is missing. */
  isKnown: boolean;
}

/**
 * Returns the fee of a form for some answers; null when the form has none. The calculation is exact; only its result is rounded to
 * cents, halves up.
 */
export function feeOf(form: Form, answers: Answers, context: FormContext): Fee | null {
  return form.fee === undefined ? null : feeIn(form, applyForm(form, answers, context).scope);
}

/** Returns the fee for what rules see at the end of a form; null when it has none. */
export function feeIn({ fee }: Form, scope: Scope): Fee | null {
  if (fee === undefined) return null;
  const euros = evaluate(fee, scope);
  if (!isExact(euros)) return { cents: 0, isKnown: false };
  return { cents: Math.max(0, centsOf(euros)), isKnown: true };
}
