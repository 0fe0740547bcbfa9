import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { CodeState } from './types.ts';

interface NewCode {
  id: string;
  office: number;
  appointment: string;
  finder: string;
  hash: Buffer;
  link: number;
  askedBy: Buffer;
  family: string;
  system: string;
  sender: Buffer;
}

/** Adds a code, which replaces the one that the appointment had. Returns false when the finder is that of another code, or the
 * appointment got one at the same time. */
export async function insertCode(
  tx: Tx,
  { office, appointment, askedBy, ...code }: NewCode,
  { now, endsAt }: { now: Temporal.Instant; endsAt: Temporal.Instant },
): Promise<boolean> {
  await tx.deleteFrom('identification_code').where('appointment_id', '=', appointment).execute();
  const done = await tx
    .insertInto('identification_code')
    .values({
      ...code,
      office_id: office,
      appointment_id: appointment,
      asked_by: askedBy,
      asked_at: now.toString(),
      ends_at: endsAt.toString(),
      taken_by: null,
      state: 'open',
    })
    .onConflict((on) => on.doNothing())
    .executeTakeFirst();
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Changes a code. `endsAt`: when it ends from now on; `takenBy`: the browser in which it was typed. */
export async function changeCode(
  tx: Tx,
  id: string,
  change: { state?: CodeState; misses?: number; takenBy?: Buffer; endsAt?: Temporal.Instant },
): Promise<void> {
  const { state, misses, takenBy, endsAt } = change;
  await tx
    .updateTable('identification_code')
    .set({
      ...(state && { state }),
      ...(misses !== undefined && { misses }),
      ...(takenBy && { taken_by: takenBy }),
      ...(endsAt && { ends_at: endsAt.toString() }),
    })
    .where('id', '=', id)
    .execute();
}

/** Deletes codes that are over. */
export async function deleteOldCodes(tx: Tx, now: Temporal.Instant): Promise<void> {
  await tx.deleteFrom('identification_code').where('ends_at', '<=', moment(now)).execute();
}
