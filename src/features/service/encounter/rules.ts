import type { Appointment, Status } from '../../../domain/appointment.ts';
import { codesOf } from '../../../domain/office/bundle.ts';
import type { Office } from '../../../domain/office/types.ts';
import { can } from '../../../domain/roles.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { endsAt, LATE_AFTER_MINUTES } from './ending.ts';
import type {
  AfterAttempt,
  AttemptOutcome,
  AttemptPolicy,
  DayEntry,
  DayTurn,
  DraftMistake,
  DraftMistakes,
  Encounter,
  EncounterDraft,
  EncounterItem,
  Situation,
} from './types.ts';
import { IDENTITY_CHECKS, ITEM_KINDS } from './types.ts';

/** An encounter that was open for as many hours was forgotten, and not long: how long it took isn't known. */
export const FORGOTTEN_AFTER_HOURS = 4;

/**
 * Returns whether a member of staff serves citizens. An agent without a desk does not: the audit trail could not tell whether an
 * appointment that they open belongs to another desk.
 */
export const mayAssist = (viewer: StaffViewer): boolean =>
  can(viewer, 'serve_citizens') && (viewer.desk !== null || can(viewer, 'serve_without_desk'));

/**
 * Returns whether a member of staff may see and serve an appointment: also another desk's, since any agent may answer a citizen who
 * rings back (the audit trail says so), but never another office's. See docs/adr/0014-search-of-the-whole-office.md.
 */
export const mayAttend = (viewer: StaffViewer, appointment: Pick<Appointment, 'office'>): boolean =>
  viewer.office === appointment.office && mayAssist(viewer);

/** Returns whether it is the citizen's own appointment, or one that this member of staff may attend. */
export const isTheirs = (
  viewer: Viewer,
  appointment: Pick<Appointment, 'id' | 'office'>,
): boolean =>
  viewer.kind === 'staff'
    ? mayAttend(viewer, appointment)
    : viewer.kind === 'citizen' && viewer.appointment === appointment.id;

/** Whole minutes from `from` to `to`; negative when `to` is before. */
export const minutesBetween = (from: Temporal.Instant, to: Temporal.Instant): number =>
  Math.floor((to.epochMilliseconds - from.epochMilliseconds) / 60_000);

/** Where an appointment stands now. */
export function situationOf(
  entry: Pick<DayTurn, 'status' | 'dueAt' | 'endsAt' | 'failedAttempts' | 'lacksNumber'>,
  now: Temporal.Instant,
): Situation {
  if (entry.status === 'arrived') return 'waiting';
  if (entry.status !== 'booked') return entry.status;
  if (entry.endsAt) return 'unreached';
  if (entry.lacksNumber) return 'number';
  const late = minutesBetween(entry.dueAt, now);
  if (late >= LATE_AFTER_MINUTES) return 'late';
  if (late >= 0) return 'due';
  return entry.failedAttempts > 0 ? 'retry' : 'upcoming';
}

/** The statuses of whoever is still to be served, or is being served. */
export const STILL_OPEN = ['booked', 'arrived', 'in_progress'] as const satisfies Status[];

export const isStillOpen = (status: Status): boolean => STILL_OPEN.some((each) => each === status);

/**
 * The order in which to attend: what was begun, who waits in the room and whose hour has come, then the rest by the time
 * at which the call is due. Of two at once, who was called less.
 */
export function inOrder<T extends DayTurn>(entries: readonly T[], now: Temporal.Instant): T[] {
  const isDue = (entry: T) => Temporal.Instant.compare(entry.dueAt, now) <= 0;
  const rank = (entry: T) =>
    entry.status === 'in_progress' ? 0 : entry.status === 'arrived' && isDue(entry) ? 1 : 2;
  return entries
    .filter((each) => isStillOpen(each.status))
    .sort(
      (a, b) =>
        rank(a) - rank(b) ||
        Temporal.Instant.compare(a.dueAt, b.dueAt) ||
        a.failedAttempts - b.failedAttempts ||
        Temporal.Instant.compare(a.start, b.start) ||
        (a.id < b.id ? -1 : 1),
    );
}

