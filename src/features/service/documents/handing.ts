import { randomUUID } from 'node:crypto';
import type { Appointment } from '../../../domain/appointment.ts';
import { bookedBundle } from '../../../domain/office/bundle.ts';
import type { Office } from '../../../domain/office/types.ts';
import { type Tx, within } from '../../../lib/db/database.ts';
import { newKey, wrapKey } from '../../../lib/envelope/keys.ts';
import { sealText } from '../../../lib/envelope/seal.ts';
import { hashSecret } from '../../../lib/secrets.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import { isSpaceOpen } from '../../booking/appointments/rules.ts';
import { lockAppointment } from '../../booking/appointments/service.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { readDocumentDeeds } from '../../foundation/audit/views.ts';
import { cleanName } from './checks/rules.ts';
import type { Keyring } from './keyring.ts';
import { codeOf, nameOf, readCode, shelfPlace } from './reading.ts';
import { receive } from './receiving.ts';
import {
  carriedCode,
  isMaker,
  makesKind,
  shelfOf,
  takeBackRefusal,
  UNDO_SECONDS,
} from './rules.ts';
import {
  dropKeys,
  findDocument,
  findSpace,
  putOnTrail,
  type Refused,
  removeOrLeave,
  roomRefusal,
  type SpaceDeps,
  untell,
} from './space.ts';
import { forgetUnfinished, insertDocument, setDestroyed, shred } from './store.ts';
import type { AppointmentDocument, NewDocument, ShelfPlace } from './types.ts';
import { isSignedPaper } from './views.ts';

export type BeginResult =
  | { ok: true; id: string }
  | Refused<'not_found' | 'not_open' | 'not_requested' | 'empty' | 'too_large' | 'full'>;
export type AppendResult =
  | { ok: true; received: number }
  | Refused<'not_found' | 'conflict' | 'too_large' | 'no_room' | 'not_now'>;

/** Hands documents over. The link alone is enough for this part of the space. */
export interface Handing {
  /**
   * Announces a document; its bytes follow. `not_requested`: the procedure doesn't ask for this document. If the id was announced before,
   * the unfinished document is removed first.
   */
  begin(
    viewer: Viewer,
    office: Office,
    appointment: string,
    document: NewDocument,
  ): Promise<BeginResult>;
  /** Returns how much of a viewer's document was received, and its verification code; null: there is none. */
  progress(
    viewer: Viewer,
    office: Office,
    appointment: string,
    id: string,
  ): Promise<{ size: number; received: number; code: string | null } | null>;
  /**
   * Continues a document from `offset`, which must be the number of received bytes (else `conflict`). Returns how much was received: less
   * than was sent if that ended within a segment.
   */
  append(
    viewer: Viewer,
    office: Office,
    appointment: string,
    id: string,
    offset: number,
    bytes: AsyncIterable<Uint8Array>,
  ): Promise<AppendResult>;
  /** Hands over a document at once. If it can't be kept, nothing of it stays. */
  keep(
    viewer: Viewer,
    office: Office,
    appointment: string,
    document: Omit<NewDocument, 'size'>,
    bytes: Uint8Array,
  ): Promise<BeginResult | Extract<AppendResult, { ok: false }>>;
  /** Takes back a document that nobody has accepted yet: the viewer's own, or a result if the viewer coordinates. Evidence stays. */
  withdraw(
    viewer: Viewer,
    office: Office,
    appointment: string,
    id: string,
  ): Promise<{ ok: true } | Refused<'not_found' | 'accepted'>>;
  /** Undoes evidence made by mistake: the viewer made it a moment ago, and nobody has opened it. */
  undo(
    viewer: Viewer,
    office: Office,
    appointment: string,
    id: string,
  ): Promise<{ ok: true } | Refused<'not_found'>>;
}

/** A document, and the viewer who acts on it. */
interface Taking {
  viewer: Viewer;
  office: Office;
  appointment: string;
  id: string;
}

export function createHanding(deps: SpaceDeps): Handing {
  const begin: Handing['begin'] = (viewer, office, id, document) =>
    deps.unit(viewer, office.id, (unit) => beginIn(deps.keyring, unit, office, id, document));
  const append: Handing['append'] = (viewer, office, appointment, id, offset, bytes) =>
    appendTo(deps, { viewer, office, appointment, id }, offset, bytes);

  return {
    begin,
    append,
    withdraw: (viewer, office, appointment, id) =>
      takeAway(deps, { viewer, office, appointment, id }, (_, document) =>
        takeBackRefusal(viewer, document),
      ),
    undo: (viewer, office, appointment, id) =>
      takeAway(deps, { viewer, office, appointment, id }, undoRefusal),
    progress: (viewer, office, appointment, id) =>
      within(deps.db, office.id, async (tx) => {
        const document = await findDocument(tx, viewer, appointment, id);
        if (!document || !isMaker(viewer, document)) return null;
        const { size, received } = document;
        return { size, received, code: await readCode(deps, tx, document) };
      }),
    async keep(viewer, office, appointment, document, bytes) {
      const begun = await begin(viewer, office, appointment, { ...document, size: bytes.length });
      if (!begun.ok) return begun;
      const whole = async function* () {
        yield bytes;
      };
      const kept = await append(viewer, office, appointment, begun.id, 0, whole());
      if (kept.ok) return begun;
      await takeAway(deps, { viewer, office, appointment, id: begun.id }, () => null);
      return kept;
    },
  };
}

