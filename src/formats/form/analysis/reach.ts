import { applyForm, type FormContext } from '../../../domain/form/applied.ts';
import type { Question } from '../../../domain/form/questions.ts';
import { callOf, namesIn } from '../../../domain/form/rules/operators.ts';
import type { Form, Step } from '../../../domain/form/schema.ts';

/** A step or question that no answers lead to. */
export interface Unreachable {
  path: readonly (string | number)[];
  name: string;
}

/** The most combinations of answers that are tried for one condition. Beyond, nothing is claimed. */
const MOST_TRIES = 2_000;

/**
 * Returns the steps and questions that are never asked. It tries every combination of answers that a condition can tell apart: options, yes and
 * no, and the numbers around those that it names. A condition on anything else counts as one that can hold.
 */
export function unreachableIn(form: Form): Unreachable[] {
  return form.steps.flatMap((step, at) => {
    const path = ['steps', at];
    if (step.when !== undefined && isNever(form, step, null))
      return [{ path: [...path, 'when'], name: step.id }];
    return step.questions.flatMap((question, index) =>
      question.when !== undefined && isNever(form, step, question)
        ? [{ path: [...path, 'questions', index, 'when'], name: `${step.id}.${question.id}` }]
        : [],
    );
  });
}

function isNever(form: Form, step: Step, question: Question | null): boolean {
  const small = relevantPart(form, step, question);
  const tries = triesOf(small, step, question);
  if (!tries) return false;
  return !tries.some(({ answers, context }) => {
    const found = applyForm(small, answers, context).steps.find((each) => each.step.id === step.id);
    return question === null
      ? found !== undefined
      : found?.questions.some((each) => each.question.id === question.id);
  });
}

/** Returns the form with only what a condition depends on, and what it decides. */
function relevantPart(form: Form, step: Step, question: Question | null): Form {
  const needed = new Set<string>();
  const open = [...namesIn(step.when), ...(question ? namesIn(question.when) : [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (needed.has(next)) continue;
    needed.add(next);
    const [stepId, id] = next.split('.');
    const owner = form.steps.find((each) => each.id === stepId);
    const found = owner?.questions.find((each) => each.id === id);
    open.push(...namesIn(owner?.when), ...namesIn(found?.when));
    if (found?.type === 'computed') open.push(...namesIn(found.value));
  }
  const isKept = (owner: Step, each: Question) =>
    needed.has(`${owner.id}.${each.id}`) || (owner.id === step.id && each.id === question?.id);
  const steps = form.steps
    .map((owner) => ({
      ...owner,
      questions: owner.questions.filter((each) => isKept(owner, each)),
    }))
    .filter((owner) => owner.questions.length > 0 || owner.id === step.id);
  return { ...form, steps };
}

type Try = { answers: Record<string, Record<string, unknown>>; context: FormContext };

/** Returns the combinations of answers that the conditions of a form can tell apart; null when they are too many, or of other kinds. */
function triesOf(form: Form, target: Step, question: Question | null): Try[] | null {
  if (form.steps.flatMap(rulesOfStep).some(usesToday)) return null;
  const numbers = numbersIn(form);
  let tries: Record<string, Record<string, unknown>>[] = [{}];
  for (const step of form.steps)
    for (const each of step.questions) {
      if (each.type === 'computed' || (step.id === target.id && each.id === question?.id)) continue;
      const values = valuesOf(each, `${step.id}.${each.id}`, numbers);
      if (!values) return null;
      tries = tries.flatMap((before) =>
        values.map((value) => ({ ...before, [step.id]: { ...before[step.id], [each.id]: value } })),
      );
      if (tries.length > MOST_TRIES) return null;
    }
  const used = new Set(form.steps.flatMap(rulesOfStep).flatMap(namesIn));
  const isUsed = (fact: string) => used.has(`applicant.${fact}`);
  const behalf = form.onBehalf && isUsed('onBehalf') ? [false, true] : [false];
  const organisations = isUsed('organisation') ? [false, true] : [false];
  return tries.flatMap((answers) =>
    behalf.flatMap((onBehalf) =>
      organisations.map(
        (organisation): Try => ({
          answers,
          context: { today: TODAY, language: 'ca', applicant: { onBehalf, organisation } },
        }),
      ),
    ),
  );
}

/** Returns the rules of a step and its questions. */
const rulesOfStep = ({ when, questions }: Step): unknown[] => [
  when,
  ...questions.flatMap((each) => [each.when, each.type === 'computed' ? each.value : undefined]),
];

/** Returns whether a rule depends on the day on which the form is filled in. */
function usesToday(rule: unknown): boolean {
  const call = callOf(rule);
  return call !== null && (call.operator === 'today' || call.args.some(usesToday));
}

/** Conditions that depend on the day are not tried, so any day will do. */
const TODAY = Temporal.PlainDate.from('2026-01-01');

/** Returns the answers of a question that conditions can tell apart; null when nobody can list them. */
function valuesOf(
  question: Question,
  name: string,
  numbers: ReadonlyMap<string, number[] | null>,
): unknown[] | null {
  const none = 'required' in question && question.required ? [] : [undefined];
  if (question.type === 'yesno') return [true, false, ...none];
  if (question.type === 'choice') return [...question.options.map(({ id }) => id), ...none];
  const near = numbers.get(name);
  if (question.type !== 'integer' || !near) return null;
  const { min = -1e9, max = 1e9 } = question;
  const within = near.flatMap((each) => [each - 1, each, each + 1]);
  const all = [...within.map(Math.floor), min, max].filter((each) => each >= min && each <= max);
  return [...new Set(all), ...none];
}

/** Returns the numbers with which each name is compared; null for a name that is used in any other way. */
function numbersIn(form: Form): Map<string, number[] | null> {
  const found = new Map<string, number[] | null>();
  const read = (rule: unknown): void => {
    const call = callOf(rule);
    if (!call) return;
    const { operator, args } = call;
    const used = args
      .flatMap((each) => callOf(each) ?? [])
      .filter((each) => each.operator === 'var');
    const names = used.map((each) => String(each.args[0]));
    const isComparison = ['==', '!=', '<', '<=', '>', '>='].includes(operator);
    const constants = args.filter((each) => typeof each === 'number');
    // A name with a default is compared with whatever else compares its default.
    const isPlain =
      isComparison &&
      used.length === 1 &&
      used.every((each) => each.args.length === 1) &&
      constants.length === args.length - 1;
    for (const name of names) {
      const known = found.get(name);
      if (!isPlain || known === null) found.set(name, null);
      else found.set(name, [...(known ?? []), ...constants]);
    }
    for (const each of args) read(each);
  };
  for (const rule of form.steps.flatMap(rulesOfStep)) read(rule);
  return found;
}
