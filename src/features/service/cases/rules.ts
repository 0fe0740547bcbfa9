import { randomBytes } from 'node:crypto';
import { type Answers, answerAt, type FormContext, groupOf } from '../../../domain/form/applied.ts';
import type { QuestionOf } from '../../../domain/form/questions.ts';
import type { Form } from '../../../domain/form/schema.ts';
import type { Actor, StateTable, Transition } from '../../../domain/form/states.ts';
import type {
  Period,
  Suspension,
  WorkingDays,
} from '../../../domain/office/calendar/working-days.ts';
import type { Office } from '../../../domain/office/types.ts';
import { canonicalJson } from '../../../lib/envelope/canonical-json.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import type { CaseEvent, CaseRow, Change, Draft, Hand, ItemChange, Seen } from './types.ts';

/** Returns the steps that a table allows somebody from a state. */
export const stepsFrom = (
  { transitions }: StateTable,
  state: string,
  actors: ReadonlySet<Actor>,
): Transition[] => transitions.filter(({ from, who }) => from === state && actors.has(who));

/** Returns whether nothing can follow a state. */
export const isOver = ({ transitions }: StateTable, state: string): boolean =>
  transitions.every(({ from }) => from !== state);

/** Returns the last day of a state that began on a day: its earliest deadline; null: it has none. */
export function dueOf(
  { transitions }: StateTable,
  state: string,
  since: Temporal.PlainDate,
  days: WorkingDays,
): Temporal.PlainDate | null {
  const deadlines = transitions.flatMap(({ from, deadline }) =>
    from === state && deadline !== undefined ? [deadline] : [],
  );
  if (deadlines.length === 0) return null;
  return days.endOf({ workingDays: Math.min(...deadlines) }, since);
}

/** Returns the step that happens by itself from a state, the one with the earliest deadline; null: none does. */
const lapseFrom = (table: StateTable, state: string): Transition | null =>
  stepsFrom(table, state, new Set(['system'])).toSorted(
    (a, b) => (a.deadline ?? 0) - (b.deadline ?? 0),
  )[0] ?? null;

/** Returns the last day after which a state that began on a day lapses by itself; null: it never does. */
export function lapseDayOf(
  table: StateTable,
  state: string,
  since: Temporal.PlainDate,
  days: WorkingDays,
): Temporal.PlainDate | null {
  const deadline = lapseFrom(table, state)?.deadline;
  return deadline === undefined ? null : days.endOf({ workingDays: deadline }, since);
}

/** Returns the step that happens by itself since its day has passed; null: none does. */
export const lapseOf = (
  table: StateTable,
  state: string,
  lapseOn: Temporal.PlainDate | null,
  today: Temporal.PlainDate,
): Transition | null =>
  lapseOn !== null && Temporal.PlainDate.compare(lapseOn, today) < 0
    ? lapseFrom(table, state)
    : null;

/** The state in which the time for the decision does not run: Ley 39/2015, art. 22.1.a. */
export const AMENDING = 'to-amend';

/** The state to which the citizen takes a case that they withdraw, where the form's table has it. */
export const WITHDRAWN = 'withdrawn';

/** The most months for which the time to decide stands still for a report: Ley 39/2015, art. 22.1.d. */
export const MOST_REPORT_MONTHS = 3;

type DayOf = (at: Temporal.Instant) => Temporal.PlainDate;

/** Returns the times in which a case waited for its person, or for a report that the law demands. */
export const suspensionsIn = (events: readonly CaseEvent[], dayOf: DayOf): Suspension[] => [
  ...amendedIn(events, dayOf),
  ...reportedIn(events, dayOf),
];

/**
 * Returns the times in which a case waited for reports that the law demands. Together they end three months after the first one was asked for: who asks
 * again gains no more. While one does not come, they last as long as they may.
 */
function reportedIn(events: readonly CaseEvent[], dayOf: DayOf): Suspension[] {
  const asked = events.filter(
    ({ kind, data }) => kind === 'report_asked' && data.suspends === true,
  );
  const last = lastStandstill(events, dayOf);
  if (!last) return [];
  return asked.map(({ at, data }) => {
    const end = events.find(
      (each) => each.kind === 'report_ended' && each.data.report === data.report,
    );
    const until = end ? dayOf(end.at) : last;
    return { from: dayOf(at), until: Temporal.PlainDate.compare(until, last) < 0 ? until : last };
  });
}

