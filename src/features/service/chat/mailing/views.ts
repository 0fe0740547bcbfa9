import type { Tx } from '../../../../lib/db/database.ts';

/** A code that was sent to an address at which somebody wants their conversation. */
export interface ChatCode {
  id: string;
  sealedEmail: Buffer;
  madeAt: Temporal.Instant;
  expiresAt: Temporal.Instant;
  tries: number;
  endedAt: Temporal.Instant | null;
}

/** Reads the codes of a conversation, the newest first. */
export async function readChatCodes(tx: Tx, chat: string): Promise<ChatCode[]> {
  const rows = await tx
    .selectFrom('chat_code')
    .selectAll()
    .where('chat_id', '=', chat)
    .orderBy('made_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    sealedEmail: row.email,
    madeAt: row.made_at,
    expiresAt: row.expires_at,
    tries: row.tries,
    endedAt: row.ended_at,
  }));
}
