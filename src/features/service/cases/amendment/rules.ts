import type { Form } from '../../../../domain/form/schema.ts';
import type { StateTable } from '../../../../domain/form/states.ts';
import { AMENDING } from '../rules.ts';
import type { Amendment, AmendmentPoint } from '../types.ts';

/** Characters of what is wrong with one answer, and of the reason for more time. */
export const POINT_LENGTH = 1000;
/** The most points of one request. */
export const MOST_POINTS = 40;

/** Returns the names of what can be amended: each question that is asked, and each declaration. */
export const amendable = ({
  steps,
  declarations,
}: Pick<Form, 'steps' | 'declarations'>): string[] => [
  ...steps.flatMap(({ id, questions }) =>
    questions.filter(({ type }) => type !== 'computed').map((each) => `${id}.${each.id}`),
  ),
  ...declarations.map(({ id }) => `declarations.${id}`),
];

/** Returns the points of a request, tidied; null: none says anything, one is too long, or one names no question of the form. */
export function pointsIn(
  form: Pick<Form, 'steps' | 'declarations'>,
  given: readonly AmendmentPoint[],
): AmendmentPoint[] | null {
  const known = new Set(amendable(form));
  const points = given.map(({ question, text }) => ({ question, text: text.trim() }));
  const isRight = points.every(
    ({ question, text }) =>
      text !== '' && text.length <= POINT_LENGTH && (question === null || known.has(question)),
  );
  const named = points.flatMap(({ question }) => question ?? []);
  const isOnce = new Set(named).size === named.length;
  return isRight && isOnce && points.length > 0 && points.length <= MOST_POINTS ? points : null;
}

/**
 * Returns the most working days by which a term to amend can be extended: half of it (Ley 39/2015, art. 32.1, and for what is amended 68.2: five
 * of ten). 0: it has no term.
 */
export function mostMore({ transitions }: Pick<StateTable, 'transitions'>): number {
  const terms = transitions.flatMap(({ from, deadline }) =>
    from === AMENDING && deadline !== undefined ? [deadline] : [],
  );
  return terms.length === 0 ? 0 : Math.floor(Math.min(...terms) / 2);
}

/** Returns whether the term of a request may be extended on a day: once, before it has ended (art. 32.3). */
export const mayExtend = (
  { until, extended, closedAt }: Pick<Amendment, 'until' | 'extended' | 'closedAt'>,
  today: Temporal.PlainDate,
): boolean =>
  closedAt === null && extended === null && Temporal.PlainDate.compare(today, until) <= 0;
