import { sql } from 'kysely';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Forgotten, RetentionPass } from '../../feature.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { FORGOTTEN_AT_ONCE } from '../../foundation/retention/rules.ts';
import type { AttemptOutcome, EncounterDraft } from './types.ts';

/** By whom, and when, something is written. */
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

/** What an attempt turned out to be. */
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

/** Takes away an encounter in which nothing was written. */
export async function deleteEncounter(tx: Tx, appointment: string): Promise<void> {
  await tx.deleteFrom('encounter').where('appointment_id', '=', appointment).execute();
}

/** Opens the encounter; one that was there goes on. */
export async function insertEncounter(
  tx: Tx,
  appointment: Appointment,
  desk: number | null,
  { actor, now }: Stamp,
): Promise<void> {
  await tx
    .insertInto('encounter')
    .values({
      appointment_id: appointment.id,
      office_id: appointment.office,
      desk_id: desk,
      started_at: now.toString(),
      actor,
    })
    .onConflict((conflict) => conflict.column('appointment_id').doNothing())
    .execute();
}

/** Writes the draft over what stood in `version`; answers false when something else stands there now. */
export async function updateEncounter(
  tx: Tx,
  appointment: Appointment,
  version: number,
  draft: EncounterDraft,
  procedureId: (code: string) => number | null,
  stamp: Stamp & { ended: boolean },
): Promise<boolean> {
  const done = await tx
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
    .where('appointment_id', '=', appointment.id)
    .where('version', '=', version)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  if (done.numUpdatedRows === 0n) return false;
  await tx.deleteFrom('encounter_item').where('appointment_id', '=', appointment.id).execute();
  if (draft.items.length > 0) {
    await tx
      .insertInto('encounter_item')
      .values(
        draft.items.map((item, position) => ({
          office_id: appointment.office,
          appointment_id: appointment.id,
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
  return true;
}

/** Keeps what was ticked, with who did it and when; what was ticked before stays theirs. */
export async function saveTicks(
  tx: Tx,
  { id, office }: Appointment,
  change: { added: readonly string[]; removed: readonly string[] },
  { actor, now }: Stamp,
): Promise<void> {
  if (change.removed.length > 0)
    await tx
      .deleteFrom('encounter_point')
      .where('appointment_id', '=', id)
      .where('point', 'in', change.removed)
      .execute();
  if (change.added.length > 0)
    await tx
      .insertInto('encounter_point')
      .values(
        change.added.map((point) => ({
          appointment_id: id,
          office_id: office,
          point,
          at: now.toString(),
          actor,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** Somebody else goes on with an encounter: whoever had it can't save over theirs. Answers false where it has ended. */
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

/** Destroys what was written about encounters that ended before the bound of notes. Returns their appointments. */
export async function forgetNotes(pass: RetentionPass): Promise<Partial<Forgotten>> {
  const { tx, office, now, ended } = pass;
  const rows = await tx
    .updateTable('encounter')
    .set({ notes: '', forgotten_at: now.toString() })
    .where('appointment_id', 'in', (eb) =>
      eb
        .selectFrom('encounter')
        .innerJoin('appointment', 'appointment.id', 'encounter.appointment_id')
        .select('appointment.id')
        .where('encounter.office_id', '=', office)
        .where('appointment.ends', '<', moment(ended.notes))
        .where('encounter.forgotten_at', 'is', null)
        .limit(FORGOTTEN_AT_ONCE),
    )
    .returning('appointment_id')
    .execute();
  const ids = rows.map((row) => row.appointment_id);
  if (ids.length === 0) return {};
  await tx
    .updateTable('encounter_item')
    .set({ label: '' })
    .where('appointment_id', 'in', ids)
    .execute();
  return { notes: ids };
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
