import type { Appointment, AppointmentEvent } from '../../../domain/appointment.ts';
import type { OfficeSettings } from '../../../domain/office/types.ts';
import { can } from '../../../domain/roles.ts';
import { actorOf, type StaffViewer, type Viewer } from '../../../lib/viewer.ts';
import { holderOf } from '../coordination/rules.ts';
import { mayAttend } from '../encounter/rules.ts';
import { TAKEN } from './checks/types.ts';
import type {
  DocumentKind,
  DocumentRow,
  DocumentState,
  NewDocument,
  Opening,
  Outstanding,
  Shelf,
  UploadLimits,
} from './types.ts';

type Deed = Pick<AppointmentEvent, 'kind' | 'actor'>;

/**
 * Whether a member of staff may see an appointment's documents: at its desk, with its encounter, or as a coordinator. It is stricter than
 * `mayAttend`: a colleague who answers a citizen's call sees no documents without taking the appointment over.
 */
export const attends = (
  viewer: StaffViewer,
  appointment: Pick<Appointment, 'office' | 'desk'>,
  events: readonly Deed[],
): boolean =>
  mayAttend(viewer, appointment) &&
  (can(viewer, 'see_every_document') ||
    viewer.desk === appointment.desk ||
    holderOf(events)?.actor === `staff:${viewer.staff}`);

/** Whether a viewer may act in an appointment's space at all. The service itself adds the documents that it owes the citizen. */
export function isTheirs(
  viewer: Viewer,
  appointment: Pick<Appointment, 'id' | 'office' | 'desk'>,
  events: readonly Deed[],
): boolean {
  if (viewer.kind === 'staff') return attends(viewer, appointment, events);
  if (viewer.kind === 'system') return true;
  return viewer.kind === 'citizen' && viewer.appointment === appointment.id;
}

/** Whether a viewer may list documents and open them. A link alone is not enough. */
export const maySee = (viewer: Viewer): boolean =>
  viewer.kind === 'staff' || (viewer.kind === 'citizen' && !!viewer.proof);

/** Whether a viewer may hold a document for a legal reason, and read the reason: coordinators. */
export const mayHold = (viewer: Viewer): boolean =>
  viewer.kind === 'staff' && can(viewer, 'hold_documents');

/** Whether a viewer may release a document that the antivirus could not check: coordinators. */
export const mayRelease = (viewer: Viewer): boolean =>
  viewer.kind === 'staff' && can(viewer, 'release_documents');

/** Whether a viewer sees documents of a kind. Evidence is for staff only. */
export const seesKind = (viewer: Viewer, kind: DocumentKind): boolean =>
  viewer.kind === 'staff' || kind !== 'evidence';

/** Whether a viewer hands over documents of a kind. */
export const makesKind = (viewer: Viewer, kind: DocumentKind): boolean =>
  (viewer.kind === 'citizen') === (kind === 'inbox');

/** Whether a viewer handed the document over, and so may continue it. */
export const isMaker = (
  viewer: Viewer,
  { kind, madeBy }: Pick<DocumentRow, 'kind' | 'madeBy'>,
): boolean => makesKind(viewer, kind) && madeBy === actorOf(viewer);

/**
 * Returns why a viewer of an appointment's documents can't take this one back; null: they can. Its maker may until it is accepted; with the
 * link alone, only while it is unfinished. A coordinator may take back a result, since it may be with the wrong citizen while its maker is
 * away. Evidence, and documents that the service owed the citizen, can't be taken back.
 */
export function takeBackRefusal(
  viewer: Viewer,
  document: Pick<DocumentRow, 'kind' | 'madeBy' | 'state' | 'review' | 'heldAt'>,
): 'not_found' | 'accepted' | null {
  const { kind, state, review, heldAt, madeBy } = document;
  const isSeen = state === 'receiving' || maySee(viewer);
  const coordinates =
    viewer.kind === 'staff' && can(viewer, 'take_back_results') && kind === 'outbox';
  const mayDecide = isMaker(viewer, document) || coordinates;
  if (kind === 'evidence' || madeBy === 'system' || !isSeen || !mayDecide) return 'not_found';
  return review === 'accepted' || heldAt ? 'accepted' : null;
}

/** Whether a document is the copy of a consent. The service itself hands over no other document. */
export const isCopy = ({ kind, madeBy }: Pick<DocumentRow, 'kind' | 'madeBy'>): boolean =>
  kind === 'outbox' && madeBy === 'system';

