import type { ComponentChildren } from 'preact';
import type { Question } from '../../../domain/form/questions.ts';
import type { Form, Step } from '../../../domain/form/schema.ts';
import { type Texts, textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Say } from '../../../ui/parts.tsx';
import type { Filling } from './filling.ts';

type Named = { id: string; label?: Texts | undefined };

/** Returns the words of a question, in the reader's language where there are any. */
export const labelOf = ({ id, label }: Named, { language }: Translate): string =>
  textIn(label, language) || id;

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

export const stepTitle = (step: Step, form: Form, { language }: Translate): string =>
  textIn(step.title, language) || textIn(form.title, language) || step.id;

/** Returns what one thing of a group is called, with its number. */
export function itemTitle(
  question: Extract<Question, { type: 'group' }>,
  at: number,
  t: Translate,
): string {
  const name = textIn(question.item, t.language);
  return name
    ? t('case.item', { name: capital(name, t), number: at + 1 })
    : t('case.item.unnamed', { number: at + 1 });
}

const capital = (text: string, { language }: Translate): string =>
  text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
