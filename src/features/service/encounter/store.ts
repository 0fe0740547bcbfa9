import { sql } from 'kysely';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Forgotten, RetentionPass } from '../../feature.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { begunBefore, FORGOTTEN_AT_ONCE } from '../../foundation/retention/rules.ts';
import type { AttemptOutcome, Encounter, EncounterDraft, NewEncounter } from './types.ts';

/** The author and the time of a write. */
export interface Stamp {
  actor: string;
  now: Temporal.Instant;
}

export async function insertAttempt(
  tx: Tx,
  appointment: Appointment,
  attempt: { number: number; outcome: AttemptOutcome; note: string },
  { actor, now }: Stamp,
): Promise<void> {
  await tx
    .insertInto('attempt')
    .values({
      office_id: appointment.office,
      appointment_id: appointment.id,
      at: now.toString(),
      actor,
      ...attempt,
    })
    .execute();
}

/** Corrects the outcome of an attempt. */
export async function updateOutcome(
  tx: Tx,
  appointment: string,
  number: number,
  outcome: AttemptOutcome,
): Promise<void> {
  await tx
    .updateTable('attempt')
    .set({ outcome })
    .where('appointment_id', '=', appointment)
    .where('number', '=', number)
    .execute();
}

/** Takes away a call that was noted by mistake. */
export async function deleteAttempt(tx: Tx, appointment: string, number: number): Promise<void> {
  await tx
    .deleteFrom('attempt')
    .where('appointment_id', '=', appointment)
    .where('number', '=', number)
    .execute();
}

/** Takes away an encounter in which nothing was written. */
export async function deleteEncounter(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('encounter').where('id', '=', id).execute();
}

/** Locks an encounter until the end of the transaction. */
export async function lockEncounter(tx: Tx, id: string): Promise<void> {
  await tx.selectFrom('encounter').select('id').where('id', '=', id).forUpdate().execute();
}

/** Opens an encounter; one that the appointment had goes on. */
export async function insertEncounter(
  tx: Tx,
  encounter: NewEncounter,
  { actor, now }: Stamp,
): Promise<void> {
  const { office, appointment, desk, ...rest } = encounter;
  await tx
    .insertInto('encounter')
    .values({
      ...rest,
      office_id: office,
      appointment_id: appointment,
      desk_id: desk,
      started_at: now.toString(),
      actor,
    })
    .onConflict((conflict) => conflict.column('appointment_id').doNothing())
    .execute();
}

/** Writes the draft as the next version of an encounter, which the transaction has locked. */
export async function updateEncounter(
  tx: Tx,
  { id, office, version }: Pick<Encounter, 'id' | 'office' | 'version'>,
  draft: EncounterDraft,
  procedureId: (code: string) => number | null,
  stamp: Stamp & { ended: boolean },
): Promise<void> {
  await tx
    .updateTable('encounter')
    .set({
      identity: draft.identity,
      identity_note: draft.identityNote,
      notes: draft.notes,
      wrap_up: draft.wrapUp,
      version: version + 1,
      actor: stamp.actor,
      ...(stamp.ended && { ended_at: stamp.now.toString() }),
    })
    .where('id', '=', id)
    .execute();
  await tx.deleteFrom('encounter_item').where('encounter_id', '=', id).execute();
  if (draft.items.length > 0) {
    await tx
      .insertInto('encounter_item')
      .values(
        draft.items.map((item, position) => ({
          office_id: office,
          encounter_id: id,
          position,
          kind: item.kind,
          procedure_id: item.procedure === null ? null : procedureId(item.procedure),
          query: item.query,
          label: item.label,
          outcome: item.outcome,
        })),
      )
      .execute();
  }
}

