import type { Appointment, EventKind } from '../../../domain/appointment.ts';
import type { Habilitation } from '../../../domain/office/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { Db, Tx } from '../../../lib/db/database.ts';
import { sealText, unsealText } from '../../../lib/envelope/seal.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { appendEvent } from '../../booking/appointments/service.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import type { AuditAction } from '../../foundation/audit/types.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import type { Documents, Keyring } from '../documents/service.ts';
import type { OneTimeCodes } from '../one-time-codes/service.ts';
import { canonical, habilitationOn, hashOf } from './rules.ts';
import type { ActRecord, ActRow } from './types.ts';
import { readEmail } from './views.ts';

export interface ConsentDeps {
  db: Db;
  clock: Clock;
  keyring: Keyring;
  offices: Offices;
  oneTimeCodes: OneTimeCodes;
  documents: Pick<Documents, 'list' | 'digest' | 'progress' | 'begin' | 'append'>;
  /** Where a copy's verification code is checked, to be printed on it. */
  verifyUrl(language: Language): string;
  unit: RunUnit;
}

export type Refused<R extends string> = { ok: false; reason: R };

type Which = Pick<ActRow, 'id' | 'office' | 'appointment'>;

/** A record as it is kept, and what it says. */
export interface Kept {
  record: ActRecord;
  /** Of the very bytes that are kept. */
  hash: string;
}

/** Acts are evidence: they stand under that key of their appointment, and go with it. */
const shelfOf = ({ office, appointment }: Which) =>
  ({ office, appointment, shelf: 'evidence' }) as const;

const placeOf = ({ id }: Which): string => `act ${id}`;

/** Seals a record. The appointment is locked. Answers its hash too. */
export async function sealRecord(
  { keyring }: Pick<ConsentDeps, 'keyring'>,
  tx: Tx,
  act: Which,
  record: ActRecord,
): Promise<{ sealed: Buffer; hash: string }> {
  const text = canonical(record);
  const key = await keyring.make(tx, shelfOf(act));
  return { sealed: sealText(key, shelfOf(act), placeOf(act), text), hash: hashOf(text) };
}

/** What stands in an act; null: nothing any more. @throws Broken where it was changed since, or moved */
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

/** The habilitation of a member of the staff in an office, today. */
export async function habilitationOf(
  { db, clock }: Pick<ConsentDeps, 'db' | 'clock'>,
  { settings, timeZone }: Office,
  staff: number,
): Promise<Habilitation | null> {
  const email = await readEmail(db, staff);
  const today = clock.now().toZonedDateTimeISO(timeZone).toPlainDate();
  return email === null ? null : habilitationOn(settings.habilitated, email, today);
}

/** Something happened to an act: it is on the appointment's time-line, and on the office's trail. */
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

/** What was done with an act, on the office's trail alone. */
export const putOnTrail = (
  { record }: Unit,
  { id, appointment }: Which,
  action: AuditAction,
  data: object = {},
): Promise<void> => record(action, { appointment, data: { act: id, ...data } });