/** Destroys a document unless `refusalOf` returns a reason; nothing of it stays. */
async function takeAway<R extends string>(
  { blobs, unit }: Pick<SpaceDeps, 'blobs' | 'unit'>,
  { viewer, office, appointment, id }: Taking,
  refusalOf: (unit: Unit, document: AppointmentDocument) => R | null | Promise<R | null>,
): Promise<{ ok: true } | Refused<R | 'not_found'>> {
  const result = await unit(viewer, office.id, async (each) => {
    const { tx, now } = each;
    const document = await findDocument(tx, viewer, appointment, id);
    if (!document) return { ok: false, reason: 'not_found' } as const;
    const refusal = await refusalOf(each, document);
    if (refusal) return { ok: false, reason: refusal } as const;
    await putOnTrail(each, document, 'document_withdrawn');
    const left = await shred(tx, id, now);
    await setDestroyed(tx, id, now, { isWithdrawn: true });
    await dropKeys(each, appointment);
    if (document.kind === 'outbox') await untell(each, document);
    return { ok: true, left } as const;
  });
  if (!result.ok) return result;
  await removeOrLeave(blobs, result.left);
  return { ok: true };
}

/** Returns why evidence can't be undone: it isn't the viewer's, it is too old, somebody has opened it, or it is the signed paper of a consent. */
async function undoRefusal(
  { tx, viewer, now }: Unit,
  document: AppointmentDocument,
): Promise<'not_found' | null> {
  const isLate = now.since(document.madeAt).total('seconds') > UNDO_SECONDS;
  if (document.kind !== 'evidence' || !isMaker(viewer, document) || isLate) return 'not_found';
  const opened = await readDocumentDeeds(tx, document.appointment, 'document_opened');
  const isOpened = opened.some((each) => each.document === document.id);
  const isSettled = document.heldAt || isOpened || (await isSignedPaper(tx, document.id));
  return isSettled ? 'not_found' : null;
}

async function beginIn(
  keyring: Keyring,
  unit: Unit,
  office: Office,
  id: string,
  document: NewDocument,
): Promise<BeginResult> {
  const { tx, viewer, now } = unit;
  const appointment = await findSpace(tx, viewer, id);
  if (!appointment || !makesKind(viewer, document.kind)) return { ok: false, reason: 'not_found' };
  await lockAppointment(tx, id); // two uploads at once must not exceed the limits of the space
  // A document that the citizen is owed is handed over in any case.
  const isOwed = viewer.kind === 'system';
  const refusal = isOwed ? null : await refusalOf(tx, office, appointment, document, now);
  if (refusal) {
    if (document.kind === 'inbox') await countRefusal(unit, id, refusal);
    return { ok: false, reason: refusal };
  }
  // Its bytes become loose: the sweep of orphans removes them.
  if (document.id) await forgetUnfinished(unit, { id: document.id, appointment: id });
  return { ok: true, id: await announce(keyring, unit, id, document) };
}

async function appendTo(
  deps: SpaceDeps,
  { viewer, office, appointment, id }: Taking,
  offset: number,
  bytes: AsyncIterable<Uint8Array>,
): Promise<AppendResult> {
  const going = await within(deps.db, office.id, async (tx) => {
    const document = await findDocument(tx, viewer, appointment, id);
    if (!document || !isMaker(viewer, document)) return null;
    const place = { ...shelfPlace(document), document: id };
    const key = await deps.keyring.document(tx, place);
    return key && { document, key, place };
  });
  if (!going) return { ok: false, reason: 'not_found' };
  const { state, received } = going.document;
  if (state !== 'receiving' || received !== offset) return { ok: false, reason: 'conflict' };
  const result = await receive(deps, viewer, going, bytes);
  return result.ok ? result : { ok: false, reason: result.reason };
}

async function refusalOf(
  tx: Tx,
  office: Office,
  appointment: Appointment,
  { requested, size, kind }: NewDocument,
  now: Temporal.Instant,
) {
  if (!isSpaceOpen(appointment, office.settings.retention, now)) return 'not_open';
  const asked = bookedBundle(office, appointment)?.documents ?? [];
  const isKnown = kind === 'inbox' && asked.some((each) => each.code === requested);
  if (requested !== null && !isKnown) return 'not_requested';
  return roomRefusal(tx, office, { appointment: appointment.id, kind, size });
}

/** Maximum refusals on the trail of an appointment. It is more than anybody has by mistake; repeated attempts must not fill the trail. */
const MOST_REFUSALS = 50;

/** Records a refused document on the audit trail, so that the agent sees that the citizen tried. */
async function countRefusal({ tx, record }: Unit, appointment: string, why: string): Promise<void> {
  const before = await readDocumentDeeds(tx, appointment, 'document_refused');
  if (before.length < MOST_REFUSALS)
    await record('document_refused', { appointment, data: { why } });
}

async function announce(
  keyring: Keyring,
  unit: Unit,
  appointment: string,
  document: NewDocument,
): Promise<string> {
  const { tx, office } = unit;
  const id = document.id ?? randomUUID();
  const place = { office, space: appointment, shelf: shelfOf(document) };
  const key = await keyring.make(tx, place);
  const wrapped = wrapKey(key, { ...place, document: id }, newKey());
  const sealedName = sealText(key, place, nameOf({ id }), cleanName(document.name));
  const carried = carriedCode(document);
  const code = carried === null ? null : sealCode(key, place, id, carried);
  const at = { id, appointment, shelf: place.shelf, wrapped, sealedName, code };
  await insertDocument(unit, at, document);
  await putOnTrail(unit, { id, appointment, case: null, request: null }, 'document_handed', {
    kind: document.kind,
  });
  return id;
}

/** Returns a document's verification code as it is kept, never in clear. */
const sealCode = (key: Buffer, place: ShelfPlace, id: string, code: string) => ({
  hash: hashSecret(code),
  sealed: sealText(key, place, codeOf({ id }), code),
});
