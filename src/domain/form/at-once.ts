import { isLanguage, type Language } from '../../lib/i18n/languages.ts';
import type { Extent } from '../residence/resident.ts';
import { type Answers, applyForm, type FormContext } from './applied.ts';
import { evaluate, holds } from './rules/evaluate.ts';
import type { Form } from './schema.ts';

/** What a form issues as soon as it is handed in. */
export interface AtOnce {
  issues: 'residence';
  extent: Extent;
  language: Language;
}

/** Returns what a form issues at once for some answers; null: an official decides. Without a language of its own it has the one of the context. */
export function atOnceOf(form: Form, answers: Answers, context: FormContext): AtOnce | null {
  const { atOnce } = form;
  if (atOnce === undefined) return null;
  const { scope } = applyForm(form, answers, context);
  if (!holds(atOnce.when, scope)) return null;
  const isOfAll = atOnce.household !== undefined && holds(atOnce.household, scope);
  const language = atOnce.language === undefined ? null : evaluate(atOnce.language, scope);
  return {
    issues: atOnce.issues,
    extent: isOfAll ? 'household' : 'person',
    language: typeof language === 'string' && isLanguage(language) ? language : context.language,
  };
}
