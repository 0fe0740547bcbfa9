import type { Language } from '../../../lib/i18n/languages.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import type { Tell } from '../../town-file/reading/references.ts';
import type { Spot } from '../../town-file/reading/spot.ts';

/** The keys whose values are texts per language. */
const TEXTS: ReadonlySet<string> = new Set([
  'title',
  'summary',
  'text',
  'label',
  'help',
  'unit',
  'item',
  'name',
  'note',
  'alt',
  'granted',
  'refused',
  'appeal',
]);
/** The keys that hold no texts: what is in them is a rule. */
const RULES: ReadonlySet<string> = new Set(['when', 'value', 'fee', 'household', 'language']);

/** Returns the languages in which some text of a form is written, in the usual order. */
export function languagesIn(form: Spot): Language[] {
  const found = new Set(textsIn(form).flatMap((each) => each.entries().map(([key]) => key)));
  return LANGUAGES.filter((each) => found.has(each));
}

/** Warns of each text that a language lacks, and of what has no text at all. */
export function checkFormTexts(form: Spot, languages: readonly string[], warning: Tell): void {
  for (const text of textsIn(form)) {
    const missing = languages.filter((each) => !text.has(each));
    if (missing.length > 0)
      warning(
        text.path,
        `"${text.path.at(-1)}" is not translated into: ${missing.join(', ')}.`,
        'key',
      );
  }
  const needs = (spot: Spot, key: string, what: string) => {
    if (spot.isGroup() && !spot.has(key))
      warning(spot.path, `${what} has no "${key}": readers see its code.`, 'key');
  };
  needs(form, 'title', 'The form');
  for (const step of form.get('steps').items()) {
    needs(step, 'title', `The step "${step.get('id').text()}"`);
    for (const question of step.get('questions').items()) checkQuestion(question, needs);
  }
  for (const each of form.get('declarations').items())
    needs(each, 'text', `The declaration "${each.get('id').text()}"`);
}

function checkQuestion(
  question: Spot,
  needs: (spot: Spot, key: string, what: string) => void,
): void {
  needs(question, 'label', `The question "${question.get('id').text()}"`);
  for (const option of question.get('options').items())
    needs(option, 'label', `The option "${option.get('id').text()}"`);
  if (question.has('picture')) needs(question.get('picture'), 'alt', 'The picture');
  for (const inner of question.get('questions').items()) checkQuestion(inner, needs);
}

function textsIn(spot: Spot): Spot[] {
  return spot.children().flatMap(([key, child]) => {
    if (RULES.has(String(key))) return [];
    if (TEXTS.has(String(key)) && child.isGroup()) return [child];
    if (key === 'names') return child.children().map(([, each]) => each);
    return textsIn(child);
  });
}
