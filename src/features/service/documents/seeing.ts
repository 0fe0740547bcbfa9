import { createHash } from 'node:crypto';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { type Tx, within } from '../../../lib/db/database.ts';
import { sealText, unsealText } from '../../../lib/envelope/seal.ts';
import { actorOf, type StaffViewer, staffIn, type Viewer } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { AuditAction } from '../../foundation/audit/types.ts';
import { readDocumentDeeds } from '../../foundation/audit/views.ts';
import type { Keyring } from './keyring.ts';
import {
  codeOf,
  heldReasonOf,
  nameOf,
  openLocked,
  openOf,
  reasonOf,
  shelfPlace,
} from './reading.ts';
import {
  isKept,
  isSameOpening,
  keptUntil,
  LONGEST_REASON,
  mayHold,
  mayRelease,
  maySee,
  seesKind,
} from './rules.ts';
import {
  findDocument,
  findSpace,
  putOnTrail,
  type Refused,
  type SpaceDeps,
  tell,
} from './space.ts';
import { setReview, setState } from './store.ts';
import type {
  AppointmentDocument,
  Digest,
  DocumentEntry,
  KeptDocument,
  OpenDocument,
  Opening,
  Review,
} from './types.ts';
import { readDocuments } from './views.ts';

/** Lists, opens and reviews documents. */
export interface Seeing {
  /**
   * Returns the documents in the order in which they came; null: it isn't the viewer's. With the link alone, names and reasons are left
   * out.
   */
  list(viewer: Viewer, office: Office, appointment: string): Promise<DocumentEntry[] | null>;
  /** The same in a unit of work, of an appointment whose documents are the viewer's. */
  listIn(unit: Unit, office: Office, appointment: Appointment): Promise<DocumentEntry[]>;
  /** Returns the documents that still exist, without their contents or names; null: it isn't the viewer's. */
  kept(viewer: Viewer, office: Office, appointment: string): Promise<KeptDocument[] | null>;
  /** Returns the openings of documents, newest first; null: it isn't the viewer's. */
  seen(viewer: Viewer, office: Office, appointment: string): Promise<Opening[] | null>;
  /** Opens a document. The opening is on the audit trail, see `isSameOpening`. Null: there is none, or it can't be opened yet. */
  open(
    viewer: Viewer,
    office: Office,
    appointment: string,
    id: string,
  ): Promise<OpenDocument | null>;
  /** Returns how many of the citizen's documents were refused: too large, too many, of a kind that isn't accepted. For the staff. */
  refusals(viewer: StaffViewer, office: Office, appointment: string): Promise<number>;
  /** Returns the exact sizes and hashes of documents; null: one of them isn't the viewer's, or can't be opened now. It isn't an opening. */
  digest(
    viewer: Viewer,
    office: Office,
    appointment: string,
    ids: readonly string[],
  ): Promise<Digest[] | null>;
  /** Accepts a document, or asks the citizen to send it again, with a notice. */
  review(
    viewer: Viewer,
    office: Office,
    appointment: string,
    id: string,
    review: { review: Review; reason: string },
  ): Promise<{ ok: true } | Refused<'not_found' | 'not_clean'>>;
  /**
   * Releases a document that could not be checked; the citizen gets a notice of a result. Only viewers who may release documents can do it.
   */
  release(
    viewer: Viewer,
    office: Office,
    appointment: string,
    id: string,
  ): Promise<{ ok: true } | Refused<'not_found'>>;
}