type Asked = Pick<
  DocumentRow,
  'id' | 'kind' | 'shelf' | 'state' | 'review' | 'requested' | 'madeAt' | 'madeBy' | 'destroyedAt'
>;

/** Whether a document is a result that its citizen can fetch. The copy of a consent is none. */
export const isReady = (
  document: Pick<DocumentRow, 'kind' | 'madeBy' | 'state' | 'destroyedAt'>,
): boolean =>
  document.kind === 'outbox' &&
  document.state === 'clean' &&
  !document.destroyedAt &&
  !isCopy(document);

/** Returns what the documents of an appointment ask of its citizen. `opened`: the ids of those that they have opened. */
export function outstandingIn(
  documents: readonly Asked[],
  opened: ReadonlySet<string>,
  appointment: Pick<Appointment, 'end'>,
  retention: OfficeSettings['retention'],
): Outstanding {
  const there = documents.filter((each) => !each.destroyedAt);
  const copies = there.filter(isCopy);
  const results = there.filter((each) => each.kind === 'outbox' && !isCopy(each));
  const ready = results.filter(isReady);
  const toFetch = ready.filter(({ id }) => !opened.has(id));
  const ends = toFetch.map((each) => keptUntil(each, appointment, retention));
  return {
    toFetch: toFetch.length,
    until: ends.sort(Temporal.Instant.compare)[0] ?? null,
    fetched: ready.length - toFetch.length,
    coming: results.filter(({ state }) => COMING.has(state)).length,
    toSendAgain: there.filter((each) => isUseless(each) && !isReplaced(each, there)).length,
    copies: copies.filter(({ state }) => state === 'clean').length,
  };
}

const COMING: ReadonlySet<DocumentState> = new Set(['checking', 'error', 'unscannable']);

/**
 * Returns the results that the check stopped, so that the citizen has not got them: they are refused, or a coordinator must decide. One that
 * was handed over after that takes their place. The SQL function `has_stopped_result` is the same rule.
 */
export function stoppedIn<
  D extends Pick<DocumentRow, 'kind' | 'state' | 'stateAt' | 'madeAt' | 'destroyedAt'>,
>(documents: readonly D[]): D[] {
  const results = documents.filter((each) => each.kind === 'outbox' && !each.destroyedAt);
  const isStopped = ({ state }: D) => state === 'unscannable' || !isKept(state);
  return results.filter(
    (each) =>
      isStopped(each) &&
      !results.some(
        (other) => !isStopped(other) && Temporal.Instant.compare(other.madeAt, each.stateAt) > 0,
      ),
  );
}

/** Whether a citizen's file can't be used: the check or the office refused it. */
const isUseless = ({ kind, state, review }: Asked): boolean =>
  kind === 'inbox' && (review === 'again' || !isKept(state));

/** Whether a later file in the same place is of use, or may still be. */
const isReplaced = (useless: Asked, there: readonly Asked[]): boolean =>
  there.some(
    (each) =>
      each.kind === 'inbox' &&
      each.requested === useless.requested &&
      !isUseless(each) &&
      Temporal.Instant.compare(each.madeAt, useless.madeAt) > 0,
  );

/** Minutes within which repeated openings count as one: the viewer turned a page, or loaded it again. */
export const OPENING_MINUTES = 10;

/** Whether an opening continues an earlier one, which is already recorded. */
export const isSameOpening = (
  openings: readonly Pick<Opening, 'document' | 'by' | 'at'>[],
  { document, by, at }: Pick<Opening, 'document' | 'by' | 'at'>,
): boolean =>
  openings.some((each) => {
    // Negative if the clock was set back.
    const minutes = at.since(each.at).total('minutes');
    const isNear = minutes >= 0 && minutes < OPENING_MINUTES;
    return each.document === document && each.by === by && isNear;
  });

/** Seconds within which the maker of evidence may undo it, if nobody has opened it. */
export const UNDO_SECONDS = 60;

/** Returns the shelf of a new document. Evidence, and a result with a verification code, are on the evidence shelf. */
export const shelfOf = (document: Pick<NewDocument, 'kind' | 'code'>): Shelf =>
  document.kind === 'evidence' || carriedCode(document) ? 'evidence' : 'working';

/** Returns the verification code of a new document; null: none. Only documents of the office can be verified. */
export const carriedCode = ({ kind, code }: Pick<NewDocument, 'kind' | 'code'>): string | null =>
  (kind === 'outbox' && code) || null;

