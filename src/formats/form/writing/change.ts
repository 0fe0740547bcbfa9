import { differenceOf } from '../../../domain/form/difference.ts';
import type { Form } from '../../../domain/form/schema.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { differenceLines } from './difference.ts';

/** A form that is about to be published or to end, in the words of a plan. */
export type PlannedForm =
  | { kind: 'published'; form: Form; before: { number: number; form: Form } | null }
  | { kind: 'ended'; procedure: string; before: { number: number } };

/** Returns a sentence about a change of a form; below it, a line for each difference. */
export function formChangeWords(change: PlannedForm, language: Language): string {
  if (change.kind === 'ended')
    return `form ${change.procedure} is no longer offered; cases that have begun stay on version ${change.before.number}`;
  const { form, before } = change;
  if (!before) return `new form ${form.procedure}`;
  const differences = differenceOf(before.form, form);
  const lines = differenceLines(differences, before.form, form, language);
  return [`new version of form ${form.procedure}`, ...lines].join('\n      ');
}
