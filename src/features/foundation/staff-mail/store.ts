import { randomUUID } from 'node:crypto';
import { CompiledQuery } from 'kysely';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { noticeOf } from '../../../lib/notifier.ts';
import type { InstallationUnit } from '../audit/service.ts';
import { outboxTable } from '../outbox/service.ts';
import type { StaffMailDraft } from './types.ts';

/** The part of a connection that one statement needs. */
interface Querying {
  query(text: string, values: unknown[]): Promise<unknown>;
}

const OWE = `insert into public.staff_mail (id, staff_id, kind, facts, created_at, next_try_at)
  select $1, id, $2, $3, $4, $4 from public.staff where (id = $5 or user_id = $6) and retired_at is null`;
const TELL = 'select pg_notify($1, $2)';

/**
 * Adds a mail to a member of staff, in the transaction of the change. The worker sends it within seconds. A retired
 * person gets no mail.
 */
export async function tellStaff(
  client: Querying,
  { to, kind, facts = {} }: StaffMailDraft,
  now: Temporal.Instant,
): Promise<void> {
  const [staff, user] = 'staff' in to ? [to.staff, null] : [null, to.user];
  await client.query(OWE, [randomUUID(), kind, JSON.stringify(facts), now.toString(), staff, user]);
  // Not after the commit, as others: these transactions are few, and those of accounts know no notifier.
  await client.query(TELL, noticeOf(0, 'staff mail'));
}

/** The same in a unit of work of the installation. */
export const oweStaffMail = (
  { tx, now }: Pick<InstallationUnit, 'tx' | 'now'>,
  draft: StaffMailDraft,
): Promise<void> =>
  tellStaff(
    { query: (text, values) => tx.executeQuery(CompiledQuery.raw(text, values)) },
    draft,
    now,
  );

/** Mails to staff as an outbox. */
export const outbox = outboxTable('staff_mail');

/** Records that it was sent and came back permanently. Returns whether there is such a mail. */
export const markStaffBounce = (
  db: Db,
  id: string,
  now: Temporal.Instant,
  reason: string,
): Promise<boolean> => outbox.markBounced(db, id, now, reason);

/** Deletes mails from before an instant. Returns how many. */
export async function forget(db: Db, before: Temporal.Instant): Promise<number> {
  const done = await within(db, INSTALLATION, (tx) =>
    tx.deleteFrom('staff_mail').where('created_at', '<', moment(before)).executeTakeFirst(),
  );
  return Number(done.numDeletedRows);
}
