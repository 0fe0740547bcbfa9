import { randomUUID } from 'node:crypto';
import { statesOf } from '../../../../domain/form/states.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { isUuid } from '../../../../lib/uuid.ts';
import type { StaffViewer, Viewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { PublishedForm } from '../../../foundation/forms/types.ts';
import type { IdentificationOf } from '../../../foundation/identification/types.ts';
import { readOpened } from '../../../foundation/openings/views.ts';
import type { OpenDocument, Verified } from '../../documents/types.ts';
import {
  type Issuing,
  newCode,
  openedBy,
  VERIFIER,
  verifiedOf,
} from '../../verification/service.ts';
import { applicantOf, withIdentity } from '../applicant.ts';
import { type CasesDeps, findTheirs, formOf, isHabilitated } from '../keeping.ts';
import { move } from '../moving.ts';
import { entryIn } from '../opening.ts';
import { isAsSeen } from '../rules.ts';
import { openSealed, placeOf } from '../sealing.ts';
import { type Applicant, type CaseRecord, type CaseRow, DRAFT, type Seen } from '../types.ts';
import { readCase, readCaseEvents, readCaseForUpdate } from '../views.ts';
import { openDecision, openDocument, sealDecision } from './decided.ts';
import { type IssuedDocument, keepIssued } from './issued.ts';
import { type LetterOf, letterOf } from './letter.ts';
import {
  decisionIn,
  deskSteps,
  isGrantedBySilence,
  isOutcome,
  whyNotIssue,
  whyNotWrite,
} from './rules.ts';
import { writeDecision } from './store.ts';
import type {
  DecisionFile,
  DecisionText,
  DeskResult,
  IssueObstacle,
  Notifying,
  WriteObstacle,
} from './types.ts';
import { type DecisionRow, readDecision, readDecisionById } from './views.ts';

/** `written`: somebody wrote another decision since the viewer saw it. */
export type WriteResult = DeskResult | { ok: false; reason: 'written' | WriteObstacle };
/** `isTold`: whether the office has an address to tell whoever handed it in. */
export type IssueResult =
  | { ok: true; isTold: boolean }
  | { ok: false; reason: 'not_found' | 'not_allowed' | 'changed' | 'written' | IssueObstacle };

/** Decisions of cases: written, reviewed, and issued as a document with a verification code (Ley 39/2015, arts. 35 and 88). */
export interface Deciding {
  /**
   * Keeps what an official who has taken the case has written of its decision, to be reviewed. Nobody is told, and nothing is decided. `before`:
   * when the words that they saw were written, in milliseconds; null: there were none.
   */
  write(
    viewer: StaffViewer,
    office: Office,
    id: string,
    asked: { outcome: string; content: DecisionText; before: number | null; seen: Seen },
  ): Promise<WriteResult>;
  /**
   * Issues the decision that somebody else wrote, as it was reviewed: its document, its entry in the registry of exits, the state of the case,
   * and the notice.
   */
  issue(
    viewer: StaffViewer,
    office: Office,
    id: string,
    asked: { before: number; seen: Seen },
  ): Promise<IssueResult>;
  /** Returns the document of a case's decision; null: there is none, or the case isn't the viewer's. */
  decisionFile(viewer: Viewer, office: Office, id: string): Promise<DecisionFile | null>;
  /** Answers the verification code of a decision; null: there is none with this code. It names no person. */
  verify(code: string): Promise<Verified | null>;
  /** Opens the decision with a verification code; null: there is none. */
  openByCode(code: string): Promise<(OpenDocument & { office: number }) | null>;
}

export interface DecidingDeps extends CasesDeps {
  issuing: Issuing;
  notifying: Notifying;
}

export function createDeciding(deps: DecidingDeps): Deciding {
  const { unit, keyring, notifying } = deps;
  return {
    async write(viewer, office, id, asked) {
      const form = await formOf(deps, office, id);
      const content = decisionIn(asked.outcome, asked.content);
      if (!form) return { ok: false, reason: 'not_found' };
      if (!content) return { ok: false, reason: 'invalid' };
      const may = await isHabilitated(deps, office, viewer);
      return unit(viewer, office.id, (each) =>
        write(deps, each, { id, office, form, ...asked, content, isHabilitated: may }),
      );
    },

    async issue(viewer, office, id, asked) {
      const form = await formOf(deps, office, id);
      if (!form) return { ok: false, reason: 'not_found' };
      const may = await isHabilitated(deps, office, viewer);
      return issue(deps, viewer, { id, office, form, ...asked, isHabilitated: may });
    },

    decisionFile: (viewer, office, id) =>
      unit(viewer, office.id, async (each) => {
        const row = await findTheirs(each, id, readCase);
        if (viewer.kind === 'applicant' && !(await notifying.isOpen(each, id))) return null;
        const found = row ? await readDecision(each.tx, id) : undefined;
        const decision = row && (await openDecision(keyring, each.tx, row, found));
        const bytes = row && (await openDocument(keyring, each.tx, row, found));
        if (!bytes || !decision?.issued) return null;
        if (viewer.kind === 'staff') await each.record('case_read', { data: { case: id } });
        const { reference, language } = row;
        return { reference, language, code: decision.issued.code, bytes };
      }),

    ...createVerifying(deps),
  };
}

/** Answers the verification codes of decisions, to anybody who has one. Each answer is on the trail. */
function createVerifying({
  db,
  unit,
  keyring,
}: Pick<DecidingDeps, 'db' | 'unit' | 'keyring'>): Pick<Deciding, 'verify' | 'openByCode'> {
  const open = async (code: string, as: 'told' | 'fetched') => {
    const found = await readOpened(db, 'decision', code, async (_, id, office) => ({ id, office }));
    if (!found) return null;
    const { office } = found;
    return unit(VERIFIER, office, async (each) => {
      const row = await readDecisionById(each.tx, found.id);
      const of = row && { id: row.case_id, office };
      const bytes = of ? await openDocument(keyring, each.tx, of, row) : null;
      if (!row?.issued_at || !bytes) return null;
      const data = { case: row.case_id, fetched: as === 'fetched' };
      await each.record('case_decision_verified', { data });
      return { id: row.id, office, madeAt: row.issued_at, bytes };
    });
  };
  return {
    async verify(code) {
      const found = await open(code, 'told');
      return found && verifiedOf(found);
    },

    async openByCode(code) {
      const found = await open(code, 'fetched');
      return found && openedBy(code, found, 'resolucio.pdf');
    },
  };
}

interface On {
  id: string;
  office: Office;
  form: PublishedForm;
  seen: Seen;
  isHabilitated: boolean;
}

/** Returns a case that is as it was seen, and what is written of its decision. */
async function find(
  unit: Unit<StaffViewer>,
  { id, office, form, seen }: On,
  read: typeof readCase,
): Promise<
  | { ok: true; row: CaseRow; written: DecisionRow | undefined; isGranted: boolean }
  | { ok: false; reason: 'not_found' | 'changed' }
> {
  const row = isUuid(id) ? await findTheirs(unit, id, read) : null;
  if (!row || row.state === DRAFT) return { ok: false, reason: 'not_found' };
  if (!isAsSeen(row, seen)) return { ok: false, reason: 'changed' };
  const today = unit.now.toZonedDateTimeISO(office.timeZone).toPlainDate();
  const isGranted = isGrantedBySilence(form.form, row.decideBy, today);
  return { ok: true, row, written: await readDecision(unit.tx, id), isGranted };
}

const isDecidable = (
  { form, isHabilitated: may }: Pick<On, 'form' | 'isHabilitated'>,
  row: CaseRow,
  viewer: StaffViewer,
  outcome: string,
) =>
  isOutcome(outcome) &&
  deskSteps(statesOf(form.form), row.state, viewer, may).some(({ to }) => to === outcome);

async function write(
  { keyring }: Pick<DecidingDeps, 'keyring'>,
  unit: Unit<StaffViewer>,
  on: On & { outcome: string; content: DecisionText; before: number | null },
): Promise<WriteResult> {
  const found = await find(unit, on, readCaseForUpdate);
  if (!found.ok) return found;
  const { row, written, isGranted } = found;
  const { outcome, content, before } = on;
  if (written?.issued_at || !isDecidable(on, row, unit.viewer, outcome))
    return { ok: false, reason: 'not_allowed' };
  const { assignee } = row;
  const obstacle = whyNotWrite(unit.viewer, { outcome, assignee, isGranted });
  if (obstacle) return { ok: false, reason: obstacle };
  if ((written?.written_at.epochMilliseconds ?? null) !== before)
    return { ok: false, reason: 'written' };
  const key = await keyring.make(unit.tx, placeOf(row));
  const sealed = sealDecision(key, row, content);
  await writeDecision(unit, { id: written?.id ?? randomUUID(), case: row.id, outcome, sealed });
  await unit.record('case_decision_written', { data: { case: row.id, outcome } });
  return { ok: true };
}

type ToIssueOn = On & { before: number };

/** Returns what is written of a case, as it was reviewed, where the viewer can issue it. */
async function issuable(
  unit: Unit<StaffViewer>,
  on: ToIssueOn,
  read: typeof readCase,
): Promise<{ ok: true; row: CaseRow; written: DecisionRow } | Exclude<IssueResult, { ok: true }>> {
  const found = await find(unit, on, read);
  if (!found.ok) return found;
  const { row, written, isGranted } = found;
  if (!written || written.issued_at || !isDecidable(on, row, unit.viewer, written.outcome))
    return { ok: false, reason: 'not_allowed' };
  const { outcome, written_by: writtenBy } = written;
  const obstacle = whyNotIssue(unit.viewer, { outcome, isGranted, writtenBy });
  if (obstacle) return { ok: false, reason: obstacle };
  if (written.written_at.epochMilliseconds !== on.before) return { ok: false, reason: 'written' };
  return { ok: true, row, written };
}

/** Draws the document without a lock, and keeps it where nothing changed meanwhile: an authority of time may take seconds. */
async function issue(deps: DecidingDeps, viewer: StaffViewer, on: ToIssueOn): Promise<IssueResult> {
  const { unit, issuing } = deps;
  const code = newCode();
  const drafted = await unit(viewer, on.office.id, (each) => draft(deps, each, { ...on, code }));
  if (!drafted.ok) return drafted;
  const applicant = await withIdentity(deps.identification, drafted.applicant, drafted.record);
  const by = drafted.record.applicant?.identification ?? null;
  const known = by === null ? null : await deps.identification.of(by);
  const document = await issuing.issue(letterOf({ ...drafted, applicant }));
  return unit(viewer, on.office.id, (each) =>
    keep(deps, each, { ...on, code, document, applicant, known }),
  );
}

/** Returns what the document of a decision is made of. */
async function draft(
  { keyring }: Pick<DecidingDeps, 'keyring'>,
  unit: Unit<StaffViewer>,
  on: ToIssueOn & { code: string },
): Promise<
  ({ ok: true } & LetterOf & { record: CaseRecord }) | Exclude<IssueResult, { ok: true }>
> {
  const found = await issuable(unit, on, readCase);
  if (!found.ok) return found;
  const { row, written } = found;
  const { tx, now: at, viewer: by } = unit;
  const decision = await openDecision(keyring, tx, row, written);
  const { record } = await openSealed(keyring, tx, row);
  if (!decision || !record) throw new Error(`Case ${row.id} has no record to decide on`);
  const applicant = await applicantOf(keyring, tx, row);
  const entry = entryIn(await readCaseEvents(tx, row.id));
  const { office, code } = on;
  return { ok: true, row, record, decision, applicant, entry, office, code, at, by };
}

/** Keeps the document of a decision with all that follows from it. */
async function keep(
  deps: Pick<DecidingDeps, 'keyring' | 'registry' | 'notifying'>,
  unit: Unit<StaffViewer>,
  on: ToIssueOn & IssuedDocument & { applicant: Applicant | null; known: IdentificationOf | null },
): Promise<IssueResult> {
  const found = await issuable(unit, on, readCaseForUpdate);
  if (!found.ok) return found;
  const { row, written } = found;
  const { office, form, code, document, applicant, known } = on;
  const moved = await move(unit, row, {
    ...{ office, form, to: written.outcome },
    isHabilitated: on.isHabilitated,
  });
  if (!moved.ok) return moved;
  const bytes = document.length;
  const notify = (hash: string) =>
    deps.notifying.decided(unit, office, { row, hash, bytes, applicant, known });
  const issued = { office, written, code, document, notify };
  return { ok: true, isTold: await keepIssued(deps, unit, row, issued) };
}
