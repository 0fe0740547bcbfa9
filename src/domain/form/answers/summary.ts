import { type Texts, textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import {
  type Answers,
  type Applied,
  type AppliedQuestion,
  applyForm,
  type FormContext,
} from '../applied.ts';
import type { QuestionOf } from '../questions.ts';
import type { Form, Step } from '../schema.ts';
import { shownAnswer } from './shown.ts';

/** A question with its answer, in words. */
export interface SummedAnswer {
  of: AppliedQuestion;
  label: string;
  lines: string[];
}

/** A group with its things, in words. */
export interface SummedGroup {
  of: AppliedQuestion;
  label: string;
  items: { title: string; answers: SummedAnswer[] }[];
}

/** A step with its answers, in words. */
export interface SummedStep {
  step: Step;
  title: string;
  answers: SummedAnswer[];
  groups: SummedGroup[];
}

/** All answers of a form in words: to be checked, handed in, and kept as a receipt. */
export interface AnswerSummary {
  /** The steps that have an answer. */
  steps: SummedStep[];
  declarations: Applied['declarations'];
}

/** Returns all answers of a form in words. A computed value without a result has nothing to show. */
export function summaryOf(
  { form, answers, context }: { form: Form; answers: Answers; context: FormContext },
  t: Translate,
): AnswerSummary {
  const { steps, declarations } = applyForm(form, answers, context);
  const summed = steps.map(({ step, questions }): SummedStep => {
    const single = questions.filter(({ question }) => question.type !== 'group');
    const groups = questions.flatMap((each) => groupIn(each, t) ?? []);
    return { step, title: stepTitle(step, form, t), answers: answersIn(single, t), groups };
  });
  return {
    steps: summed.filter((each) => each.answers.length + each.groups.length > 0),
    declarations,
  };
}

function answersIn(questions: readonly AppliedQuestion[], t: Translate): SummedAnswer[] {
  return questions
    .filter(({ question, value }) => question.type !== 'computed' || value !== null)
    .map((of) => ({ of, label: labelOf(of.question, t), lines: shownAnswer(of, t) }));
}

function groupIn(of: AppliedQuestion, t: Translate): SummedGroup | null {
  const { question, items } = of;
  if (question.type !== 'group') return null;
  const summed = items.map((item, at) => ({
    title: itemTitle(question, at, t),
    answers: answersIn(item as readonly AppliedQuestion[], t),
  }));
  return { of, label: labelOf(question, t), items: summed };
}

/** Returns the words of a question, in the reader's language where there are any. */
export const labelOf = (
  { id, label }: { id: string; label?: Texts | undefined },
  { language }: Translate,
): string => textIn(label, language) || id;

/** Returns what a step is called. */
export const stepTitle = (
  step: Pick<Step, 'id' | 'title'>,
  form: Pick<Form, 'title'>,
  { language }: Translate,
): string => textIn(step.title, language) || textIn(form.title, language) || step.id;

/** Returns what one thing of a group is called, with its number. `at`: from 0. */
export function itemTitle({ item }: QuestionOf<'group'>, at: number, t: Translate): string {
  const name = textIn(item, t.language);
  return name
    ? t('case.item', { name: capital(name, t), number: at + 1 })
    : t('case.item.unnamed', { number: at + 1 });
}

const capital = (text: string, { language }: Translate): string =>
  text.charAt(0).toLocaleUpperCase(language) + text.slice(1);

/** Returns the answers of a step one after the other. Those of a thing in a group have its name before them. */
export const rowsOf = (
  { answers, groups }: Pick<SummedStep, 'answers' | 'groups'>,
  t: Translate,
): { label: string; text: string }[] => [
  ...answers.map((each) => rowOf(each)),
  ...groups.flatMap(({ label, items }) =>
    items.length === 0
      ? [{ label, text: t('form.answer.none') }]
      : items.flatMap((item) =>
          item.answers.map((each) => rowOf(each, `${label} · ${item.title} · `)),
        ),
  ),
];

const rowOf = ({ label, lines }: SummedAnswer, of = '') => ({
  label: of + label,
  text: lines.join(', '),
});
