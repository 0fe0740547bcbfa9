import {
  type Answers,
  answerAt,
  applyForm,
  type FormContext,
  groupOf,
} from '../../../../domain/form/applied.ts';
import type { Form } from '../../../../domain/form/schema.ts';
import type { StateTable } from '../../../../domain/form/states.ts';
import { validate } from '../../../../domain/form/validate.ts';
import { canonicalJson } from '../../../../lib/envelope/canonical-json.ts';
import { AMENDING, answerNames, isOver, stepsFrom } from '../rules.ts';
import type { Amendment, AmendmentPoint } from '../types.ts';

/** Characters of what is wrong with one answer, and of the reason for more time. */
export const POINT_LENGTH = 1000;
/** Characters of what is answered besides the questions. */
export const REPLY_LENGTH = 4000;
/** The most points of one request. */
export const MOST_POINTS = 40;

/** Returns the points of a request, tidied; null: none says anything, one is too long, or one names no question of the form. */
export function pointsIn(
  form: Pick<Form, 'steps' | 'declarations'>,
  given: readonly AmendmentPoint[],
): AmendmentPoint[] | null {
  const known = new Set(answerNames(form));
  const points = given.map(({ question, text }) => ({ question, text: text.trim() }));
  const isRight = points.every(
    ({ question, text }) =>
      text !== '' && text.length <= POINT_LENGTH && (question === null || known.has(question)),
  );
  const named = points.flatMap(({ question }) => question ?? []);
  const isOnce = new Set(named).size === named.length;
  return isRight && isOnce && points.length > 0 && points.length <= MOST_POINTS ? points : null;
}

/** Returns the working days within which a request to amend is answered, by the form's table; null: it has no term. */
export function amendDays({ transitions }: Pick<StateTable, 'transitions'>): number | null {
  const terms = transitions.flatMap(({ from, deadline }) =>
    from === AMENDING && deadline !== undefined ? [deadline] : [],
  );
  return terms.length === 0 ? null : Math.min(...terms);
}

/**
 * Returns the most working days by which a term to amend can be extended: half of it (Ley 39/2015, art. 32.1, and for what is amended 68.2: five
 * of ten). 0: it has no term.
 */
export const mostMore = (table: Pick<StateTable, 'transitions'>): number =>
  Math.floor((amendDays(table) ?? 0) / 2);

/** Returns whether the term of a request may be extended on a day: once, before it has ended (art. 32.3). */
export const mayExtend = (
  { until, extended, closedAt }: Pick<Amendment, 'until' | 'extended' | 'closedAt'>,
  today: Temporal.PlainDate,
): boolean =>
  closedAt === null && extended === null && Temporal.PlainDate.compare(today, until) <= 0;

/**
 * Returns the state to which whoever amends a case takes it: the first step of theirs after which something can follow, so that it isn't the
 * withdrawal. Null: the form's table has none.
 */
export const amendedTo = (table: StateTable): string | null =>
  stepsFrom(table, AMENDING, new Set(['citizen'])).find(({ to }) => !isOver(table, to))?.to ?? null;

/** Answers as they were handed in, and as they are amended. */
export interface Corrected {
  before: Answers;
  now: Answers;
}

/**
 * Returns the names of what can be changed to amend a case: what was asked, and what follows from that. A question follows when it applies
 * now and did not before, or is not answered rightly any more.
 */
export function openTo(
  form: Form,
  points: readonly AmendmentPoint[],
  { before, now }: Corrected,
  context: FormContext,
): Set<string> {
  const asked = points.flatMap(({ question }) => question ?? []);
  const there = namesOf(form, before, context);
  const fresh = [...namesOf(form, now, context)].filter((name) => !there.has(name));
  const wrong = validate(form, now, context).mistakes.map(({ name }) => outerOf(name));
  return new Set([...asked, ...fresh, ...wrong]);
}

/** Returns the names of the questions and declarations that apply. */
function namesOf(form: Form, answers: Answers, context: FormContext): Set<string> {
  const { steps, declarations } = applyForm(form, answers, context);
  return new Set([
    ...steps.flatMap(({ questions }) =>
      questions.filter(({ question }) => question.type !== 'computed').map(({ name }) => name),
    ),
    ...declarations.map(({ declaration }) => `declarations.${declaration.id}`),
  ]);
}

/** Returns the name of a group, of a question in it: `llar.persones` of `llar.persones.nif`. */
export const outerOf = (name: string): string => name.split('.').slice(0, 2).join('.');

/** Returns the names of what has another answer than before, in the order of the form. Both are as they are handed in. */
export const changedIn = (
  form: Pick<Form, 'steps' | 'declarations'>,
  { before, now }: Corrected,
): string[] =>
  answerNames(form).filter((name) => {
    const [was, is] = [answerIn(before, name), answerIn(now, name)];
    return was === undefined || is === undefined
      ? was !== is
      : canonicalJson(was) !== canonicalJson(is);
  });

/** Returns the answer to a question, by its name; undefined: there is none. */
function answerIn(answers: Answers, name: string): unknown {
  const [step = '', question = ''] = name.split('.');
  return answerAt(groupOf(answerAt(answers, step)), question);
}
