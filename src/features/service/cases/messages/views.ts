import type { Tx } from '../../../../lib/db/database.ts';
import type { CaseMessage, MessageSide } from './types.ts';

/** A message as its row has it. */
export interface MessageRow extends Omit<CaseMessage, 'text'> {
  sealed: Buffer;
}

/** Returns the messages of a case, the oldest first. */
export async function readMessages(tx: Tx, of: string): Promise<MessageRow[]> {
  const rows = await tx
    .selectFrom('case_message')
    .select(['id', 'number', 'at', 'side', 'by', 'text as sealed'])
    .where('case_id', '=', of)
    .orderBy('number')
    .execute();
  return rows.map(({ side, number, ...row }) => ({
    ...row,
    number: Number(number),
    side: side as MessageSide,
  }));
}
