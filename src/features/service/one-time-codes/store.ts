import type { Tx } from '../../../lib/db/database.ts';
import type { MadeCode, Purpose } from './types.ts';

/** A new code; those before it end. */
export async function insertCode(
  tx: Tx,
  on: { office: number; appointment: string; purpose: Purpose },
  code: Omit<MadeCode, 'tries' | 'endedAt'>,
): Promise<void> {
  const { office, appointment, purpose } = on;
  const { id, madeAt, expiresAt, channel, masked, setBy } = code;
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
      id,
      office_id: office,
      appointment_id: appointment,
      purpose,
      made_at: madeAt.toString(),
      expires_at: expiresAt.toString(),
      channel,
      masked,
      set_by: setBy,
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
