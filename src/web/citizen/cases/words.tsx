import type { ComponentChildren } from 'preact';
import { labelOf } from '../../../domain/form/answers/summary.ts';
import type { Question } from '../../../domain/form/questions.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Say } from '../../../ui/parts.tsx';
import type { Filling } from './filling.ts';

export { itemTitle, labelOf, stepTitle } from '../../../domain/form/answers/summary.ts';

/** The words of a question, with their language where it isn't the reader's. Whoever need not answer is told so. */
export function Label({ of, t }: { of: Question; t: Translate }) {
  const words: ComponentChildren = of.label ? <Say of={of.label} t={t} /> : of.id;
  return isOptional(of) ? (
    <>
      {words} <span class="soft">{t('case.optional')}</span>
    </>
  ) : (
    words
  );
}

/** Returns the words of a question for whoever hears them alone. */
export const spokenLabel = (of: Question, t: Translate): string =>
  isOptional(of) ? `${labelOf(of, t)} ${t('case.optional')}` : labelOf(of, t);

const isOptional = (of: Question): boolean => of.type !== 'computed' && !of.required;

/** Returns the name of a form; that of its procedure where it has none. */
export const titleOf = ({ form, visit: { procedure, language } }: Filling): string =>
  textIn(form.title, language) || textIn(procedure.name, language);
