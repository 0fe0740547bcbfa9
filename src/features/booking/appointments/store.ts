import { sql } from 'kysely';
import type pg from 'pg';
import type { AddressKind } from '../../../domain/address.ts';
import type { Appointment, EventKind, Status, Way } from '../../../domain/appointment.ts';
import { type Citizen, citizenColumnsOf, columnsOf } from '../../../domain/person.ts';
import { isRetryable, isUniqueViolation, type Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { actorOf } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { NoticeDraft } from '../../foundation/notices/types.ts';
import { replaceOpening } from '../../foundation/openings/service.ts';
import type { Claim } from '../slots/service.ts';

/** The office, its revision that the claim was computed on, and the claim. */
export interface ClaimOn {
  office: number;
  revision: number;
  claim: Claim;
  now: Temporal.Instant;
}

const claimValues = ({ office, revision, claim, now }: ClaimOn) => [
  office,
  revision,
  claim.desks,
  claim.start.toString(),
  claim.end.toString(),
  claim.busyUntil.toString(),
  `[${claim.day.start},${claim.day.end})`,
  now.toString(),
];

/** An appointment on its way into the table. Whose it will be, the database decides. */
export interface NewAppointment {
  known: Omit<Appointment, 'desk' | 'status' | 'procedure'>;
  procedureId: number;
  linkHash: Buffer;
  contentHash: Buffer;
  idempotencyKey: string | null;
}

export type BookOutcome =
  | { outcome: 'booked'; desk: number }
  /**
   * `again`: the key was used before. `stale`: to be decided anew, on the office as it is now and with another reference.
   * `too_many`: the person has as many appointments to come as they may.
   */
  | { outcome: 'again' | 'taken' | 'stale' | 'too_many' };

/** One statement: time, appointment, event, audit record and notices, or nothing. */
export async function bookAppointment(
  pool: pg.Pool,
  on: ClaimOn,
  wanted: NewAppointment,
  holdHash: Buffer | null,
  actor: string,
  notices: NoticeDraft[],
  /** Appointments to come that this person may have; null: as many as they like. */
  openMost: number | null,
  /** Id of the appointment from which this one goes on, or null. */
  follows: string | null,
): Promise<BookOutcome> {
  const { known } = wanted;
  const appointment = {
    id: known.id,
    reference: known.reference,
    procedure_id: wanted.procedureId,
    channel: known.channel,
    language: known.language,
    site: known.site,
    notice_language: known.noticeLanguage,
    ...columnsOf(known),
    external_id: known.externalId,
    idempotency_key: wanted.idempotencyKey,
  };
  const booked = await again(() =>
    pool.query<{ outcome: BookOutcome['outcome']; desk_id: number }>({
      name: 'book_appointment',
      text: `select outcome, desk_id
        from book_appointment($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
      values: [
        ...claimValues(on),
        holdHash,
        JSON.stringify(appointment),
        wanted.linkHash,
        wanted.contentHash,
        actor,
        JSON.stringify(notices),
        openMost,
        follows,
      ],
    }),
  ).catch((error) => {
    if (isDrawnTwice(error)) return null;
    throw error;
  });
  const row = booked?.rows[0];
  if (!row) return { outcome: 'stale' };
  if (row.outcome === 'booked') return { outcome: 'booked', desk: row.desk_id };
  return { outcome: row.outcome };
}

/** Among whose holds one counts, and how many they may have at once. */
export interface CountedHold {
  /** Null: nobody's. */
  sender: Buffer | null;
  most: number;
  /** The hash of a hold that isn't counted, and is given back once the new one stands. */
  insteadOf: Buffer | null;
}

export type HoldOutcome = 'held' | 'taken' | 'stale' | 'too_many';

export async function holdTime(
  pool: pg.Pool,
  on: ClaimOn,
  until: Temporal.Instant,
  hash: Buffer,
  { sender, most, insteadOf }: CountedHold,
): Promise<HoldOutcome> {
  const { rows } = await again(() =>
    pool.query<{ outcome: HoldOutcome }>({
      name: 'hold_time',
      text: `select hold_time($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) as outcome`,
      values: [...claimValues(on), until.toString(), hash, sender, most, insteadOf],
    }),
  );
  return rows[0]!.outcome;
}

export type MoveOutcome = 'moved' | 'taken' | 'stale' | 'not_open' | 'not_found';

/** One statement: the new time, the event, the audit record and the notices, or nothing. */
export async function moveAppointment(
  pool: pg.Pool,
  on: ClaimOn,
  id: string,
  way: Way,
  actor: string,
  data: Record<string, unknown>,
  notices: NoticeDraft[],
  holdHash: Buffer | null = null,
): Promise<MoveOutcome> {
  const [office, revision, ...claim] = claimValues(on);
  const { rows } = await again(() =>
    pool.query<{ outcome: MoveOutcome }>({
      name: 'move_appointment',
      text: 'select move_appointment($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) as outcome',
      values: [
        office,
        revision,
        id,
        ...claim,
        way.channel,
        actor,
        JSON.stringify(data),
        JSON.stringify(notices),
        holdHash,
        way.site ?? null,
      ],
    }),
  );
  return rows[0]!.outcome;
}

/** The reference that was drawn is another appointment's already. */
const isDrawnTwice = (error: unknown) => isUniqueViolation(error, 'appointment_reference_key');

export type ReassignOutcome =
  | { outcome: 'reassigned'; desk: number }
  | { outcome: 'taken' | 'stale' | 'changed' | 'not_open' | 'not_found' };

/** Gives an appointment to one of the claim's desks, with the event and the audit record, unless it is no longer where it was `seen`. */
export async function reassignAppointment(
  pool: pg.Pool,
  on: ClaimOn,
  id: string,
  seen: { desk: number; start: Temporal.Instant },
  actor: string,
  data: Record<string, unknown>,
): Promise<ReassignOutcome> {
  const [office, revision, ...claim] = claimValues(on);
  const { rows } = await again(() =>
    pool.query<{ outcome: ReassignOutcome['outcome']; desk_id: number }>({
      name: 'reassign_appointment',
      text: 'select outcome, desk_id from reassign_appointment($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)',
      values: [
        office,
        revision,
        id,
        ...claim,
        seen.desk,
        seen.start.toString(),
        actor,
        JSON.stringify(data),
      ],
    }),
  );
  const { outcome, desk_id: desk } = rows[0]!;
  return outcome === 'reassigned' ? { outcome, desk } : { outcome };
}

/** Notes that nobody can attend it at its hour, and gives its time back. The row is locked by the caller. */
export async function giveTimeBack(tx: Tx, id: string, now: Temporal.Instant): Promise<void> {
  const { time_id } = await tx
    .selectFrom('appointment')
    .select('time_id')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  await tx
    .updateTable('appointment')
    .set({
      status: 'booked',
      time_id: null,
      displaced_at: now.toString(),
      updated_at: now.toString(),
    })
    .where('id', '=', id)
    .execute();
  if (time_id !== null) await tx.deleteFrom('desk_time').where('id', '=', time_id).execute();
}

/**
 * Runs a statement again when it lost a deadlock, or when a key that must be unique was taken while it ran: the same
 * request sent twice at once. The second time the function sees what was there first.
 */
async function again<T>(statement: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await statement();
    } catch (error) {
      const mayPass = isRetryable(error) || (isUniqueViolation(error) && !isDrawnTwice(error));
      if (tries < 5 && mayPass) continue;
      throw error;
    }
  }
}

/** Keeps a hold for longer, once; answers whether it did. */
export async function extendHold(
  tx: Tx,
  hash: Buffer,
  until: Temporal.Instant,
  now: Temporal.Instant,
): Promise<boolean> {
  const done = await tx
    .updateTable('desk_time')
    .set({ hold_until: until.toString(), hold_extended: true })
    .where('hold_hash', '=', hash)
    .where('hold_extended', '=', false)
    .where('hold_until', '>', moment(now))
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

export async function releaseHold(tx: Tx, hash: Buffer): Promise<void> {
  await tx.deleteFrom('desk_time').where('hold_hash', '=', hash).execute();
}

/** Removes holds that have ended; claims do so too where they meet one. Answers how many. */
export async function sweepHolds(tx: Tx, now: Temporal.Instant): Promise<number> {
  const done = await tx
    .deleteFrom('desk_time')
    .where('hold_until', '<=', moment(now))
    .executeTakeFirst();
  return Number(done.numDeletedRows);
}

/**
 * Whether a person has as many appointments to come as they may, not counting `except`. What is null isn't counted by.
 * Until the transaction ends nobody else counts the same person's.
 */
export async function hasEnough(
  tx: Tx,
  { office, id: except }: Pick<Appointment, 'office' | 'id'>,
  { email, phone }: Pick<Citizen, AddressKind>,
  most: number,
  now: Temporal.Instant,
): Promise<boolean> {
  const { rows } = await sql<{ enough: boolean }>`
    select has_enough(${office}, ${email}, ${phone}, ${most}, ${now.toString()}, ${except}) as enough
  `.execute(tx);
  return rows[0]!.enough;
}

export async function updateCitizen(
  tx: Tx,
  id: string,
  citizen: Citizen,
  now: Temporal.Instant,
): Promise<void> {
  await tx
    .updateTable('appointment')
    .set({ ...citizenColumnsOf(citizen), updated_at: now.toString() })
    .where('id', '=', id)
    .execute();
}

/** Gives the appointment a new status; when it is cancelled its time is free at once. */
export async function updateStatus(
  tx: Tx,
  id: string,
  status: Status,
  now: Temporal.Instant,
): Promise<void> {
  const { time_id } = await tx
    .selectFrom('appointment')
    .select('time_id')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const cancelled = status === 'cancelled';
  await tx
    .updateTable('appointment')
    .set((eb) => ({
      status,
      updated_at: now.toString(),
      ...(cancelled && { time_id: null, sequence: eb('sequence', '+', 1) }),
    }))
    .where('id', '=', id)
    .execute();
  if (cancelled && time_id !== null)
    await tx.deleteFrom('desk_time').where('id', '=', time_id).execute();
}

export interface NewEvent {
  appointment: Pick<Appointment, 'id' | 'office'>;
  kind: EventKind;
  data?: Record<string, unknown>;
}

/** Notes on an appointment what the unit's viewer did. */
export async function appendEvent({ tx, viewer, now, tell }: Unit, event: NewEvent): Promise<void> {
  await insertEvent(tx, { ...event, actor: actorOf(viewer), at: now });
  tell();
}

export async function insertEvent(
  tx: Tx,
  { appointment, kind, actor, at, data = {} }: NewEvent & { actor: string; at: Temporal.Instant },
): Promise<void> {
  await tx
    .insertInto('event')
    .values({
      office_id: appointment.office,
      appointment_id: appointment.id,
      kind,
      actor,
      at: at.toString(),
      data: JSON.stringify(data),
    })
    .execute();
}

/** Puts another link in the place of an appointment's. `hash`: of its secret. */
export async function replaceLink(
  unit: Unit,
  id: string,
  link: number,
  hash: Buffer,
): Promise<void> {
  await unit.tx.updateTable('appointment').set({ link }).where('id', '=', id).execute();
  await replaceOpening(unit, 'appointment', id, hash);
}
