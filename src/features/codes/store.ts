import type { Tx } from '../../lib/db/database.ts';
import type { MadeCode, Purpose } from './types.ts';

/** A new code; those before it end. */
export async function insertCode(
  tx: Tx,
  on: { body: number; appointment: string; purpose: Purpose },
  { id, madeAt, expiresAt }: Pick<MadeCode, 'id' | 'madeAt' | 'expiresAt'>,
): Promise<void> {
  const { body, appointment, purpose } = on;
  await tx
    .updateTable('one_time_code')
    .set({ ended_at: madeAt.toString() })
    .where('appointment_id', '=', appointment)
    .where('purpose', '=', purpose)
    .where('ended_at', 'is', null)
    .execute();
  await tx
    .insertInto('one_time_code')
    .values({
      ...{ id, body_id: body, appointment_id: appointment, purpose },
      ...{ made_at: madeAt.toString(), expires_at: expiresAt.toString() },
    })
    .execute();
}

/** Somebody typed it, right or wrong. */
export async function countTry(
  tx: Tx,
  id: string,
  { tries, ended }: { tries: number; ended: Temporal.Instant | null },
): Promise<void> {
  await tx
    .updateTable('one_time_code')
    .set({ tries, ended_at: ended?.toString() ?? null })
    .where('id', '=', id)
    .execute();
}

export async function insertProved(
  tx: Tx,
  on: { body: number; appointment: string },
  hash: Buffer,
  now: Temporal.Instant,
): Promise<void> {
  await tx
    .insertInto('proved_browser')
    .values({ hash, body_id: on.body, appointment_id: on.appointment, at: now.toString() })
    .execute();
}

/** What was proved where a citizen was reached before proves nothing any more: open codes end, and browsers need another. */
export async function endProofs(tx: Tx, appointment: string, now: Temporal.Instant): Promise<void> {
  await tx
    .updateTable('one_time_code')
    .set({ ended_at: now.toString() })
    .where('appointment_id', '=', appointment)
    .where('ended_at', 'is', null)
    .execute();
  await tx.deleteFrom('proved_browser').where('appointment_id', '=', appointment).execute();
}
