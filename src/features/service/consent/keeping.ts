import type { Appointment, EventKind } from '../../../domain/appointment.ts';
import type { Habilitation } from '../../../domain/office/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { Db, Tx } from '../../../lib/db/database.ts';
import { canonicalJson } from '../../../lib/envelope/canonical-json.ts';
import { sealText, unsealText } from '../../../lib/envelope/seal.ts';
import { appendEvent } from '../../booking/appointments/service.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import type { AuditAction } from '../../foundation/audit/types.ts';
import type { Identification } from '../../foundation/identification/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import type { StaffIdentifiers } from '../../foundation/staff-identifiers/service.ts';
import type { Documents, Keyring } from '../documents/service.ts';
import type { OneTimeCodes } from '../one-time-codes/service.ts';
import type { Issuing } from '../verification/service.ts';
import { habilitationOn, hashOf } from './rules.ts';
import type { ActRecord, ActRow, NotedPaper } from './types.ts';
import { readEmail } from './views.ts';

export interface ConsentDeps {
  db: Db;
  clock: Clock;
  keyring: Keyring;
  offices: Offices;
  oneTimeCodes: OneTimeCodes;
  documents: Pick<Documents, 'list' | 'digest' | 'progress' | 'begin' | 'append' | 'destroyIn'>;
  identification: Pick<Identification, 'of' | 'evidence' | 'offered'>;
  /** Returns whether a member of staff has this NIF. */
  compareNif: StaffIdentifiers['compare'];
  issuing: Issuing;
  unit: RunUnit;
}

export type Refused<R extends string> = { ok: false; reason: R };

type Which = Pick<ActRow, 'id' | 'office' | 'appointment'>;

/** A record as it is kept, and its contents. */
export interface Kept {
  record: ActRecord;
  /** The hash of the bytes that are kept. */
  hash: string;
}

/** Returns the shelf of an act. Acts are evidence: they are under the evidence key of their appointment, and end with it. */
const shelfOf = ({ office, appointment }: Which) =>
  ({ office, space: appointment, shelf: 'evidence' }) as const;

const placeOf = ({ id }: Which): string => `act ${id}`;

/** Seals a record. The appointment must be locked. Returns its hash too. */
export async function sealRecord(
  { keyring }: Pick<ConsentDeps, 'keyring'>,
  tx: Tx,
  act: Which,
  record: ActRecord,
): Promise<{ sealed: Buffer; hash: string }> {
  const text = canonicalJson(record);
  const key = await keyring.make(tx, shelfOf(act));
  return { sealed: sealText(key, shelfOf(act), placeOf(act), text), hash: hashOf(text) };
}

/**
 * Opens the record of an act; null: it no longer exists.
 * @throws Broken where it was changed or moved since
 */
export async function openRecord(
  { keyring }: Pick<ConsentDeps, 'keyring'>,
  tx: Tx,
  act: ActRow,
): Promise<Kept | null> {
  const key = act.record && (await keyring.shelf(tx, shelfOf(act)));
  if (!key || !act.record) return null;
  const text = unsealText(key, shelfOf(act), placeOf(act), act.record);
  return { record: JSON.parse(text) as ActRecord, hash: hashOf(text) };
}

const notedPlace = ({ id }: Which): string => `noted ${id}`;

/** Seals what the official noted of a signed paper. The appointment must be locked. */
export async function sealNoted(
  { keyring }: Pick<ConsentDeps, 'keyring'>,
  tx: Tx,
  act: Which,
  noted: NotedPaper,
): Promise<Buffer> {
  const key = await keyring.make(tx, shelfOf(act));
  return sealText(key, shelfOf(act), notedPlace(act), canonicalJson(noted));
}

/** Opens what the official noted of a signed paper; null: nothing. */
export async function openNoted(
  { keyring }: Pick<ConsentDeps, 'keyring'>,
  tx: Tx,
  act: ActRow,
): Promise<NotedPaper | null> {
  const key = act.noted && (await keyring.shelf(tx, shelfOf(act)));
  if (!key || !act.noted) return null;
  return JSON.parse(unsealText(key, shelfOf(act), notedPlace(act), act.noted)) as NotedPaper;
}

/** Returns today's habilitation of a member of staff in an office. */
export async function habilitationOf(
  { db, clock }: Pick<ConsentDeps, 'db' | 'clock'>,
  { settings, timeZone }: Office,
  staff: number,
): Promise<Habilitation | null> {
  const email = await readEmail(db, staff);
  const today = clock.now().toZonedDateTimeISO(timeZone).toPlainDate();
  return email === null ? null : habilitationOn(settings.habilitated, email, today);
}

/** Records an event of an act, on the time-line of the appointment and on the audit trail of the office. */
export async function tellOf(
  unit: Unit,
  on: { appointment: Appointment; act: Which },
  kind: Extract<EventKind, AuditAction>,
  data: object = {},
): Promise<void> {
  const { appointment, act } = on;
  await appendEvent(unit, { appointment, kind, data: { act: act.id } });
  await putOnTrail(unit, act, kind, data);
}

/** Records an action on an act, on the audit trail of the office only. */
export const putOnTrail = (
  { record }: Unit,
  { id, appointment }: Which,
  action: AuditAction,
  data: object = {},
): Promise<void> => record(action, { appointment, data: { act: id, ...data } });
