import { sql } from 'kysely';
import { nobody, noticeFactsOf } from '../../../../domain/person.ts';
import type { Forgotten, RetentionPass } from '../../../feature.ts';

/** What a server said of a mail that didn't arrive names its reader; why a notice wasn't sent names nobody. */
const nobodyIn = sql<
  string | null
>`case when last_error in ('muted', 'capped', 'late', 'abroad', 'spent') then last_error end`;

/** Destroys whom notices were for, and what somebody said in them. One that still waits has nobody to go to. */
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
