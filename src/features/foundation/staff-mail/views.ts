import { sql } from 'kysely';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import { isLanguage } from '../../../lib/i18n/languages.ts';
import type { DueSql } from '../../../lib/jobs/due.ts';
import type { StaffMail, StaffMailFacts, StaffMailKind } from './types.ts';

/** Returns mails of the outbox with their readers, oldest first; with an id, only that one. */
export function readMails(db: Db, now: Temporal.Instant, id?: string): Promise<StaffMail[]> {
  return within(db, INSTALLATION, async (tx) => {
    const rows = await tx
      .selectFrom('staff_mail as m')
      .innerJoin('staff as s', 's.id', 'm.staff_id')
      .select(['m.id', 'm.kind', 'm.facts', 'm.created_at', 'm.attempts'])
      .select(['s.id as staff', 's.email', 's.name', 's.language', 's.retired_at'])
      .select(
        sql<boolean>`exists (select from auth.invitation i where i.id::text = m.facts->>'invitation'
          and i.used_at is null and i.expires_at > ${now.toString()}::timestamptz)`.as('is_open'),
      )
      .where('m.dropped_at', 'is', null)
      .$if(id !== undefined, (query) => query.where('m.id', '=', id ?? ''))
      .orderBy('m.created_at')
      .orderBy('m.id')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind as StaffMailKind,
      facts: row.facts as StaffMailFacts,
      createdAt: row.created_at,
      attempts: row.attempts,
      staff: {
        id: row.staff,
        email: row.email,
        name: row.name,
        language: isLanguage(row.language) ? row.language : null,
        retired: row.retired_at !== null,
      },
      isOpen: row.is_open,
    }));
  });
}

/** When the first mail to staff is to be sent. */
export const staffMailDue: DueSql = sql`
  select min(next_try_at) from staff_mail where sent_at is null and dropped_at is null and failed_at is null`;