/** Returns the first day that counts again however long reports take; null: none that the law demands was asked for. */
export function lastStandstill(
  events: readonly CaseEvent[],
  dayOf: DayOf,
): Temporal.PlainDate | null {
  const first = events.find(({ kind, data }) => kind === 'report_asked' && data.suspends === true);
  return first ? dayOf(first.at).add({ months: MOST_REPORT_MONTHS }) : null;
}

function amendedIn(events: readonly CaseEvent[], dayOf: DayOf): Suspension[] {
  const found: Suspension[] = [];
  for (const { kind, at, data } of events) {
    if (kind !== 'moved') continue;
    const open = found.find(({ until }) => until === null);
    if (open) open.until = dayOf(at);
    if (data.to === AMENDING) found.push({ from: dayOf(at), until: null });
  }
  return found;
}

/** Returns how long the office has to decide; null: the form says nothing. */
export function periodOf({ decision }: Pick<Form, 'decision'>): Period | null {
  if (decision?.workingDays !== undefined) return { workingDays: decision.workingDays };
  return decision?.months === undefined ? null : { months: decision.months };
}

/**
 * Returns answers with a change in them. Questions that the form doesn't have are left out. An answer that stays the same keeps its hand: who
 * sends a page with it again has not answered it.
 */
export function withChange(draft: Draft, form: Form, change: Change, hand: Hand): Draft {
  const known = new Set(answerNames(form));
  const answers: Record<string, Record<string, unknown>> = {};
  for (const [step, given] of Object.entries(draft.answers))
    answers[step] = { ...(given as Record<string, unknown>) };
  const hands: Record<string, Hand> = { ...draft.hands };
  for (const [name, value] of Object.entries(change)) {
    if (!known.has(name)) continue;
    const [step = '', question = ''] = name.split('.');
    const group = { ...answers[step] };
    if (name in hands && isSame(group[question], value)) continue;
    if (value === undefined) delete group[question];
    else group[question] = value;
    answers[step] = group;
    hands[name] = hand;
  }
  return { answers: answers satisfies Answers, hands };
}

const isSame = (before: unknown, after: unknown): boolean =>
  before === after ||
  (before !== undefined && after !== undefined && canonicalJson(before) === canonicalJson(after));

/** Returns the names that answers can have: each question that is asked, and each declaration. */
export const answerNames = ({
  steps,
  declarations,
}: Pick<Form, 'steps' | 'declarations'>): string[] => [
  ...steps.flatMap(({ id, questions }) =>
    questions.filter(({ type }) => type !== 'computed').map((each) => `${id}.${each.id}`),
  ),
  ...declarations.map(({ id }) => `declarations.${id}`),
];

/** Returns the hands of the answers that were handed in. */
export const handsOf = (
  { hands }: Draft,
  answers: Readonly<Record<string, unknown>>,
): Record<string, Hand> =>
  Object.fromEntries(
    Object.entries(hands).filter(([name]) => {
      const [step = '', question = ''] = name.split('.');
      const group = answers[step];
      return typeof group === 'object' && group !== null && question in group;
    }),
  );

/** Returns when a draft that was changed now is deleted, if nobody goes on with it. */
export const discardedAt = (
  now: Temporal.Instant,
  { retention }: Pick<Form, 'retention'>,
): Temporal.Instant => now.add({ hours: 24 * retention.draftDays });

export { actsAs, isTheirs, isUnclaimed } from './access.ts';

/** Returns what names the state of a case and who handles it, so that a change of it can be told. */
export const seenOf = ({
  stateAt,
  assignee,
  state,
}: Pick<CaseRow, 'state' | 'stateAt' | 'assignee'>): Seen =>
  `${state} ${stateAt.epochMilliseconds} ${assignee ?? ''}`.trim();

/** Returns whether nobody changed a case since it was seen. */
export const isAsSeen = (
  row: Pick<CaseRow, 'state' | 'stateAt' | 'assignee'>,
  seen: Seen,
): boolean => seenOf(row) === seen;

