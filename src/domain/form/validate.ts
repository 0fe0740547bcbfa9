import type { MessageKey, MessageValues } from '../../lib/i18n/translate.ts';
import { checkAnswer } from './answers/check.ts';
import {
  type Answers,
  type AppliedItem,
  type AppliedQuestion,
  applyForm,
  type FormContext,
} from './applied.ts';
import type { QuestionOf } from './questions.ts';
import type { Form } from './schema.ts';
import { isMissing, writtenValue } from './values.ts';

/** A mistake in the answers of a form, at a question or a declaration. */
export interface AnswerMistake {
  /** The name of the question, such as `local.rotul` or `declarations.veritat`. */
  name: string;
  /** The place in the answers: `['llar', 'persones', 0, 'nif']`; the last words may be a part, such as `postalCode`. */
  path: readonly (string | number)[];
  /** The sentence in src/locales, with its values. */
  key: MessageKey;
  values: MessageValues;
}

/** The answers as they are handed in, and what is wrong with them. */
export interface Validated {
  /** Whether they can be handed in. */
  ok: boolean;
  /**
   * The answers of the questions that apply, in their normal form, and computed values. Answers of other questions are left out, and so are
   * those with a mistake.
   */
  answers: Record<string, unknown>;
  mistakes: AnswerMistake[];
}

/** Checks all answers of a form. What does not apply is left out, so it never stands in the way. */
export function validate(form: Form, answers: Answers, context: FormContext): Validated {
  const { steps, declarations } = applyForm(form, answers, context);
  const mistakes: AnswerMistake[] = [];
  const handedIn: Record<string, unknown> = {};
  for (const { step, questions } of steps)
    handedIn[step.id] = collect(questions, [step.id], context, mistakes);
  const declared: Record<string, true> = {};
  for (const { declaration, answer } of declarations) {
    const path = ['declarations', declaration.id];
    if (answer === true) declared[declaration.id] = true;
    else if (declaration.required || !isMissing(answer === false ? null : answer))
      mistakes.push({ name: path.join('.'), path, key: 'form.error.declaration', values: {} });
  }
  if (form.declarations.length > 0) handedIn['declarations'] = declared;
  return { ok: mistakes.length === 0, answers: handedIn, mistakes };
}

type Path = readonly (string | number)[];

function collect(
  questions: readonly AppliedQuestion[] | AppliedItem,
  at: Path,
  context: FormContext,
  mistakes: AnswerMistake[],
): Record<string, unknown> {
  const answers: Record<string, unknown> = {};
  for (const applied of questions) {
    const answer = checked(applied, [...at, applied.question.id], context, mistakes);
    if (answer !== undefined) answers[applied.question.id] = answer;
  }
  return answers;
}

/** Returns an answer as it is kept; undefined when there is none, or it has a mistake, which it adds. */
function checked(
  applied: AppliedQuestion,
  path: Path,
  context: FormContext,
  mistakes: AnswerMistake[],
): unknown {
  const { question, name, answer } = applied;
  if (question.type === 'computed') return writtenValue(question, applied.value);
  const add = (key: MessageKey, values: MessageValues = {}, part?: string) =>
    mistakes.push({ name, path: part ? [...path, part] : path, key, values });
  if (question.type === 'group') return checkedGroup(applied, question, path, context, mistakes);
  if (isMissing(answer)) {
    if (question.required) add(MISSING[question.type]);
    return undefined;
  }
  const result = checkAnswer(question, answer, context);
  if (result.ok) return result.answer;
  for (const { key, values, part } of result.slips) add(key, values, part);
  return undefined;
}

function checkedGroup(
  { items, answer, name }: AppliedQuestion,
  { required, min, most }: QuestionOf<'group'>,
  path: Path,
  context: FormContext,
  mistakes: AnswerMistake[],
): unknown {
  const add = (key: MessageKey, values: MessageValues = {}) =>
    mistakes.push({ name, path, key, values });
  const count = Array.isArray(answer) ? answer.length : 0;
  const fewest = Math.max(min, required ? 1 : 0);
  if (!isMissing(answer) && !Array.isArray(answer)) add('form.error.group');
  else if (count < fewest) add('form.error.fewItems', { min: fewest });
  else if (count > most) add('form.error.manyItems', { most });
  const kept = items.map((item, index) => collect(item, [...path, index], context, mistakes));
  return kept.length > 0 ? kept : undefined;
}

/** What is said of a question that has no answer: each type asks for it in its own words. */
const MISSING = {
  text: 'form.error.missing.text',
  integer: 'form.error.missing.number',
  decimal: 'form.error.missing.number',
  money: 'form.error.missing.money',
  date: 'form.error.missing.day',
  choice: 'form.error.missing.choice',
  choices: 'form.error.missing.choices',
  yesno: 'form.error.missing.yesno',
  nif: 'form.error.missing.nif',
  iban: 'form.error.missing.iban',
  address: 'form.error.missing.address',
  phone: 'form.error.missing.phone',
  email: 'form.error.missing.email',
  file: 'form.error.missing.file',
  place: 'form.error.missing.place',
} as const satisfies Record<string, MessageKey>;
