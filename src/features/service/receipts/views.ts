import type { Tx } from '../../../lib/db/database.ts';

const select = (tx: Tx) => tx.selectFrom('case_receipt').selectAll();
export type ReceiptRow = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

/** Returns the receipt of a case as its row has it; undefined: none was issued. */
export const readReceipt = (tx: Tx, id: string): Promise<ReceiptRow | undefined> =>
  select(tx).where('case_id', '=', id).executeTakeFirst();

/** Returns the receipt that a verification code opens; undefined: it is gone. */
export const readReceiptById = (tx: Tx, id: string): Promise<ReceiptRow | undefined> =>
  select(tx).where('id', '=', id).executeTakeFirst();