/** Returns the entries that are over, in the order of their hours. */
export const closedOf = (entries: readonly DayEntry[]): DayEntry[] =>
  entries
    .filter((each) => !isStillOpen(each.status))
    .sort((a, b) => Temporal.Instant.compare(a.start, b.start) || (a.id < b.id ? -1 : 1));

/**
 * Returns the next appointment to serve; null when the day is done. Left out are those that another desk serves now, and those
 * that end by themselves since nobody answered.
 */
export const nextOf = <T extends DayTurn>(entries: readonly T[], now: Temporal.Instant): T | null =>
  inOrder(entries, now).find(
    (each) => !each.isElsewhere && situationOf(each, now) !== 'unreached',
  ) ?? null;

/**
 * What follows the `number`-th call, made at `at` for an appointment at `start`. A refusal counts as a call, and so does a wrong
 * number, after which nobody is called before there is another one.
 */
export function afterAttempt(
  outcome: AttemptOutcome,
  number: number,
  { at, start }: { at: Temporal.Instant; start: Temporal.Instant },
  policy: AttemptPolicy,
): AfterAttempt {
  if (outcome === 'answered') return { next: 'attend' };
  const end = endsAt(start, { failed: number, lastAt: at }, policy);
  if (end) return { next: 'ending', at: end };
  if (outcome === 'wrong_number') return { next: 'number' };
  return { next: 'retry', at: at.add({ minutes: policy.spacingMinutes }) };
}

/** Returns whether a citizen may be called: only while they have not been reached. */
export const mayCall = (status: Status): boolean => status === 'booked' || status === 'arrived';

/** Returns whether an encounter can begin without a logged call: by video, or when the citizen rings back, even after a no-show. */
export const mayStart = (status: Status): boolean =>
  status === 'booked' || status === 'arrived' || status === 'noshow';

/** Returns whether a member of staff may correct the record of an encounter: of their desk, or of any as a coordinator. */
export const mayCorrect = (
  viewer: StaffViewer,
  { desk, endedAt, isForgotten }: Pick<Encounter, 'desk' | 'endedAt' | 'isForgotten'>,
): boolean =>
  endedAt !== null &&
  !isForgotten &&
  (can(viewer, 'coordinate') || (desk !== null && desk === viewer.desk));

export { bookedPoints, checklistOf, isPointOf, listedProcedures, untickedOf } from './checklist.ts';
export {
  dueAt,
  endsAt,
  GRACE,
  isEarly,
  LATE_AFTER_MINUTES,
  statusBefore,
  stopsAt,
  triesSince,
  undoOf,
} from './ending.ts';
export { maySeeTraces, timeLineOf } from './history.ts';
export { mergeDrafts, partsThatDiffer, sameDraft } from './merging.ts';
export { looksPersonal, maskPersonal } from './personal.ts';

export const LONGEST = { label: 200, identityNote: 300, notes: 4000, note: 500 } as const;
export const MOST_ITEMS = 20;

/** The codes that an office's catalogue and settings allow. */
export interface Allowed {
  procedure(code: string): boolean;
  query(code: string): boolean;
  outcome(code: string): boolean;
  wrapUp(code: string): boolean;
}

/** A row in which nothing was filled in. */
export const isEmptyItem = (item: EncounterItem): boolean =>
  item.procedure === null && item.query === null && item.label === '' && item.outcome === '';

/**
 * What is wrong with a draft. While it is being written anything may be missing; to close, what was done, how each ended,
 * how identity was checked and the wrap-up code must be there. Fields are numbered as in `draft.items`.
 */