/** Returns the standing of a document for the holders of its code; null: it was never given out. */
export function standingOf({
  state,
  destroyedAt,
  withdrawnAt,
}: Pick<DocumentRow, 'state' | 'destroyedAt' | 'withdrawnAt'>):
  | { standing: 'here' }
  | { standing: 'withdrawn' | 'expired'; since: Temporal.Instant }
  | null {
  if (state !== 'clean') return null;
  if (withdrawnAt) return { standing: 'withdrawn', since: withdrawnAt };
  return destroyedAt ? { standing: 'expired', since: destroyedAt } : { standing: 'here' };
}

const later = (a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant =>
  Temporal.Instant.compare(a, b) > 0 ? a : b;

/** Returns when a document is destroyed: a fixed time after the end of the appointment, or after it was made if that was later. */
export function keptUntil(
  { shelf, madeAt }: Pick<DocumentRow, 'shelf' | 'madeAt'>,
  appointment: Pick<Appointment, 'end'>,
  { documentsHours, evidenceDays }: OfficeSettings['retention'],
): Temporal.Instant {
  const hours = shelf === 'evidence' ? 24 * evidenceDays : documentsHours;
  return later(madeAt, appointment.end).add({ hours });
}

/** Returns the ending for a media type, such as `pdf`; null: it is not accepted. */
export const endingOf = (type: string): string | null =>
  Object.entries(TAKEN).find(([, each]) => each === type)?.[0] ?? null;

const MEGABYTE = 1_000_000;

export const limitsOf = ({ uploads }: OfficeSettings): UploadLimits => ({
  file: uploads.fileMegabytes * MEGABYTE,
  files: uploads.files,
  total: uploads.totalMegabytes * MEGABYTE,
});

/** Returns why a document of this size can't be added; null: it can. */
export function sizeRefusal(
  size: number,
  there: readonly Pick<DocumentRow, 'size'>[],
  limits: UploadLimits,
): 'empty' | 'too_large' | 'full' | null {
  if (!Number.isSafeInteger(size) || size <= 0) return 'empty';
  if (size > limits.file) return 'too_large';
  const total = there.reduce((sum, each) => sum + each.size, size);
  return there.length >= limits.files || total > limits.total ? 'full' : null;
}

const AFTER_CHECK: readonly DocumentState[] = [
  ...(['clean', 'infected', 'unscannable', 'error', 'refused'] as const),
];
const NEXT: Record<DocumentState, readonly DocumentState[]> = {
  receiving: ['checking'],
  checking: AFTER_CHECK,
  error: AFTER_CHECK,
  unscannable: ['clean'], // released by a coordinator
  clean: [],
  infected: [],
  refused: [],
};

export const mayBecome = (from: DocumentState, to: DocumentState): boolean =>
  NEXT[from].includes(to);

/** Whether the bytes of a document are kept: not if nobody may ever open it. */
export const isKept = (state: DocumentState): boolean =>
  state !== 'infected' && state !== 'refused';

/** Returns when to check a document again after an error: soon at first. */
export const checkAgainAt = (checks: number, now: Temporal.Instant): Temporal.Instant =>
  now.add({ minutes: Math.min(2 ** Math.min(checks - 1, 6), 30) });

const MOST_TRIES = 10;

/**
 * Whether a check, which begins now, began so often without any result that the document itself must end the process that checks it. A
 * check with the result `error` doesn't count: the antivirus is away.
 */
export const isTriedEnough = ({ state, checks }: Pick<DocumentRow, 'state' | 'checks'>): boolean =>
  state === 'checking' && checks > MOST_TRIES;

/** Maximum unknown pieces that are always taken for the rest of a crash or an outage. */
const FEW_ORPHANS = 20;

/**
 * Whether unknown pieces may be removed. If no piece is known, or most aren't, the bucket probably belongs to another installation, or the
 * database is older than it.
 */
export function mayTakeOrphans({ there, known, orphans }: PieceCount): boolean {
  return known > 0 && (orphans <= FEW_ORPHANS || orphans <= there / 2);
}

/** The number of stored pieces, of those that belong to a document, and of those that have long belonged to none. */
interface PieceCount {
  there: number;
  known: number;
  orphans: number;
}

/** Hours after which an unfinished upload is given up. */
export const UNFINISHED_HOURS = 24;

export const LONGEST_REASON = 300;

export { kindLike } from './checks/kind-like.ts';
export { cleanName } from './checks/rules.ts';
