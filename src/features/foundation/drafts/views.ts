import { sql } from 'kysely';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { DueSql } from '../../../lib/jobs/due.ts';

/** Returns the sealed answer under the hash of its secret; null when there is none, or it has expired. */
export function readDraft(db: Db, keyHash: Buffer, now: Temporal.Instant): Promise<Buffer | null> {
  return within(db, INSTALLATION, async (tx) => {
    const row = await tx
      .selectFrom('draft')
      .select('sealed')
      .where('key_hash', '=', keyHash)
      .where('expires_at', '>', moment(now))
      .executeTakeFirst();
    return row?.sealed ?? null;
  });
}

/** When the first form that was not mended is deleted. */
export const draftsDue: DueSql = sql`select min(expires_at) from draft`;
