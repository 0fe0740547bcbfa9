import type { Tx } from '../../../../lib/db/database.ts';
import type { OpenRequestRow } from './types.ts';

/** Publishes a month of requests, once. */
export async function insertRequestMonth(
  tx: Tx,
  office: number,
  month: string,
  rows: readonly Omit<OpenRequestRow, 'month'>[],
  now: Temporal.Instant,
): Promise<void> {
  await tx
    .insertInto('open_request_month')
    .values({ office_id: office, month, published_at: now.toString() })
    .execute();
  await tx
    .insertInto('open_request_figure')
    .values(rows.map((row, position) => ({ office_id: office, month, position, ...row })))
    .execute();
}
