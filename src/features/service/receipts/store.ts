import type { Unit } from '../../foundation/audit/service.ts';

/** Keeps a receipt as it was issued. Returns false where another one was kept before. */
export async function insertReceipt(
  { tx, office, now }: Unit,
  receipt: { case: string; id: string; document: Buffer; code: Buffer },
): Promise<boolean> {
  const done = await tx
    .insertInto('case_receipt')
    .values({
      case_id: receipt.case,
      id: receipt.id,
      office_id: office,
      issued_at: now.toString(),
      document: receipt.document,
      code: receipt.code,
    })
    .onConflict((conflict) => conflict.column('case_id').doNothing())
    .executeTakeFirst();
  return done.numInsertedOrUpdatedRows === 1n;
}
