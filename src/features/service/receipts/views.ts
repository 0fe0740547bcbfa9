import type { Tx } from '../../../lib/db/database.ts';

const select = (tx: Tx) => tx.selectFrom('case_receipt').selectAll();
export type ReceiptRow = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

/** Returns the receipt of an entry as its row has it; undefined: none was issued. `about`: what the registry calls it. */
export const readReceipt = (
  tx: Tx,
  office: number,
  about: string,
): Promise<ReceiptRow | undefined> =>
  select(tx).where('office_id', '=', office).where('about', '=', about).executeTakeFirst();

/** Returns the receipt that a verification code opens; undefined: it is gone. */
export const readReceiptById = (tx: Tx, id: string): Promise<ReceiptRow | undefined> =>
  select(tx).where('id', '=', id).executeTakeFirst();
