import type { Tx } from '../../lib/db/database.ts';
import type { NoticeDraft } from './types.ts';

/** Writes into the outbox, in the transaction of what the notices tell. */
export async function oweNotices(
  tx: Tx,
  on: { body: number; appointment: string },
  notices: readonly NoticeDraft[],
  now: Temporal.Instant,
): Promise<void> {
  if (notices.length === 0) return;
  await tx
    .insertInto('notice')
    .values(
      notices.map((each) => ({
        ...each,
        body_id: on.body,
        appointment_id: on.appointment,
        facts: JSON.stringify(each.facts),
        created_at: now.toString(),
        next_try_at: each.not_before,
      })),
    )
    .execute();
}

/** What was owed about a time that no longer holds isn't sent any more: the confirmation of an appointment since cancelled. */
export async function dropPending(
  tx: Tx,
  appointment: string,
  kinds: readonly string[],
  now: Temporal.Instant,
): Promise<void> {
  await tx
    .updateTable('notice')
    .set({ dropped_at: now.toString() })
    .where('appointment_id', '=', appointment)
    .where('kind', 'in', kinds)
    .where('sent_at', 'is', null)
    .where('dropped_at', 'is', null)
    .where('failed_at', 'is', null)
    .execute();
}
