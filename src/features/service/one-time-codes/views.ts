import type { Tx } from '../../../lib/db/database.ts';
import type { CodePurpose, MadeCode } from '../../booking/proof/types.ts';

/** The codes of an appointment for a purpose, the last first, locked. */
export async function readCodes(
  tx: Tx,
  appointment: string,
  purpose: CodePurpose,
): Promise<MadeCode[]> {
  const rows = await tx
    .selectFrom('one_time_code')
    .selectAll()
    .where('appointment_id', '=', appointment)
    .where('purpose', '=', purpose)
    .orderBy('made_at', 'desc')
    .limit(20)
    .forUpdate()
    .execute();
  return rows.map((row) => ({
    id: row.id,
    madeAt: row.made_at,
    expiresAt: row.expires_at,
    tries: row.tries,
    endedAt: row.ended_at,
    channel: row.channel as MadeCode['channel'],
    masked: row.masked,
    setBy: row.set_by,
  }));
}
