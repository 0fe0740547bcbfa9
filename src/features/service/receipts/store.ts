import type { Unit } from '../../foundation/audit/service.ts';

/** Keeps a receipt as it was issued. Returns false where another one of the same entry was kept before. */
export async function insertReceipt(
  { tx, office, now }: Unit,
  receipt: { case: string; about: string; id: string; document: Buffer; code: Buffer },
): Promise<boolean> {
  const done = await tx
    .insertInto('case_receipt')
    .values({
      id: receipt.id,
      office_id: office,
      case_id: receipt.case,
      about: receipt.about,
      issued_at: now.toString(),
      document: receipt.document,
      code: receipt.code,
    })
    .onConflict((conflict) => conflict.columns(['office_id', 'about']).doNothing())
    .executeTakeFirst();
  return done.numInsertedOrUpdatedRows === 1n;
}
