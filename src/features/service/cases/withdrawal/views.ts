import type { Tx } from '../../../../lib/db/database.ts';

/** Returns the withdrawals of a case as they are sealed: one at most. */
export async function readWithdrawals(
  tx: Tx,
  of: string,
): Promise<{ id: string; sealed: Buffer }[]> {
  const rows = await tx
    .selectFrom('case_submission')
    .select(['id', 'record'])
    .where('case_id', '=', of)
    .where('kind', '=', 'withdrawal')
    .execute();
  return rows.flatMap(({ id, record }) => (record ? [{ id, sealed: record }] : []));
}
