import { sql } from 'kysely';
import { nobody, noticeFactsOf } from '../../../../domain/person.ts';
import type { Forgotten, RetentionPass } from '../../../feature.ts';

/** Server errors of undelivered mails name the recipient, so they are destroyed; reasons for not sending name nobody. */
const nobodyIn = sql<
  string | null
>`case when last_error in ('muted', 'capped', 'late', 'abroad', 'spent') then last_error end`;

/** Destroys the recipients of notices and free text in them. Pending notices are dropped, since they have no recipient. */
export async function forgetRecipients(
  { tx, now }: RetentionPass,
  { contacts, waiting }: Forgotten,
): Promise<void> {
  for (const [about, ids] of [
    ['appointment_id', contacts],
    ['wait_list_id', waiting],
  ] as const) {
    if (ids.length === 0) continue;
    await tx
      .updateTable('notice')
      .set({
        recipient: '',
        facts: sql`(facts - 'reason') || ${JSON.stringify(noticeFactsOf(nobody()))}::jsonb`,
        last_error: nobodyIn,
        dropped_at: sql`coalesce(dropped_at, case when sent_at is null and failed_at is null then ${now.toString()}::timestamptz end)`,
      })
      .where(about, 'in', ids)
      .execute();
  }
}
