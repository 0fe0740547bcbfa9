import { sql } from 'kysely';
import type pg from 'pg';
import type { AddressKind } from '../../../domain/address.ts';
import type { Appointment, EventKind, Status, Way } from '../../../domain/appointment.ts';
import { type Citizen, citizenColumnsOf, columnsOf } from '../../../domain/person.ts';
import { isRetryable, isUniqueViolation, type Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { actorOf } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { TIME_BOUND_KINDS } from '../../foundation/notices/rules.ts';
import type { NoticeDraft } from '../../foundation/notices/types.ts';
import { replaceOpening } from '../../foundation/openings/service.ts';
import type { Claim } from '../slots/service.ts';

/** The office, its revision that the claim was computed on, and the claim. `busyUntil` null: of no time, which is another's. */
export interface ClaimOn {
  office: number;
  revision: number;
  claim: Omit<Claim, 'busyUntil'> & { busyUntil: Temporal.Instant | null };
  now: Temporal.Instant;
}

const claimValues = ({ office, revision, claim, now }: ClaimOn) => [
  office,
  revision,
  claim.desks,
  claim.start.toString(),
  claim.end.toString(),
  claim.busyUntil?.toString() ?? null,
  `[${claim.day.start},${claim.day.end})`,
  now.toString(),
];

/** A new appointment before it is written. The database chooses its desk. */
export interface NewAppointment {
  known: Omit<Appointment, 'desk' | 'status' | 'procedure'>;
  procedureId: number;
  linkHash: Buffer;
  contentHash: Buffer;
  idempotencyKey: string | null;
}

export type BookOutcome =
  | { outcome: 'booked'; desk: number }
  /** `again`: the key was used before. `stale`: to be computed again on the present office. `too_many`: the person has the maximum. */
  | { outcome: 'again' | 'taken' | 'stale' | 'too_many' };

/**
 * Books in one statement: time, appointment, event, audit record and notices, or nothing. `openMost`: maximum future appointments of this person; null: no
 * maximum. `follows`: id of the appointment that this one continues, or null. `data`: for the event and the audit record.
 */
export async function bookAppointment(
  pool: pg.Pool,
  on: ClaimOn,
  wanted: NewAppointment,
  holdHash: Buffer | null,
  actor: string,
  notices: NoticeDraft[],
  openMost: number | null,
  follows: string | null,
  data: Record<string, unknown> = {},
): Promise<BookOutcome> {
  const { known } = wanted;
  const appointment = {
    id: known.id,
    reference: known.reference,
    procedure_id: wanted.procedureId,
    further: known.further ?? [],
    people: known.people ?? 1,
    channel: known.channel,
    language: known.language,
    site: known.site,
    notice_language: known.noticeLanguage,
    notices_by: known.noticesBy ?? null,
    ...columnsOf(known),
    external_id: known.externalId,
    displaced_at: known.displacedAt?.toString() ?? null,
    idempotency_key: wanted.idempotencyKey,
  };
  const booked = await again(() =>
    pool.query<{ outcome: BookOutcome['outcome']; desk_id: number }>({
      name: 'book_appointment',
      text: `select outcome, desk_id
        from book_appointment($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
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
        JSON.stringify(data),
      ],
    }),
  ).catch((error) => {
    if (isDrawnTwice(error)) return null;
    throw error;
  });
  const { outcome = 'stale', desk_id: desk = 0 } = booked?.rows[0] ?? {};
  return outcome === 'booked' ? { outcome, desk } : { outcome };
}

/** The sender of a hold, and its maximum of holds. */
export interface CountedHold {
  /** Null: no sender. */
  sender: Buffer | null;
  most: number;
  /** The minutes that count as one hold. */
  unit: number;
  /** The hash of a hold that isn't counted, and is released once the new one exists. */
  insteadOf: Buffer | null;
}

export type HoldOutcome = 'held' | 'taken' | 'stale' | 'too_many';

export async function holdTime(
  pool: pg.Pool,
  on: ClaimOn,
  until: Temporal.Instant,
  hash: Buffer,
  { sender, most, unit, insteadOf }: CountedHold,
): Promise<HoldOutcome> {
  const { rows } = await again(() =>
    pool.query<{ outcome: HoldOutcome }>({
      name: 'hold_time',
      text: `select hold_time($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) as outcome`,
      values: [...claimValues(on), until.toString(), hash, sender, most, unit, insteadOf],
    }),
  );
  return rows[0]!.outcome;
}

export type MoveOutcome = 'moved' | 'taken' | 'stale' | 'not_open' | 'not_found';

/** Moves in one statement: the new time, the event, the audit record and the notices, or nothing. */
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
      text: 'select move_appointment($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) as outcome',
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
        TIME_BOUND_KINDS,
      ],
    }),
  );
  return rows[0]!.outcome;
}

/** Another appointment has the drawn reference already. */
const isDrawnTwice = (error: unknown) => isUniqueViolation(error, 'appointment_reference_key');

export type ReassignOutcome =
  | { outcome: 'reassigned'; desk: number }
  | { outcome: 'taken' | 'stale' | 'changed' | 'not_open' | 'not_found' };

/** Gives an appointment to one of the claim's desks, with event and audit record, unless it has moved since it was `seen`. */
export async function reassignAppointment(
  pool: pg.Pool,
  on: ClaimOn,
  id: string,
  seen: { desk: number; start: Temporal.Instant },
  actor: string,
  { data, isLate }: { data: Record<string, unknown>; isLate: boolean },
): Promise<ReassignOutcome> {
  const [office, revision, ...claim] = claimValues(on);
  const { rows } = await again(() =>
    pool.query<{ outcome: ReassignOutcome['outcome']; desk_id: number }>({
      name: 'reassign_appointment',
      text: 'select outcome, desk_id from reassign_appointment($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)',
      values: [
        office,
        revision,
        id,
        ...claim,
        seen.desk,
        seen.start.toString(),
        actor,
        JSON.stringify(data),
        isLate,
      ],
    }),
  );
  const { outcome, desk_id: desk } = rows[0]!;
  return outcome === 'reassigned' ? { outcome, desk } : { outcome };
}

/** Marks it as displaced and releases its time. The row is locked by the caller. */
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
 * Runs a statement again when it lost a deadlock, or when a unique key was taken meanwhile: the same
 * request sent twice at once. The second run sees the result of the other request.
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

/** Extends a hold, once. Returns whether it did. */
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

/** Deletes expired holds; claims also delete those that they meet. Returns how many. */
export async function sweepHolds(tx: Tx, now: Temporal.Instant): Promise<number> {
  const done = await tx
    .deleteFrom('desk_time')
    .where('hold_until', '<=', moment(now))
    .executeTakeFirst();
  return Number(done.numDeletedRows);
}

/**
 * Returns whether a person has the maximum of future appointments, not counting `except`. A null address isn't counted.
 * The count of this person is locked until the transaction ends.
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

/** Sets the appointment's status; a cancellation frees its time at once. */
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

/**
 * Claims a stretch of time at one desk for an appointment that has none. Returns false when the desk has something else then, or is
 * no longer there.
 */
export async function claimAgain(
  tx: Tx,
  of: Pick<Appointment, 'id' | 'office' | 'desk' | 'start' | 'end'> & { until: Temporal.Instant },
  now: Temporal.Instant,
): Promise<boolean> {
  await sql`call lock_office_shared(${of.office})`.execute(tx);
  const stands = await tx
    .selectFrom('desk')
    .select('id')
    .where('id', '=', of.desk)
    .where('retired_at', 'is', null)
    .executeTakeFirst();
  if (!stands) return false;
  const [starts, ends, until] = [moment(of.start), moment(of.end), moment(of.until)];
  const { numUpdatedRows = 0n } = await tx
    .updateTable('appointment')
    .from(
      sql<{
        time_id: number;
      }>`claim_time(${of.office}, array[${of.desk}]::integer[], ${starts}, ${ends}, ${until},
        tstzrange(${starts}, ${until}), ${moment(now)}, null, null)`.as('claimed'),
    )
    .set((eb) => ({ time_id: eb.ref('claimed.time_id'), sequence: eb('sequence', '+', 1) }))
    .where('appointment.id', '=', of.id)
    .where('claimed.time_id', 'is not', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export interface NewEvent {
  appointment: Pick<Appointment, 'id' | 'office'>;
  kind: EventKind;
  data?: Record<string, unknown>;
}

/** Adds an event of the viewer's action to an appointment. */
export async function appendEvent(
  { tx, viewer, now, tell }: Unit,
  { appointment, kind, data = {} }: NewEvent,
): Promise<void> {
  await tx
    .insertInto('event')
    .values({
      office_id: appointment.office,
      appointment_id: appointment.id,
      kind,
      actor: actorOf(viewer),
      at: now.toString(),
      data: JSON.stringify(data),
    })
    .execute();
  tell();
}

/** Replaces an appointment's link. `hash`: of its secret. */
export async function replaceLink(
  unit: Unit,
  id: string,
  link: number,
  hash: Buffer,
): Promise<void> {
  await unit.tx.updateTable('appointment').set({ link }).where('id', '=', id).execute();
  await replaceOpening(unit, 'appointment', id, hash);
}
