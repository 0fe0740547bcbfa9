import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { StaffNames } from '../../../domain/staff.ts';
import { type Blobs, NoBlobs } from '../../../lib/blobs/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { Db, Tx } from '../../../lib/db/database.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import { lockAppointment } from '../../booking/appointments/service.ts';
import { readById, readEvents } from '../../booking/appointments/views.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import type { AuditAction } from '../../foundation/audit/types.ts';
import { noticesOwed } from '../../foundation/notices/rules.ts';
import { dropPending, oweNotices } from '../../foundation/notices/service.ts';
import type { Keyring } from './keyring.ts';
import { isKept, isTheirs, limitsOf, seesKind, sizeRefusal } from './rules.ts';
import { dropKeyOf } from './store.ts';
import type { AppointmentDocument, DocumentKind, DocumentRow } from './types.ts';
import { readDocumentForUpdate, readDocuments } from './views.ts';

export type Refused<R extends string> = { ok: false; reason: R };

export interface SpaceDeps {
  db: Db;
  blobs: Blobs;
  keyring: Keyring;
  clock: Clock;
  staff: StaffNames;
  unit: RunUnit;
}

/** Returns an appointment whose documents are this viewer's; null: they aren't. */
export async function findSpace(tx: Tx, viewer: Viewer, id: string): Promise<Appointment | null> {
  const appointment = isUuid(id) ? await readById(tx, id) : null;
  if (!appointment) return null;
  const events = viewer.kind === 'staff' ? await readEvents(tx, id) : [];
  return isTheirs(viewer, appointment, events) ? appointment : null;
}

/** Returns a locked document of a viewer's appointment, if the viewer sees its kind; null: there is none. */
export async function findDocument(
  tx: Tx,
  viewer: Viewer,
  appointment: string,
  id: string,
): Promise<AppointmentDocument | null> {
  if (!isUuid(id) || !(await findSpace(tx, viewer, appointment))) return null;
  const document = await readDocumentForUpdate(tx, id);
  if (!document || document.destroyedAt || !isOfAppointment(document, appointment)) return null;
  return seesKind(viewer, document.kind) ? document : null;
}

const isOfAppointment = (
  document: DocumentRow,
  appointment: string,
): document is AppointmentDocument => document.appointment === appointment;

/**
 * Removes the keys of an appointment's empty shelves. It locks the appointment, so that nobody adds a document meanwhile. This lock comes
 * after the document's, in the same order as for notices and audit records of a document.
 */
export async function dropKeys({ tx }: Unit, appointment: string): Promise<void> {
  await lockAppointment(tx, appointment);
  await dropKeyOf(tx, appointment);
}

/** The delay of a notice, so that several documents get one notice. */
const TELL_AFTER: Temporal.DurationLike = { minutes: 1 };

/** Owes the citizen a notice about their documents. It has no names of documents. */
export async function tell(
  unit: Unit,
  kind: 'again' | 'refused' | 'result',
  { office, appointment: id }: Pick<AppointmentDocument, 'office' | 'appointment'>,
): Promise<void> {
  const { tx, now } = unit;
  const appointment = await readById(tx, id);
  if (!appointment) return;
  await dropPending(unit, id, [kind]);
  const from = now.add(TELL_AFTER).toString();
  const notices = noticesOwed(kind, appointment, now).map((each) => ({
    ...each,
    not_before: from,
  }));
  await oweNotices(unit, { office, appointment: id }, notices);
}

/** Drops the pending notice of a result that was taken back, unless there is another result. */
export async function untell(
  unit: Unit,
  { appointment }: Pick<AppointmentDocument, 'appointment'>,
): Promise<void> {
  const isResult = ({ kind, state, destroyedAt }: DocumentRow) =>
    kind === 'outbox' && state === 'clean' && !destroyedAt;
  if (!(await readDocuments(unit.tx, appointment)).some(isResult))
    await dropPending(unit, appointment, ['result']);
}

/** Removes the bytes of destroyed documents, after the commit. If they can't be reached now, the sweep of orphans removes them later. */
export const removeOrLeave = (blobs: Blobs, names: readonly string[]): Promise<void> =>
  blobs.remove(names).catch((error: unknown) => {
    if (!(error instanceof NoBlobs)) throw error;
  });

/** Records an action on a document on the audit trail. */
export const putOnTrail = (
  { record }: Unit,
  { id, ...of }: Pick<DocumentRow, 'id' | 'appointment' | 'case' | 'request'>,
  action: AuditAction,
  data: object = {},
): Promise<void> =>
  of.appointment === null
    ? record(action, {
        data: {
          ...(of.case === null ? { request: of.request } : { case: of.case }),
          document: id,
          ...data,
        },
      })
    : record(action, { appointment: of.appointment, data: { document: id, ...data } });

/** Returns why the space of a locked appointment takes no document of this kind and size (bytes); null: it does. */
export async function roomRefusal(
  tx: Tx,
  office: Office,
  { appointment, kind, size }: { appointment: string; kind: DocumentKind; size: number },
): Promise<ReturnType<typeof sizeRefusal>> {
  const kept = (await readDocuments(tx, appointment)).filter(
    (each) => !each.destroyedAt && isKept(each.state) && each.kind === kind,
  );
  return sizeRefusal(size, kept, limitsOf(office.settings));
}
