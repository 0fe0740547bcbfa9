import type { Unit } from '../../../foundation/audit/service.ts';

/** Adds a code of a conversation; earlier ones end. */
export async function insertChatCode(
  { tx, office, now }: Pick<Unit, 'tx' | 'office' | 'now'>,
  made: { id: string; chat: string; email: Buffer; expiresAt: Temporal.Instant },
): Promise<void> {
  const at = now.toString();
  await tx
    .updateTable('chat_code')
    .set({ ended_at: at })
    .where('chat_id', '=', made.chat)
    .where('ended_at', 'is', null)
    .execute();
  await tx
    .insertInto('chat_code')
    .values({
      ...{ id: made.id, office_id: office, chat_id: made.chat, email: made.email },
      ...{ made_at: at, expires_at: made.expiresAt.toString() },
    })
    .execute();
}

/** Keeps how often a code was typed. `ended`: it was right, and is good for nothing more. */
export async function countChatTry(
  { tx }: Pick<Unit, 'tx'>,
  id: string,
  { tries, ended }: { tries: number; ended: Temporal.Instant | null },
): Promise<void> {
  await tx
    .updateTable('chat_code')
    .set({ tries, ...(ended && { ended_at: ended.toString() }) })
    .where('id', '=', id)
    .execute();
}
