import type { Form } from '../../../domain/form/schema.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';

/** Returns what a question or a declaration is called: `local.rotul`, `declarations.veritat`. */
export function questionName(
  { steps, declarations }: Pick<Form, 'steps' | 'declarations'>,
  name: string,
  { language }: Translate,
): string {
  const [step, id] = name.split('.');
  if (step === 'declarations') {
    const found = declarations.find((each) => each.id === id);
    return textIn(found?.text, language) || name;
  }
  const found = steps.find((each) => each.id === step)?.questions.find((each) => each.id === id);
  return textIn(found?.label, language) || name;
}
