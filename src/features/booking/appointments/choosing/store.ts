import type { NoticeWay } from '../../../../domain/address.ts';
import type { Tx } from '../../../../lib/db/database.ts';

/** Notes by which way the citizen of an appointment wants notices. */
export async function updateNoticesBy(
  tx: Tx,
  id: string,
  by: NoticeWay,
  now: Temporal.Instant,
): Promise<void> {
  await tx
    .updateTable('appointment')
    .set({ notices_by: by, updated_at: now.toString() })
    .where('id', '=', id)
    .execute();
}
