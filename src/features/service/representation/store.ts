import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { actorOf } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { Checked, Side } from './types.ts';

/** An authorisation to be added. */
export interface NewRepresentation extends Pick<Checked, 'endsAt' | 'procedures' | 'opens'> {
  id: string;
  askedBy: Side;
  representative: string;
  represented: string;
  other: Buffer;
  /** Null: it is given, and accepted thereby. */
  appointment: string | null;
}

/** Adds an authorisation that the unit's viewer asks for or gives. */
export async function insertRepresentation(
  { tx, viewer, office, now }: Unit,
  row: NewRepresentation,
): Promise<void> {
  const isGiven = row.askedBy === 'represented';
  await tx
    .insertInto('representation')
    .values({
      id: row.id,
      office_id: office,
      representative_id: row.representative,
      represented_id: row.represented,
      asked_by: row.askedBy,
      other: row.other,
      procedures: [...row.procedures],
      opens: row.opens,
      appointment_id: row.appointment,
      state: isGiven ? 'accepted' : 'asked',
      asked_at: now.toString(),
      settled_at: isGiven ? now.toString() : null,
      settled_by: isGiven ? actorOf(viewer) : null,
      ends_at: row.endsAt.toString(),
    })
    .execute();
}

/** Notes an official's decision. */
export async function settleRepresentation(
  { tx, viewer, now }: Unit,
  id: string,
  decision: { document: string } | { reason: string },
): Promise<void> {
  await tx
    .updateTable('representation')
    .set({
      ...('document' in decision
        ? { state: 'accepted', document_id: decision.document }
        : { state: 'refused', reason: decision.reason }),
      settled_at: now.toString(),
      settled_by: actorOf(viewer),
    })
    .where('id', '=', id)
    .execute();
}

/** Ends an authorisation that waits or is valid. It is over at once. */
export async function endRepresentation(
  { tx, viewer, now }: Unit,
  id: string,
  reason: string,
): Promise<void> {
  await tx
    .updateTable('representation')
    .set({ state: 'ended', reason, ended_by: actorOf(viewer) })
    .set('ends_at', sql<string>`least(ends_at, ${now.toString()}::timestamptz)`)
    .where('id', '=', id)
    .execute();
}

/** Notes with which authorisation an appointment was booked. What was noted first stays. */
export async function noteRepresented(
  { tx, office, now }: Pick<Unit, 'tx' | 'office' | 'now'>,
  appointment: string,
  representation: string,
): Promise<void> {
  await tx
    .insertInto('represented_appointment')
    .values({
      appointment_id: appointment,
      representation_id: representation,
      office_id: office,
      made_at: now.toString(),
    })
    .onConflict((on) => on.doNothing())
    .execute();
}

/** Deletes the authorisations of a person with which nothing was done, and takes the person out of the others. */
export async function forgetPerson(tx: Tx, person: string): Promise<void> {
  await sql`
    delete from representation r where ${person} in (representative_id, represented_id)
      and not exists (select from represented_appointment a where a.representation_id = r.id)`.execute(
    tx,
  );
  await sql`
    update representation set other = null
      where ${person} = case asked_by when 'represented' then represented_id else representative_id end`.execute(
    tx,
  );
  for (const side of ['representative_id', 'represented_id'] as const)
    await tx
      .updateTable('representation')
      .set({ [side]: null })
      .where(side, '=', person)
      .execute();
}

/** Deletes authorisations that were over before an instant, unless an appointment of which something is kept was booked with them. */
export async function deleteOld(tx: Tx, before: Temporal.Instant): Promise<void> {
  await sql`
    delete from represented_appointment where appointment_id in (select id from appointment where forgotten_at is not null)`.execute(
    tx,
  );
  await tx
    .deleteFrom('representation')
    .where((eb) =>
      eb.or([
        eb.and([eb('state', '=', 'refused'), eb('settled_at', '<', moment(before))]),
        eb.and([eb('state', '=', 'ended'), eb('ends_at', '<', moment(before))]),
      ]),
    )
    .where(
      sql<boolean>`not exists (select from represented_appointment a where a.representation_id = representation.id)`,
    )
    .execute();
}