export function createSeeing(deps: SpaceDeps): Seeing {
  const { db, keyring, unit } = deps;
  const listIn = listsWith(keyring);
  return {
    listIn,
    list: (viewer, office, id) =>
      unit(viewer, office.id, async (each) => {
        const appointment = await findSpace(each.tx, viewer, id);
        return appointment && listIn(each, office, appointment);
      }),

    kept: (viewer, office, id) => within(db, office.id, (tx) => readKept(tx, viewer, office, id)),

    async seen(viewer, office, id) {
      const found = await within(db, office.id, (tx) =>
        readOpenings(tx, keyring, viewer, office, id),
      );
      if (!found) return null;
      const people = [...new Set(found.flatMap((each) => staffIn(each.by) ?? []))];
      const called = await deps.staff.namesOf(people);
      return found.map((each) => ({ ...each, who: called.get(staffIn(each.by) ?? 0) ?? null }));
    },

    open: (viewer, office, appointment, id) =>
      unit(viewer, office.id, async (each) => {
        const { tx } = each;
        const document = maySee(viewer) ? await findDocument(tx, viewer, appointment, id) : null;
        if (document?.state !== 'clean') return null;
        const opened = await openLocked(deps, tx, document);
        if (!opened) return null;
        await recordOpening(each, document);
        return openOf(document, opened);
      }),

    refusals: (viewer, office, id) =>
      within(db, office.id, async (tx) => {
        const appointment = await findSpace(tx, viewer, id);
        return appointment ? (await readDocumentDeeds(tx, id, 'document_refused')).length : 0;
      }),

    async digest(viewer, office, appointment, ids) {
      const digests: Digest[] = [];
      for (const id of ids) {
        const digest = await digestOf(deps, viewer, office, appointment, id);
        if (!digest) return null;
        digests.push(digest);
      }
      return digests;
    },

    review: (viewer, office, appointment, id, said) =>
      unit(viewer, office.id, (each) => review(keyring, each, appointment, id, said)),

    release: (viewer, office, appointment, id) =>
      unit(viewer, office.id, (each) => release(each, appointment, id)),
  };
}

const listsWith =
  (keyring: Keyring): Seeing['listIn'] =>
  async ({ tx, viewer }, office, appointment) => {
    const rows = await readDocuments(tx, appointment.id);
    const entries: DocumentEntry[] = [];
    for (const each of rows.filter(({ kind }) => seesKind(viewer, kind)))
      entries.push(await entryOf(tx, keyring, each, { appointment, office, viewer }));
    return entries;
  };

async function readKept(
  tx: Tx,
  viewer: Viewer,
  office: Office,
  id: string,
): Promise<KeptDocument[] | null> {
  const appointment = await findSpace(tx, viewer, id);
  if (!appointment) return null;
  const rows = await readDocuments(tx, id);
  return rows
    .filter((each) => !each.destroyedAt && isKept(each.state))
    .map((each) => ({
      id: each.id,
      kind: each.kind,
      isHeld: each.heldAt !== null,
      hasCode: each.sealedCode !== null,
      until: keptUntil(each, appointment, office.settings.retention),
    }));
}

async function readOpenings(
  tx: Tx,
  keyring: Keyring,
  viewer: Viewer,
  office: Office,
  id: string,
): Promise<Omit<Opening, 'who'>[] | null> {
  const appointment = maySee(viewer) ? await findSpace(tx, viewer, id) : null;
  if (!appointment) return null;
  const names = new Map<string, string | null>();
  for (const each of await readDocuments(tx, id)) {
    if (!seesKind(viewer, each.kind)) continue;
    const { name } = await entryOf(tx, keyring, each, { appointment, office, viewer });
    names.set(each.id, name);
  }
  // The limit of each query is its own, so that many verifications don't hide the openings.
  const opened = await readDocumentDeeds(tx, id, 'document_opened');
  const verified = await readDocumentDeeds(tx, id, 'document_verified');
  const deeds = [...opened, ...verified].sort((a, b) => Temporal.Instant.compare(b.at, a.at));
  return deeds.flatMap((each) => {
    const name = names.get(each.document);
    return name === undefined ? [] : [{ ...each, name }];
  });
}

