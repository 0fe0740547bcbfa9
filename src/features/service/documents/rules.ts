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
  Shelf,
  UploadLimits,
} from './types.ts';

type Deed = Pick<AppointmentEvent, 'kind' | 'actor'>;

/**
 * Whether somebody of the staff may see an appointment's documents: its desk, whoever has its encounter, and who coordinates.
 * Stricter than `mayAttend`: a colleague who answers somebody that rings back sees no papers, unless they take it over.
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

/** Whether somebody may do anything at all in an appointment's space. The service itself puts there what it owes the citizen. */
export function isTheirs(
  viewer: Viewer,
  appointment: Pick<Appointment, 'id' | 'office' | 'desk'>,
  events: readonly Deed[],
): boolean {
  if (viewer.kind === 'staff') return attends(viewer, appointment, events);
  if (viewer.kind === 'system') return true;
  return viewer.kind === 'citizen' && viewer.appointment === appointment.id;
}

/** Whether they may see which documents there are, and open them: a link alone is not enough. */
export const maySee = (viewer: Viewer): boolean =>
  viewer.kind === 'staff' || (viewer.kind === 'citizen' && !!viewer.proof);

/** Whether they may say that a law keeps something, and read why it does: who coordinates. */
export const mayHold = (viewer: Viewer): boolean =>
  viewer.kind === 'staff' && can(viewer, 'hold_documents');

/** Whether they may hand on what no antivirus could check: who coordinates. */
export const mayRelease = (viewer: Viewer): boolean =>
  viewer.kind === 'staff' && can(viewer, 'release_documents');

/** Which kinds somebody sees: evidence is the office's. */
export const seesKind = (viewer: Viewer, kind: DocumentKind): boolean =>
  viewer.kind === 'staff' || kind !== 'evidence';

/** Which kinds somebody hands over. */
export const makesKind = (viewer: Viewer, kind: DocumentKind): boolean =>
  (viewer.kind === 'citizen') === (kind === 'inbox');

/** Who hands a document over goes on with it. */
export const isMaker = (
  viewer: Viewer,
  { kind, madeBy }: Pick<DocumentRow, 'kind' | 'madeBy'>,
): boolean => makesKind(viewer, kind) && madeBy === actorOf(viewer);

/**
 * Why somebody who has to do with an appointment's papers can't take this one back; null: they can. Whoever made it may until it
 * is accepted, with the link alone only what is still to come whole; a result also who coordinates, since it may be with the
 * wrong citizen while its maker is away. Evidence is nobody's to take back, nor what the service itself owed the citizen.
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

/** Who opens a document again within so long is still at the same opening: they turned a page, or loaded it anew. */
export const OPENING_MINUTES = 10;

/** Whether somebody who opens a document now opened it before, so that it is on record already. */
export const isSameOpening = (
  openings: readonly Pick<Opening, 'document' | 'by' | 'at'>[],
  { document, by, at }: Pick<Opening, 'document' | 'by' | 'at'>,
): boolean =>
  openings.some((each) => {
    // Negative where the clock was set back.
    const minutes = at.since(each.at).total('minutes');
    const isNear = minutes >= 0 && minutes < OPENING_MINUTES;
    return each.document === document && each.by === by && isNear;
  });

/** Evidence may be undone by who made it within so long, while nobody opened it. */
export const UNDO_SECONDS = 60;

/** Where a new document stands: evidence is kept as such, and so is a result that proves something. */
export const shelfOf = (document: Pick<NewDocument, 'kind' | 'code'>): Shelf =>
  document.kind === 'evidence' || carriedCode(document) ? 'evidence' : 'working';

/** Only what the office issues can be verified. */
export const carriedCode = ({ kind, code }: Pick<NewDocument, 'kind' | 'code'>): string | null =>
  (kind === 'outbox' && code) || null;

/** What is told of a document to who has its code; null: nothing, since it was never given out. */
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

/** When a document is destroyed: so long after the appointment's end, or after it came if that was later. */
export function keptUntil(
  { shelf, madeAt }: Pick<DocumentRow, 'shelf' | 'madeAt'>,
  appointment: Pick<Appointment, 'end'>,
  { documentsHours, evidenceDays }: OfficeSettings['retention'],
): Temporal.Instant {
  const hours = shelf === 'evidence' ? 24 * evidenceDays : documentsHours;
  return later(madeAt, appointment.end).add({ hours });
}

/** The ending of a file of a media type, such as `pdf`; null: none that we take. */
export const endingOf = (type: string): string | null =>
  Object.entries(TAKEN).find(([, each]) => each === type)?.[0] ?? null;

const MEGABYTE = 1_000_000;

export const limitsOf = ({ uploads }: OfficeSettings): UploadLimits => ({
  file: uploads.fileMegabytes * MEGABYTE,
  files: uploads.files,
  total: uploads.totalMegabytes * MEGABYTE,
});

/** Why a document of so many bytes can't join these; null: it can. */
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
  unscannable: ['clean'], // who coordinates let it pass
  clean: [],
  infected: [],
  refused: [],
};

export const mayBecome = (from: DocumentState, to: DocumentState): boolean =>
  NEXT[from].includes(to);

/** What nobody shall ever open is not kept either. */
export const isKept = (state: DocumentState): boolean =>
  state !== 'infected' && state !== 'refused';

/** When to check again what could not be checked: soon at first. */
export const checkAgainAt = (checks: number, now: Temporal.Instant): Temporal.Instant =>
  now.add({ minutes: Math.min(2 ** Math.min(checks - 1, 6), 30) });

const MOST_TRIES = 10;

/**
 * Whether a check, which is begun now, was begun so often before without an answer of any kind that it must be the document
 * that ends whoever looks into it. One that was answered with `error` isn't at fault: it waits for what is away.
 */
export const isTriedEnough = ({ state, checks }: Pick<DocumentRow, 'state' | 'checks'>): boolean =>
  state === 'checking' && checks > MOST_TRIES;

/** So many pieces that no document knows are a crash's, or an outage's, in any case. */
const FEW_ORPHANS = 20;

/**
 * Whether pieces that no document knows may be taken away. Where none at all is known, or most are not, it is likelier that
 * this is another installation's bucket, or a database that is behind it.
 */
export function mayTakeOrphans({ there, known, orphans }: PieceCount): boolean {
  return known > 0 && (orphans <= FEW_ORPHANS || orphans <= there / 2);
}

/** Pieces that lie there, of those the ones that a document knows, and the ones that none has known for long. */
interface PieceCount {
  there: number;
  known: number;
  orphans: number;
}

/** An upload that nobody went on with for so long is given up. */
export const UNFINISHED_HOURS = 24;

export const LONGEST_REASON = 300;