/** Returns what the form of a case needs to know besides its answers. */
export const contextOf = (
  { timeZone }: Pick<Office, 'timeZone'>,
  now: Temporal.Instant,
  language: Language,
): FormContext => ({ today: now.toZonedDateTimeISO(timeZone).toPlainDate(), language });

/** Under which an item of a group has its key. No question can be called so. */
const KEY = '$key';

type Item = Readonly<Record<string, unknown>>;

/** Returns the key of an item, by which it is found though others before it were removed. `at`: from 0. */
export function keyOf(item: unknown, at: number): string {
  const key = answerAt(groupOf(item), KEY);
  return typeof key === 'string' ? key : `at-${at}`;
}

/** Returns an answer whose items, where it is of a group, have no keys. */
export const withoutKeys = (answer: unknown): unknown =>
  Array.isArray(answer)
    ? answer.map((item) =>
        KEY in groupOf(item)
          ? Object.fromEntries(Object.entries(groupOf(item)).filter(([id]) => id !== KEY))
          : item,
      )
    : answer;

/** Returns the items of a group, each with its key. */
export function itemsOf(answers: Answers, group: string): { key: string; item: Item }[] {
  const [step = '', question = ''] = group.split('.');
  const given = answerAt(groupOf(answerAt(answers, step)), question);
  const items: readonly unknown[] = Array.isArray(given) ? given : [];
  return items.map((item, at) => ({ key: keyOf(item, at), item: groupOf(item) }));
}

type Changed =
  | { ok: true; items: Item[]; at: number }
  | { ok: false; reason: 'gone' | 'full' | 'not_found' };

/** Returns the items of a group after a change of one of them. `newKey`: of the item that is added. */
export function withItem(
  answers: Answers,
  form: Pick<Form, 'steps'>,
  change: ItemChange,
  newKey: () => string = randomKey,
): Changed {
  const [step, id] = change.group.split('.');
  const question = form.steps
    .find((each) => each.id === step)
    ?.questions.find((each) => each.id === id);
  if (question?.type !== 'group') return { ok: false, reason: 'not_found' };
  const kept = itemsOf(answers, change.group);
  const items: Item[] = kept.map(({ key, item }) => ({ ...item, [KEY]: key }));
  if (!('key' in change)) {
    if (items.length >= question.most) return { ok: false, reason: 'full' };
    return { ok: true, items: [...items, { [KEY]: newKey() }], at: items.length };
  }
  const at = kept.findIndex(({ key }) => key === change.key);
  if (at < 0) return { ok: false, reason: 'gone' };
  if ('do' in change) return { ok: true, items: items.toSpliced(at, 1), at };
  return {
    ok: true,
    items: items.with(at, withAnswers(items[at] ?? {}, question, change.set)),
    at,
  };
}

/** Returns an item with new answers of its questions. Undefined takes one back. */
function withAnswers(item: Item, { questions }: QuestionOf<'group'>, set: Item): Item {
  const changed: Record<string, unknown> = { ...item };
  for (const { id, type } of questions) {
    if (type === 'computed' || !Object.hasOwn(set, id)) continue;
    if (set[id] === undefined) delete changed[id];
    else changed[id] = set[id];
  }
  return changed;
}

const randomKey = (): string => randomBytes(6).toString('base64url');

/** Returns what the registry calls the application of a case. */
export const aboutApplication = (id: string): string => `case ${id} application`;

/** Returns what the registry calls what amends a case. `nth`: from 1. */
export const aboutAmendment = (id: string, nth: number): string => `case ${id} amendment ${nth}`;

/** Returns what the registry calls the withdrawal of a case. */
export const aboutWithdrawal = (id: string): string => `case ${id} withdrawal`;

/** Returns what the registry calls the signature of somebody else than the applicant. `nth`: from 0. */
export const aboutCosigner = (id: string, nth: number): string => `case ${id} cosigner ${nth}`;

/** What can be handed in to a case. */
export const HANDED_IN = ['application', 'amendment', 'withdrawal', 'signature'] as const;
export type HandedInKind = (typeof HANDED_IN)[number];

/** Returns which kind of thing an entry of a case is of, from what the registry calls it. */
export const kindOf = (about: string): HandedInKind => {
  const word = about.split(' ')[2];
  return word === 'cosigner'
    ? 'signature'
    : (HANDED_IN.find((each) => each === word) ?? 'application');
};
