import type { Tx } from '../../../lib/db/database.ts';
import type { Forgotten, RetentionPass } from '../../feature.ts';
import type { ColleagueRequest, RequestAnswer } from './types.ts';

/** Asks a colleague. The same again, or an encounter that is being offered already, changes nothing. Returns whether it was asked. */
export async function insertRequest(tx: Tx, request: ColleagueRequest): Promise<boolean> {
  const { id, office, appointment, kind, from, to, note, askedAt } = request;
  const done = await tx
    .insertInto('colleague_request')
    .values({
      id,
      office_id: office,
      appointment_id: appointment,
      kind,
      from_staff: from.staff,
      from_name: from.name,
      to_staff: to.staff,
      to_desk: to.desk,
      to_name: to.name,
      note,
      asked_at: askedAt.toString(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Keeps the answer to a request that had none. */
export async function setAnswer(
  tx: Tx,
  id: string,
  answer: RequestAnswer,
  now: Temporal.Instant,
): Promise<void> {
  await tx
    .updateTable('colleague_request')
    .set({ answer, answered_at: now.toString() })
    .where('id', '=', id)
    .where('answer', 'is', null)
    .execute();
}

/** Ends the place of a colleague in a call. */
export async function endPlace(tx: Tx, id: string, now: Temporal.Instant): Promise<void> {
  await tx
    .updateTable('colleague_request')
    .set({ ended_at: now.toString() })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute();
}

/** Destroys what was written in the requests, and the names of who asked and was asked, with the notes of their encounters. */
export async function forgetRequests({ tx }: RetentionPass, { notes }: Forgotten): Promise<void> {
  if (notes.length === 0) return;
  await tx
    .updateTable('colleague_request')
    .set({ note: '', from_name: '', to_name: '' })
    .where('appointment_id', 'in', notes)
    .execute();
}
