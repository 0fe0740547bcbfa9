import { randomUUID } from 'node:crypto';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { outboxTable } from '../outbox/service.ts';
import type { StaffMailDraft } from './types.ts';

/** A connection, as far as one statement needs it. */
interface Querying {
  query(text: string, values: unknown[]): Promise<unknown>;
}

const OWE = `insert into public.staff_mail (id, staff_id, kind, facts, created_at, next_try_at)
  select $1, id, $2, $3, $4, $4 from public.staff where (id = $5 or user_id = $6) and retired_at is null`;

/**
 * Owes somebody who works here a mail, in the transaction of what it tells: the worker sends it within seconds. Who is
 * retired is told nothing.
 */
export async function tellStaff(
  client: Querying,
  { to, kind, facts = {} }: StaffMailDraft,
  now: Temporal.Instant,
): Promise<void> {
  const [staff, user] = 'staff' in to ? [to.staff, null] : [null, to.user];
  await client.query(OWE, [randomUUID(), kind, JSON.stringify(facts), now.toString(), staff, user]);
}

/** Mails to staff as an outbox. */
export const outbox = outboxTable('staff_mail');

/** It was sent and came back for good. Returns whether there is such a mail. */
export const markStaffBounce = (
  db: Db,
  id: string,
  now: Temporal.Instant,
  reason: string,
): Promise<boolean> => outbox.markBounced(db, id, now, reason);

/** Forgets what was owed before an instant. Answers how many mails that were. */
export async function forget(db: Db, before: Temporal.Instant): Promise<number> {
  const done = await within(db, INSTALLATION, (tx) =>
    tx.deleteFrom('staff_mail').where('created_at', '<', moment(before)).executeTakeFirst(),
  );
  return Number(done.numDeletedRows);
}
