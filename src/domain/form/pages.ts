import {
  type Answers,
  type Applied,
  type AppliedQuestion,
  applyForm,
  type FormContext,
  isAnswered,
} from './applied.ts';
import { feeIn } from './fee.ts';
import type { Form } from './schema.ts';
import type { Validated } from './validate.ts';

/**
 * A page of a form. `start`: what is needed; `question`: one question; `step`: all questions of a step that keeps them together; `group`: the
 * list of what was added to a group; `item`: the questions of one of them; then the declarations, the check of all answers, the signature
 * and the payment.
 */
export interface FormPage {
  kind:
    | 'start'
    | 'question'
    | 'step'
    | 'group'
    | 'item'
    | 'declarations'
    | 'check'
    | 'sign'
    | 'pay';
  /** Its address within the form: `start`, `local/rotul`, `estufes`, `llar/persones`, `llar/persones/1`, `check`. Items count from 1. */
  id: string;
  /** The step that it belongs to. */
  step?: string;
  /** The names of the questions on it, computed values included. */
  questions: readonly string[];
  /** The item of a group, from 0. */
  item?: number;
}

/** Returns the pages that apply to some answers, in their order. The first is always `start`, and `check` is always there. */
export function pagesOf(form: Form, answers: Answers, context: FormContext): FormPage[] {
  const applied = applyForm(form, answers, context);
  const pages: FormPage[] = [{ kind: 'start', id: 'start', questions: [] }];
  for (const { step, questions } of applied.steps)
    if (step.together) pages.push(...togetherPages(step.id, questions));
    else pages.push(...questions.filter(isShown).flatMap((each) => questionPages(step.id, each)));
  return [...pages, ...endPages(form, applied)];
}

/** A computed value without a result has nothing to show. */
const isShown = ({ question, value }: AppliedQuestion): boolean =>
  question.type !== 'computed' || value !== null;

/** A group has pages of its own also where a step keeps its questions together. */
function togetherPages(step: string, questions: readonly AppliedQuestion[]): FormPage[] {
  const shown = questions.filter(isShown);
  const single = shown.filter(({ question }) => question.type !== 'group');
  const groups = shown.filter(({ question }) => question.type === 'group');
  const page: FormPage = {
    kind: 'step',
    id: step,
    step,
    questions: single.map(({ name }) => name),
  };
  return [
    ...(single.length > 0 ? [page] : []),
    ...groups.flatMap((each) => questionPages(step, each)),
  ];
}

function questionPages(step: string, { question, name, items }: AppliedQuestion): FormPage[] {
  const id = `${step}/${question.id}`;
  if (question.type !== 'group') return [{ kind: 'question', id, step, questions: [name] }];
  const each = items.map(
    (item, index): FormPage => ({
      kind: 'item',
      id: `${id}/${index + 1}`,
      step,
      questions: item.filter(isShown).map((inner) => inner.name),
      item: index,
    }),
  );
  return [...each, { kind: 'group', id, step, questions: [name] }];
}

function endPages(form: Form, { declarations, scope }: Applied): FormPage[] {
  const fee = feeIn(form, scope);
  const page = (kind: FormPage['kind']): FormPage => ({ kind, id: kind, questions: [] });
  return [
    ...(declarations.length > 0 ? [page('declarations')] : []),
    page('check'),
    ...(form.sign === 'none' ? [] : [page('sign')]),
    ...(fee && fee.cents > 0 ? [page('pay')] : []),
  ];
}

/**
 * Returns the page after one, for the answers as they are now; null after the last. When the page no longer applies, since an earlier answer
 * was changed, it is the first page after its place.
 */
export function nextPage(
  form: Form,
  answers: Answers,
  context: FormContext,
  id: string,
): FormPage | null {
  const pages = pagesOf(form, answers, context);
  const at = pages.findIndex((each) => each.id === id);
  if (at >= 0) return pages[at + 1] ?? null;
  const place = placeOf(form, id);
  return pages.find((each) => isBefore(place, placeOf(form, each.id))) ?? null;
}

/** Returns the page before one; null before the first. */
export function previousPage(
  form: Form,
  answers: Answers,
  context: FormContext,
  id: string,
): FormPage | null {
  const pages = pagesOf(form, answers, context);
  const place = placeOf(form, id);
  return pages.findLast((each) => isBefore(placeOf(form, each.id), place)) ?? null;
}

/** Returns the page that a person goes on with: the first that has a mistake, or the check when nothing is wrong. */
export function resumePage(
  form: Form,
  answers: Answers,
  context: FormContext,
  { mistakes }: Validated,
): FormPage {
  const pages = pagesOf(form, answers, context);
  const wrong = (page: FormPage) =>
    mistakes.some(({ name, path }) =>
      page.kind === 'declarations'
        ? path[0] === 'declarations'
        : page.questions.includes(name) && (page.item === undefined || path[2] === page.item),
    );
  const check = pages.find(({ kind }) => kind === 'check');
  const found = pages.find(wrong) ?? check;
  if (!found) throw new Error('A form always has its check');
  return found;
}

/** Returns how many questions that must be answered have an answer, and how many there are now. */
export function progressOf(
  form: Form,
  answers: Answers,
  context: FormContext,
): { answered: number; asked: number } {
  const { steps } = applyForm(form, answers, context);
  const asked = steps.flatMap(({ questions }) =>
    questions.filter(({ question }) => question.type !== 'computed' && question.required),
  );
  return { answered: asked.filter(isAnswered).length, asked: asked.length };
}

const ENDS = ['declarations', 'check', 'sign', 'pay'];
/** An item that stands nowhere yet, and the list of the group, which is after all items. */
const AFTER_ITEMS = Number.MAX_SAFE_INTEGER;

/** Returns where a page stands in the whole form, whether it applies or not: step, question, item. */
function placeOf({ steps }: Form, id: string): readonly number[] {
  if (id === 'start') return [-1];
  const end = ENDS.indexOf(id);
  if (end >= 0) return [steps.length + end];
  const [stepId, questionId, item] = id.split('/');
  const step = steps.findIndex((each) => each.id === stepId);
  const questions = steps[step]?.questions ?? [];
  const question = questions.findIndex((each) => each.id === questionId);
  if (step < 0) return [-1];
  return [step, question, item === undefined ? AFTER_ITEMS : Number(item)];
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((each, index) => each !== b[index]);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}