export function draftMistakes(
  draft: EncounterDraft,
  allowed: Allowed,
  to: 'save' | 'close',
): DraftMistakes {
  const mistakes: DraftMistakes = {};
  draft.items.forEach((item, index) => {
    const label = labelMistake(item, allowed);
    if (label && (label !== 'missing' || to === 'close')) mistakes[`item-${index}-label`] = label;
    if (item.outcome === '') {
      if (to === 'close') mistakes[`item-${index}-outcome`] = 'missing';
    } else if (!allowed.outcome(item.outcome)) {
      mistakes[`item-${index}-outcome`] = 'not_known';
    }
  });
  if (draft.items.length > MOST_ITEMS) mistakes.item = 'too_long';
  if (draft.identity !== null && !IDENTITY_CHECKS.includes(draft.identity))
    mistakes.identity = 'not_known';
  if (draft.identityNote.length > LONGEST.identityNote) mistakes.identityNote = 'too_long';
  if (draft.notes.length > LONGEST.notes) mistakes.notes = 'too_long';
  if (draft.wrapUp !== null && !allowed.wrapUp(draft.wrapUp)) mistakes.wrapUp = 'not_known';
  if (to === 'close') {
    if (draft.items.length === 0) mistakes.item = 'missing';
    if (draft.identity === null) mistakes.identity = 'missing';
    if (draft.wrapUp === null) mistakes.wrapUp = 'missing';
  }
  return mistakes;
}

function labelMistake(item: EncounterItem, allowed: Allowed): DraftMistake | null {
  const { kind, procedure, query, label } = item;
  if (label.length > LONGEST.label) return 'too_long';
  if (procedure === null && query === null && label === '') return 'missing';
  const known =
    ITEM_KINDS.includes(kind) &&
    (procedure === null || allowed.procedure(procedure)) &&
    (query === null || (kind === 'query' && allowed.query(query)));
  return known ? null : 'not_known';
}

/**
 * What to dial (RFC 3966). Behind an exchange that wants a prefix before outside numbers, national numbers go without
 * their country and foreign ones with 00, since exchanges don't know the plus sign.
 */
export function dialable(e164: string, prefix: string, countryCode: string): string {
  if (prefix === '') return `tel:${e164}`;
  const national = e164.startsWith(countryCode) ? e164.slice(countryCode.length) : null;
  return `tel:${prefix}${national ?? `00${e164.slice(1)}`}`;
}

/** From midnight to midnight where the office is: 23 or 25 hours when the clocks change. */
export function dayOf(day: Temporal.PlainDate, timeZone: string) {
  const from = day.toZonedDateTime(timeZone).toInstant();
  return { from, to: day.add({ days: 1 }).toZonedDateTime(timeZone).toInstant() };
}

const isIn = (list: readonly { code: string }[]) => (code: string) =>
  list.some((each) => each.code === code);

/** What an office allows, from its catalogue and settings. */
export function allowedIn(office: Office): Allowed {
  const { outcomes, wrapUpCodes, queries } = office.settings;
  return {
    procedure: (code) => office.procedure(code) !== undefined,
    query: isIn(queries),
    outcome: isIn(outcomes),
    wrapUp: isIn(wrapUpCodes),
  };
}

/** How a procedure or a query mostly ends, to be preselected: a code of the office's outcomes. */
export function usualOutcome(
  kind: EncounterItem['kind'],
  outcomes: readonly { code: string }[],
): string {
  const usual = kind === 'procedure' ? 'done' : 'answered';
  return (outcomes.find((each) => each.code === usual) ?? outcomes[0])?.code ?? '';
}

/** Returns the first rows of an encounter: the booked procedures, each with its usual outcome. */
export const firstItems = (
  office: Office,
  appointment: Pick<Appointment, 'procedure' | 'further'>,
): EncounterItem[] =>
  codesOf(appointment).map((procedure) => {
    const kind = office.procedure(procedure)?.kind === 'information' ? 'query' : 'procedure';
    const outcome = usualOutcome(kind, office.settings.outcomes);
    return { kind, procedure, query: null, label: '', outcome };
  });
