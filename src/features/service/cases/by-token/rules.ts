import { answerAt, type FormContext, groupOf } from '../../../../domain/form/applied.ts';
import { fileQuestion } from '../../../../domain/form/files.ts';
import type { Form } from '../../../../domain/form/schema.ts';
import type { StateTable } from '../../../../domain/form/states.ts';
import { type AnswerMistake, validate } from '../../../../domain/form/validate.ts';
import { hasScope } from '../../../../domain/scopes.ts';
import type { TokenViewer } from '../../../../lib/viewer.ts';
import { isOutcome } from '../desk/rules.ts';
import { AMENDING, answerNames, isOver, stepsFrom, withoutKeys } from '../rules.ts';
import { type Case, type Change, DRAFT } from '../types.ts';
import type { TokenRequest } from './types.ts';

/**
 * Whether a token may see where a case stands: in its office, what was handed in, and the drafts that a token of the office began. What people
 * begin and don't hand in is theirs alone.
 */
export const seesCase = (
  viewer: TokenViewer,
  { office, state, openedBy }: Pick<Case, 'office' | 'state' | 'openedBy'>,
): boolean => viewer.office === office && (state !== DRAFT || openedBy.startsWith('token:'));

/**
 * Whether a token gets the link of a case: of a draft that this token began, which nobody has made theirs. What was handed in is no
 * longer anybody's to prepare.
 */
export const getsLink = (
  viewer: TokenViewer,
  { state, openedBy, person }: Pick<Case, 'state' | 'openedBy' | 'person'>,
): boolean =>
  hasScope(viewer, 'contacts:write') &&
  state === DRAFT &&
  openedBy === `token:${viewer.token}` &&
  person === null;

const OFFICE = new Set(['office'] as const);

/**
 * Returns the states to which a token takes a case: the office's plain steps. It neither decides nor closes, and it asks nobody to amend: those
 * are for officials, with words of theirs.
 */
export const stepsOfToken = (table: StateTable, state: string): string[] => [
  ...new Set(
    stepsFrom(table, state, OFFICE)
      .map(({ to }) => to)
      .filter((to) => to !== AMENDING && !isOutcome(to) && !isOver(table, to)),
  ),
];

/** Returns answers by the names of their questions. Things of a group have no keys of the sender: those are given here. */
export const changeOf = ({ answers }: Pick<TokenRequest, 'answers'>): Change =>
  Object.fromEntries(
    Object.entries(answers).flatMap(([step, given]) =>
      Object.entries(given).map(([id, value]) => [`${step}.${id}`, withoutKeys(value)]),
    ),
  );

/** What is wrong with the answers of a draft, of which much may still be missing. */
export interface WrongAnswers {
  /** Names that the form doesn't have. */
  unknown: string[];
  /** What only the person gives: their files, and what they declare. */
  theirs: string[];
  mistakes: AnswerMistake[];
}

/** Returns what is wrong with answers of a draft; null: nothing. What is missing is no mistake: the person goes on with it. */
export function wrongIn(
  form: Form,
  { answers }: Pick<TokenRequest, 'answers'>,
  context: FormContext,
): WrongAnswers | null {
  const known = new Set(answerNames(form));
  const names = Object.keys(changeOf({ answers }));
  const things = thingsIn(form, answers);
  const unknown = [
    ...names.filter((each) => !known.has(each)),
    ...things.filter(({ isKnown }) => !isKnown).map(({ path }) => path),
  ];
  const theirs = [
    ...names.filter(
      (each) => known.has(each) && (each.startsWith('declarations.') || fileQuestion(form, each)),
    ),
    ...things.filter(({ name }) => fileQuestion(form, name)).map(({ path }) => path),
  ];
  const isGiven = (name: string) =>
    names.some((each) => name === each || name.startsWith(`${each}.`));
  const { mistakes } = validate(form, answers, context);
  const wrong = mistakes.filter(
    ({ key, name }) => isGiven(name) && !fileQuestion(form, name) && !isGap(key),
  );
  if (unknown.length + theirs.length + wrong.length === 0) return null;
  return { unknown, theirs, mistakes: wrong };
}

/** An answer that is given within a thing of a group. */
interface Within {
  /** The name of its question: `llar.persones.nif`. */
  name: string;
  /** Where it stands: `llar.persones.0.nif`. */
  path: string;
  /** Whether the group asks it. */
  isKnown: boolean;
}

/** Returns what is given within the things of groups. */
function thingsIn({ steps }: Form, answers: TokenRequest['answers']): Within[] {
  const groups = steps.flatMap(({ id, questions }) =>
    questions.flatMap((each) => (each.type === 'group' ? [{ step: id, group: each }] : [])),
  );
  return groups.flatMap(({ step, group }) => {
    const name = `${step}.${group.id}`;
    const asked = new Set(
      group.questions.filter(({ type }) => type !== 'computed').map(({ id }) => id),
    );
    const given = withoutKeys(answerAt(groupOf(answerAt(answers, step)), group.id));
    return (Array.isArray(given) ? given : []).flatMap((item, at) =>
      Object.keys(groupOf(item)).map((id) => ({
        name: `${name}.${id}`,
        path: `${name}.${at}.${id}`,
        isKnown: asked.has(id),
      })),
    );
  });
}

const isGap = (key: string): boolean =>
  key.startsWith('form.error.missing') || key === 'form.error.fewItems';
