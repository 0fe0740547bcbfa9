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

/** The fee of a form before anything is answered. `fixed`: in cents; `varies`: it depends on the answers. */
export type FormFee = { kind: 'none' } | { kind: 'fixed'; cents: number } | { kind: 'varies' };

/** Returns the fee of a form as it is told before it is begun. One of nothing is none. */
export function feeBefore(form: Pick<Form, 'fee'>): FormFee {
  if (form.fee !== undefined && typeof form.fee !== 'number') return { kind: 'varies' };
  const cents = feeIn(form, NOTHING)?.cents ?? 0;
  return cents > 0 ? { kind: 'fixed', cents } : { kind: 'none' };
}

/** What the rules of a form see that nobody has opened. */
const NOTHING: Scope = { today: '', get: () => null };

/** Returns the fee for what rules see at the end of a form; null when it has none. */
export function feeIn({ fee }: Pick<Form, 'fee'>, scope: Scope): Fee | null {
  if (fee === undefined) return null;
  const euros = evaluate(fee, scope);
  if (!isExact(euros)) return { cents: 0, isKnown: false };
  return { cents: Math.max(0, centsOf(euros)), isKnown: true };
}