async function digestOf(
  deps: SpaceDeps,
  viewer: Viewer,
  office: Office,
  appointment: string,
  id: string,
): Promise<Digest | null> {
  const found = await within(deps.db, office.id, async (tx) => {
    const document = maySee(viewer) ? await findDocument(tx, viewer, appointment, id) : null;
    const opened = document?.state === 'clean' ? await openLocked(deps, tx, document) : null;
    return opened && { ...opened, type: document?.type ?? document?.declared ?? '' };
  });
  if (!found) return null;
  const hash = createHash('sha256');
  for await (const part of found.read()) hash.update(part);
  const { name, type, size } = found;
  return { id, name, type, size, sha256: hash.digest('hex') };
}

async function review(
  keyring: Keyring,
  unit: Unit,
  appointment: string,
  id: string,
  said: { review: Review; reason: string },
): ReturnType<Seeing['review']> {
  const { tx, viewer, now } = unit;
  const isStaff = viewer.kind === 'staff';
  const document = isStaff ? await findDocument(tx, viewer, appointment, id) : null;
  if (document?.kind !== 'inbox') return { ok: false, reason: 'not_found' };
  const isLookedInto = document.state === 'clean' || document.state === 'unscannable';
  if (!isLookedInto || (said.review === 'accepted' && document.state !== 'clean'))
    return { ok: false, reason: 'not_clean' };
  const shelf = shelfPlace(document);
  const key = await keyring.shelf(tx, shelf);
  const words = said.reason.trim().slice(0, LONGEST_REASON);
  const reason = key && words ? sealText(key, shelf, reasonOf(document), words) : null;
  await setReview(tx, id, { review: said.review, reason }, { actor: actorOf(viewer), now });
  if (said.review === 'again') await tell(unit, 'again', document);
  await putOnTrail(unit, document, REVIEWED[said.review]);
  return { ok: true };
}

async function release(unit: Unit, appointment: string, id: string): ReturnType<Seeing['release']> {
  const { tx, viewer, now } = unit;
  const document = mayRelease(viewer) ? await findDocument(tx, viewer, appointment, id) : null;
  if (document?.state !== 'unscannable') return { ok: false, reason: 'not_found' };
  await setState(tx, id, 'clean', { now, checkAt: null });
  if (document.kind === 'outbox') await tell(unit, 'result', document);
  await putOnTrail(unit, document, 'document_released');
  return { ok: true };
}

async function recordOpening(unit: Unit, document: AppointmentDocument): Promise<void> {
  const { tx, viewer, now } = unit;
  const action = 'document_opened';
  const before = await readDocumentDeeds(tx, document.appointment, action);
  const opening = { document: document.id, by: actorOf(viewer), at: now };
  if (isSameOpening(before, opening)) return;
  // The proof of the citizen is recorded with the opening.
  const proof = viewer.kind === 'citizen' ? viewer.proof : null;
  const data = proof ? { channel: proof.channel, setBy: proof.setBy } : {};
  await putOnTrail(unit, document, action, data);
  // The room of a call marks what is to fetch.
  unit.tell(document.appointment);
}

const REVIEWED: Record<Review, AuditAction> = {
  accepted: 'document_accepted',
  again: 'document_asked_again',
};

async function entryOf(
  tx: Tx,
  keyring: Keyring,
  document: AppointmentDocument,
  on: { appointment: Appointment; office: Office; viewer: Viewer },
): Promise<DocumentEntry> {
  const {
    sealedName,
    sealedReason,
    sealedCode,
    sealedHeldReason,
    checks: _,
    declared: __,
    case: ___,
    request: ____,
    bytes: _____,
    ...shown
  } = document;
  const shelf = shelfPlace(document);
  const isTold = maySee(on.viewer) && !document.destroyedAt;
  const key = isTold ? await keyring.shelf(tx, shelf) : null;
  const read = (what: string, sealed: Buffer | null) =>
    key && sealed && unsealText(key, shelf, what, sealed);
  return {
    ...shown,
    name: read(nameOf(document), sealedName),
    reason: read(reasonOf(document), sealedReason),
    code: read(codeOf(document), sealedCode),
    heldReason: mayHold(on.viewer) ? read(heldReasonOf(document), sealedHeldReason) : null,
    until: keptUntil(document, on.appointment, on.office.settings.retention),
  };
}