/** Keeps what was ticked, with who did it and when; what was ticked before stays theirs. */
export async function saveTicks(
  tx: Tx,
  { id, office }: Pick<Encounter, 'id' | 'office'>,
  change: { added: readonly string[]; removed: readonly string[] },
  { actor, now }: Stamp,
): Promise<void> {
  if (change.removed.length > 0)
    await tx
      .deleteFrom('encounter_point')
      .where('encounter_id', '=', id)
      .where('point', 'in', change.removed)
      .execute();
  if (change.added.length > 0)
    await tx
      .insertInto('encounter_point')
      .values(
        change.added.map((point) => ({
          encounter_id: id,
          office_id: office,
          point,
          at: now.toString(),
          actor,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** Gives an encounter to another agent; the one before can't overwrite their notes. Returns false when it has ended. */
export async function changeAttendant(
  { tx }: Pick<Unit, 'tx'>,
  appointment: string,
  { desk, actor }: { desk: number | null; actor: string },
): Promise<boolean> {
  const done = await tx
    .updateTable('encounter')
    .set({ desk_id: desk, actor, version: sql`version + 1` })
    .where('appointment_id', '=', appointment)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Gives an encounter without an appointment to another desk. Returns false when it has ended. */
export async function changeAttendantOf(
  { tx }: Pick<Unit, 'tx'>,
  id: string,
  { desk, actor }: { desk: number | null; actor: string },
): Promise<boolean> {
  const done = await tx
    .updateTable('encounter')
    .set({ desk_id: desk, actor, version: sql`version + 1` })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Destroys the contents of encounters whose time is over. Returns the ids about which other features keep more. */
export async function forgetEncounters(pass: RetentionPass): Promise<Partial<Forgotten>> {
  return { people: await forgetNames(pass), ...(await forgetNotes(pass)) };
}

/**
 * Destroys what people were called whose encounters, without an appointment, ended before the bound of contacts. Returns the
 * encounters.
 */
async function forgetNames({ tx, office, ended }: RetentionPass): Promise<string[]> {
  const rows = await tx
    .updateTable('encounter')
    .set({ name: null })
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('encounter')
        .select('id')
        .where('office_id', '=', office)
        .where('name', 'is not', null)
        .where('started_at', '<', moment(begunBefore(ended.contacts)))
        .where(sql<boolean>`coalesce(ended_at, started_at) < ${moment(ended.contacts)}`)
        .orderBy('started_at')
        .limit(FORGOTTEN_AT_ONCE),
    )
    .returning('id')
    .execute();
  return rows.map((row) => row.id);
}

/**
 * Destroys what was written about encounters that ended before the bound of notes. Of an appointment, its end counts. An
 * encounter that nobody closed counts from its beginning.
 */
async function forgetNotes({
  tx,
  office,
  now,
  ended,
}: RetentionPass): Promise<Pick<Forgotten, 'encounters' | 'notes'>> {
  const rows = await tx
    .updateTable('encounter')
    .set({ notes: '', identity_note: '', forgotten_at: now.toString() })
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('encounter as t')
        .leftJoin('appointment as a', 'a.id', 't.appointment_id')
        .select('t.id')
        .where('t.office_id', '=', office)
        .where('t.forgotten_at', 'is', null)
        .where('t.started_at', '<', moment(begunBefore(ended.notes)))
        .where(sql<boolean>`coalesce(a.ends, t.ended_at, t.started_at) < ${moment(ended.notes)}`)
        .orderBy('t.started_at')
        .limit(FORGOTTEN_AT_ONCE),
    )
    .returning(['id', 'appointment_id'])
    .execute();
  const encounters = rows.map((row) => row.id);
  if (encounters.length > 0)
    await tx
      .updateTable('encounter_item')
      .set({ label: '' })
      .where('encounter_id', 'in', encounters)
      .execute();
  return { encounters, notes: rows.flatMap((row) => row.appointment_id ?? []) };
}

/** Destroys what was noted of calls to the citizens of the forgotten appointments. */
export async function forgetAttempts(
  { tx }: RetentionPass,
  { contacts }: Forgotten,
): Promise<void> {
  if (contacts.length === 0) return;
  await tx
    .updateTable('attempt')
    .set({ note: '' })
    .where('appointment_id', 'in', contacts)
    .execute();
}
