import { sql } from 'kysely';
import { nobody, noticeFactsOf } from '../../../../domain/person.ts';
import { moment } from '../../../../lib/db/moment.ts';
import type { Forgotten, RetentionPass } from '../../../feature.ts';
import type { Unit } from '../../audit/service.ts';
import { FORGOTTEN_AT_ONCE } from '../../retention/rules.ts';

/** Server errors of undelivered mails name the recipient, so they are destroyed; reasons for not sending name nobody. */
const nobodyIn = sql<
  string | null
>`case when last_error in ('muted', 'capped', 'late', 'abroad', 'spent') then last_error end`;

/** What a notice is without its recipient. One that is pending is dropped. */
const forgotten = (now: Temporal.Instant) => ({
  recipient: '',
  facts: sql<string>`(facts - 'reason') || ${JSON.stringify(noticeFactsOf(nobody()))}::jsonb`,
  last_error: nobodyIn,
  dropped_at: sql<string>`coalesce(dropped_at, case when sent_at is null and failed_at is null then ${now.toString()}::timestamptz end)`,
});

/**
 * Destroys the recipients of the notices of a request, and drops those that are pending. `ofPerson`: of its person alone; those who follow it are still told.
 */
export async function forgetOfRequest(
  { tx, now }: Pick<Unit, 'tx' | 'now'>,
  request: string,
  { ofPerson }: { ofPerson: boolean },
): Promise<void> {
  await tx
    .updateTable('notice')
    .set(forgotten(now))
    .where('request_id', '=', request)
    .$if(ofPerson, (those) => those.where(sql<boolean>`facts ->> 'follower' is null`))
    .execute();
}

/**
 * Destroys the recipients of notices of cases, requests and chats that were made before the bound of contacts: they have nobody's data but the address. Returns
 * the notices.
 */
export async function forgetOld({
  tx,
  office,
  now,
  ended,
}: RetentionPass): Promise<Pick<Forgotten, 'notices'>> {
  const rows = await tx
    .updateTable('notice')
    .set(forgotten(now))
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('notice')
        .select('id')
        .where('office_id', '=', office)
        .where('created_at', '<', moment(ended.contacts))
        .where('recipient', '<>', '')
        .where((those) =>
          those.or([
            those('case_id', 'is not', null),
            those('request_id', 'is not', null),
            those('chat_id', 'is not', null),
          ]),
        )
        .orderBy('created_at')
        .limit(FORGOTTEN_AT_ONCE),
    )
    .returning('id')
    .execute();
  return { notices: rows.map((row) => row.id) };
}

/** Destroys the recipients of the notices of what was forgotten, and free text in them. Pending notices are dropped, since they have no recipient. */
export async function forgetRecipients(
  { tx, now }: RetentionPass,
  { contacts, waiting }: Forgotten,
): Promise<void> {
  for (const [about, ids] of [
    ['appointment_id', contacts],
    ['wait_list_id', waiting],
  ] as const) {
    if (ids.length === 0) continue;
    await tx.updateTable('notice').set(forgotten(now)).where(about, 'in', ids).execute();
  }
}
