import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';

export async function insertDraft(
  tx: Tx,
  keyHash: Buffer,
  sealed: Buffer,
  expires: Temporal.Instant,
): Promise<void> {
  await tx
    .insertInto('draft')
    .values({ key_hash: keyHash, sealed, expires_at: expires.toString() })
    .execute();
}

export async function deleteDraft(tx: Tx, keyHash: Buffer): Promise<void> {
  await tx.deleteFrom('draft').where('key_hash', '=', keyHash).execute();
}

/** Deletes expired answers. Returns how many. */
export async function sweepDrafts(tx: Tx, now: Temporal.Instant): Promise<number> {
  const done = await tx
    .deleteFrom('draft')
    .where('expires_at', '<=', moment(now))
    .executeTakeFirst();
  return Number(done.numDeletedRows);
}
