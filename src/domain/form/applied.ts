import type { Language } from '../../lib/i18n/languages.ts';
import type { CountryCode } from '../contact/phone.ts';
import type { GroupQuestion, Question } from './questions.ts';
import { evaluate, holds, type Scope, type Value } from './rules/evaluate.ts';
import type { Form, FormDeclaration, Step } from './schema.ts';
import { isMissing, ruleValue } from './values.ts';

/**
 * The answers of a form, by step and question: `{ local: { rotul: 'Bar Pi', taules: 4 }, declarations: { veritat: true } }`. They come from
 * outside, so each may be anything.
 */
export type Answers = Readonly<Record<string, unknown>>;

/** What a form needs to know besides the answers. */
export interface FormContext {
  /** The day on which it is filled in, in the town's zone: limits such as `today+10d` count from it. */
  today: Temporal.PlainDate;
  /** The language of the dates and amounts in mistakes. */
  language: Language;
  /** The country of telephone numbers without a prefix; by default Spain. */
  country?: CountryCode;
  /** For whom it is. */
  applicant?: { onBehalf: boolean; organisation: boolean };
  /** The streets of the town, as it writes them; without them any street is accepted. */
  streets?: readonly string[];
  /** The postal codes of the town; without them any is accepted. */
  postalCodes?: readonly string[];
}

/** A question that applies, with its answer. */
export interface AppliedQuestion<Q extends Question = Question> {
  /** Its name in rules, such as `local.rotul`. */
  name: string;
  step: Step;
  question: Q;
  /** What was answered, unchecked; undefined when nothing was. Of a computed value it is null. */
  answer: unknown;
  /** The value for rules. */
  value: Value;
  /** The questions that apply in each item of a group. */
  items: readonly AppliedItem[];
}

/** The questions that apply in one item of a group. */
export type AppliedItem = readonly AppliedQuestion<GroupQuestion>[];

export interface AppliedStep {
  step: Step;
  questions: readonly AppliedQuestion[];
}

/** A form with answers: which steps, questions and declarations apply. */
export interface Applied {
  steps: readonly AppliedStep[];
  declarations: readonly { declaration: FormDeclaration; answer: unknown }[];
  /** What rules that stand after all questions see. */
  scope: Scope;
}

/** The most items of a group that are looked at. One with more is refused. */
const MOST_ITEMS = 200;

/**
 * Returns which steps, questions and declarations of a form apply to some answers. Rules refer only to what stands before them, so one pass
 * from the first question to the last decides everything. What does not apply counts as not answered.
 */
export function applyForm(form: Form, answers: Answers, context: FormContext): Applied {
  const values = factsOf(context);
  const scope = scopeOf(values, context);
  const steps: AppliedStep[] = [];
  for (const step of form.steps) {
    if (!holds(step.when, scope)) continue;
    const given = groupOf(answerAt(answers, step.id));
    const questions: AppliedQuestion[] = [];
    for (const question of step.questions) {
      if (!holds(question.when, scope)) continue;
      const name = `${step.id}.${question.id}`;
      const applied = applyQuestion({ name, step, question }, answerAt(given, question.id), scope);
      values.set(name, applied.value);
      questions.push(applied);
    }
    steps.push({ step, questions });
  }
  const declared = groupOf(answerAt(answers, 'declarations'));
  const declarations = form.declarations
    .filter((each) => holds(each.when, scope))
    .map((declaration) => ({ declaration, answer: answerAt(declared, declaration.id) }));
  return { steps, declarations, scope };
}

type Place<Q extends Question> = Pick<AppliedQuestion<Q>, 'name' | 'step' | 'question'>;

function applyQuestion<Q extends Question>(
  place: Place<Q>,
  answer: unknown,
  scope: Scope,
): AppliedQuestion<Q> {
  const question: Question = place.question;
  const { name, step } = place;
  const plain = { name, step, question: place.question, answer, items: [] };
  if (question.type === 'computed') {
    const value = ruleValue(question, evaluate(question.value, scope));
    return { ...plain, answer: null, value };
  }
  if (question.type !== 'group') return { ...plain, value: ruleValue(question, answer) };
  if (!Array.isArray(answer)) return { ...plain, value: null };
  const made = answer
    .slice(0, MOST_ITEMS)
    .map((item) => applyItem(name, step, question.questions, groupOf(item), scope));
  const value = made.length > 0 ? { items: made.map(({ get }) => get) } : null;
  return { ...plain, value, items: made.map(({ questions }) => questions) };
}

function applyItem(
  group: string,
  step: Step,
  asked: readonly GroupQuestion[],
  given: Readonly<Record<string, unknown>>,
  outer: Scope,
): { questions: AppliedItem; get: (id: string) => Value } {
  const values = new Map<string, Value>();
  const get = (id: string) => values.get(id) ?? null;
  const scope: Scope = {
    today: outer.today,
    get: (name) => (name.startsWith('item.') ? get(name.slice(5)) : outer.get(name)),
  };
  const questions: AppliedQuestion<GroupQuestion>[] = [];
  for (const question of asked) {
    if (!holds(question.when, scope)) continue;
    const name = `${group}.${question.id}`;
    const applied = applyQuestion({ name, step, question }, answerAt(given, question.id), scope);
    values.set(question.id, applied.value);
    questions.push(applied);
  }
  return { questions, get };
}

function factsOf({ applicant }: FormContext): Map<string, Value> {
  return new Map<string, Value>([
    ['applicant.onBehalf', applicant?.onBehalf ?? false],
    ['applicant.organisation', applicant?.organisation ?? false],
  ]);
}

const scopeOf = (values: ReadonlyMap<string, Value>, { today }: FormContext): Scope => ({
  today: today.toString(),
  get: (name) => values.get(name) ?? null,
});

/** Returns the entries of a value that should be a group of answers; none when it isn't. */
export const groupOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

/** Returns what a group of answers has under a name, which may be that of something that every object inherits. */
export const answerAt = (group: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(group, name) ? group[name] : undefined;

/** Returns whether a question that applies has an answer. */
export const isAnswered = ({ answer }: AppliedQuestion): boolean => !isMissing(answer);
