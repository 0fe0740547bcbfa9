import type { Form } from '../../../../domain/form/schema.ts';
import type { StateTable } from '../../../../domain/form/states.ts';
import { can } from '../../../../domain/roles.ts';
import { actorOf, type StaffViewer } from '../../../../lib/viewer.ts';
import { actsAs } from '../access.ts';
import { AMENDING, isOver, stepsFrom } from '../rules.ts';
import type { CaseEvent } from '../types.ts';
import type {
  DecisionText,
  DeskStep,
  IssueObstacle,
  UndoableStep,
  WriteObstacle,
} from './types.ts';

/** Working days ahead of which a case is due soon. */
export const SOON_DAYS = 5;
/** Minutes for which an official can take back a step. */
export const UNDO_MINUTES = 10;
/** Characters of a note, of the texts of a decision. */
export const NOTE_LENGTH = 4000;
export const DECISION_LENGTH = 20_000;

/** The outcomes that are decisions: each has its document, with reasons and appeals (Ley 39/2015, art. 88). */
export const OUTCOMES = ['granted', 'refused'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const isOutcome = (state: string): state is Outcome =>
  (OUTCOMES as readonly string[]).includes(state);

/** Returns whether reasons are obligatory: what limits rights or interests has them (Ley 39/2015, art. 35.1.a). */
export const needsReasons = (outcome: string): boolean => outcome === 'refused';

/** Returns whether a member of staff may look into the inbox: whoever serves citizens. */
export const mayHandleCases = (viewer: StaffViewer): boolean => can(viewer, 'serve_citizens');

/** Returns whether the list that somebody takes as a file has names: of those who see all documents of the office. */
export const maySaveNames = (viewer: StaffViewer): boolean => can(viewer, 'see_every_document');

/** Returns whether silence has granted a case: after its last day only a decision that confirms it can follow (Ley 39/2015, art. 24.3.a). */
export const isGrantedBySilence = (
  { decision }: Pick<Form, 'decision'>,
  decideBy: Temporal.PlainDate | null,
  today: Temporal.PlainDate,
): boolean =>
  decision?.silence === 'granted' &&
  decideBy !== null &&
  Temporal.PlainDate.compare(decideBy, today) < 0;

/** How a case stands for whoever wants to decide it. */
export interface ToDecide {
  outcome: string;
  assignee: number | null;
  isGranted: boolean;
}

/** Returns what keeps somebody from writing a decision; null: nothing. */
export function whyNotWrite(
  viewer: StaffViewer,
  { outcome, assignee, isGranted }: ToDecide,
): WriteObstacle | null {
  if (isGranted && outcome === 'refused') return 'silence';
  return assignee === viewer.staff ? null : 'untaken';
}

/** Returns what keeps somebody from issuing what is written: two people decide, and the second has the ability (docs/adr/0092). Null: nothing. */
export function whyNotIssue(
  viewer: StaffViewer,
  { outcome, isGranted, writtenBy }: Omit<ToDecide, 'assignee'> & { writtenBy: string },
): IssueObstacle | null {
  if (isGranted && outcome === 'refused') return 'silence';
  if (!can(viewer, 'decide_cases')) return 'role';
  return writtenBy === actorOf(viewer) ? 'own' : null;
}

/** Returns whether somebody may give cases to others. */
export const mayGive = (viewer: StaffViewer): boolean => can(viewer, 'coordinate');

/** Returns the steps that an official can take from a state, each once. `isHabilitated`: whether they are in the register of officials today. */
export function deskSteps(
  table: StateTable,
  state: string,
  viewer: StaffViewer,
  isHabilitated: boolean,
): DeskStep[] {
  const all = stepsFrom(table, state, actsAs(viewer, isHabilitated)).map(({ to }) => to);
  return [...new Set(all)].map((to) => ({ to, how: howTo(table, to) }));
}

function howTo(table: StateTable, to: string): DeskStep['how'] {
  if (to === AMENDING) return 'amend';
  if (isOutcome(to)) return 'decide';
  return isOver(table, to) ? 'end' : 'step';
}

/** Returns the last step, where its official can take it back: a moment ago, and nothing followed but who handles the case. */
export function undoableIn(
  events: readonly CaseEvent[],
  table: StateTable,
  viewer: StaffViewer,
  now: Temporal.Instant,
): UndoableStep | null {
  const last = events.findLast(({ kind }) => kind !== 'assigned');
  if (last?.kind !== 'moved' || last.actor !== actorOf(viewer)) return null;
  if (last.at.until(now).total('minutes') > UNDO_MINUTES) return null;
  const from = String(last.data.from);
  const to = String(last.data.to);
  if (from === AMENDING || howTo(table, to) !== 'step') return null;
  return { from, to, at: last.at };
}

/** Returns when a case came to the state before its last step. */
export const cameTo = (events: readonly CaseEvent[], state: string): Temporal.Instant | null =>
  events.findLast(
    ({ kind, data }) =>
      (kind === 'handed_in' && data.state === state) || (kind === 'moved' && data.to === state),
  )?.at ?? null;

const FIELDS = ['text', 'reasons', 'appeal'] as const satisfies (keyof DecisionText)[];

/** What is wrong with one of the words of a decision. */
export interface DecisionMistake {
  field: keyof DecisionText;
  mistake: 'missing' | 'long';
}

/** Returns what is wrong with the words of a decision: no text, no reasons where it must have them, no appeal, or one that is too long. */
export function decisionMistakes(outcome: string, given: DecisionText): DecisionMistake[] {
  return FIELDS.flatMap((field): DecisionMistake[] => {
    const { length } = given[field].trim();
    if (length > DECISION_LENGTH) return [{ field, mistake: 'long' }];
    const mayBeEmpty = field === 'reasons' && !needsReasons(outcome);
    return length === 0 && !mayBeEmpty ? [{ field, mistake: 'missing' }] : [];
  });
}

/** Returns the words of a decision, tidied; null: something is wrong with them. */
export function decisionIn(outcome: string, given: DecisionText): DecisionText | null {
  if (decisionMistakes(outcome, given).length > 0) return null;
  return {
    text: given.text.trim(),
    reasons: given.reasons.trim(),
    appeal: given.appeal.trim(),
  };
}
