import type { Tx } from '../../../../lib/db/database.ts';
import type { CosignAnswer, CosignerRow } from './types.ts';

/** Somebody who must sign, as their row has them. */
export interface SealedCosigner extends CosignerRow {
  sealed: Buffer;
}

const select = (tx: Tx) => tx.selectFrom('case_cosigner').selectAll();
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

const fromRow = (row: Row): SealedCosigner => ({
  id: row.id,
  office: row.office_id,
  case: row.case_id,
  nth: row.nth,
  askedAt: row.asked_at,
  answered: row.answered_at && {
    at: row.answered_at,
    how: row.answer as CosignAnswer,
    number: row.number,
  },
  identification: row.identification_id,
  sealed: row.who,
});

/** Returns somebody who must sign; null: there is nobody of this id. */
export async function readCosigner(tx: Tx, id: string): Promise<SealedCosigner | null> {
  const row = await select(tx).where('id', '=', id).executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns who must sign a case, in the order of its answers. */
export async function readCosigners(tx: Tx, of: string): Promise<SealedCosigner[]> {
  const rows = await select(tx).where('case_id', '=', of).orderBy('nth').execute();
  return rows.map(fromRow);
}

/** Returns whether somebody who must sign a case has not signed it. */
export async function isUnsigned(tx: Tx, of: string): Promise<boolean> {
  const row = await tx
    .selectFrom('case_cosigner')
    .select('id')
    .where('case_id', '=', of)
    .where((eb) => eb.or([eb('answer', 'is', null), eb('answer', '<>', 'signed')]))
    .executeTakeFirst();
  return row !== undefined;
}

/** Returns the signatures of those who signed a case, as they are sealed, in the order of its answers. */
export async function readSignatures(
  tx: Tx,
  of: string,
): Promise<{ id: string; nth: number; sealed: Buffer }[]> {
  const rows = await select(tx)
    .where('case_id', '=', of)
    .where('answer', '=', 'signed')
    .orderBy('nth')
    .execute();
  return rows.flatMap(({ id, nth, record }) => (record ? [{ id, nth, sealed: record }] : []));
}
