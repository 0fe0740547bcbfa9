import { randomUUID } from 'node:crypto';
import { sql, type Updateable } from 'kysely';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Schema } from '../../../lib/db/schema.ts';
import type { StaffMail, StaffMailDraft } from './types.ts';

/** A connection, as far as one statement needs it. */
interface Querying {
  query(text: string, values: unknown[]): Promise<unknown>;
}

const OWE = `insert into public.staff_mail (id, staff_id, kind, facts, created_at)
  select $1, id, $2, $3, $4 from public.staff where (id = $5 or user_id = $6) and retired_at is null`;

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

/** How long a worker that took a mail has it for itself. */
const LEASE_SECONDS = 300;

const isPending = sql<boolean>`sent_at is null and dropped_at is null and failed_at is null`;

/** Takes up to `most` mails that are due, for this worker alone. Should it die, they are due again when the lease ends. */
export function leaseDue(
  db: Db,
  most: number,
  now: Temporal.Instant,
): Promise<{ id: string; attempts: number }[]> {
  return within(db, INSTALLATION, (tx) =>
    tx
      .with(
        (cte) => cte('due').materialized(),
        (from) =>
          from
            .selectFrom('staff_mail')
            .select('id')
            .where(isPending)
            .where((eb) =>
              eb.or([eb('next_try_at', 'is', null), eb('next_try_at', '<=', moment(now))]),
            )
            .orderBy('created_at')
            .limit(most)
            .forUpdate()
            .skipLocked(),
      )
      .updateTable('staff_mail')
      .from('due')
      .whereRef('staff_mail.id', '=', 'due.id')
      .set((eb) => ({
        attempts: eb('attempts', '+', 1),
        next_try_at: now.add({ seconds: LEASE_SECONDS }).toString(),
      }))
      .returning(['staff_mail.id', 'attempts'])
      .execute(),
  );
}

type Attempt = Pick<StaffMail, 'id' | 'attempts'>;

/** Writes what became of an attempt, unless another worker has since taken the mail. */
async function note(db: Db, { id, attempts }: Attempt, what: Updateable<Schema['staff_mail']>) {
  await within(db, INSTALLATION, (tx) =>
    tx
      .updateTable('staff_mail')
      .set(what)
      .where('id', '=', id)
      .where('attempts', '=', attempts)
      .where(isPending)
      .execute(),
  );
}

export const postpone = (db: Db, attempt: Attempt, at: Temporal.Instant, reason: string) =>
  note(db, attempt, { next_try_at: at.toString(), last_error: reason });

/** It isn't tried any more. */
export const giveUp = (db: Db, attempt: Attempt, now: Temporal.Instant, reason: string) =>
  note(db, attempt, { failed_at: now.toString(), last_error: reason });

/** There is nothing left to tell: the invitation was used, or another took its place. */
export const drop = (db: Db, attempt: Attempt, now: Temporal.Instant) =>
  note(db, attempt, { dropped_at: now.toString() });

/** It was sent, whoever holds it by now. */
export async function markSent(db: Db, id: string, now: Temporal.Instant): Promise<void> {
  await within(db, INSTALLATION, (tx) =>
    tx
      .updateTable('staff_mail')
      .set({ sent_at: now.toString(), last_error: null })
      .where('id', '=', id)
      .where('sent_at', 'is', null)
      .execute(),
  );
}

/** It was sent and came back for good. Answers whether there is such a mail. */
export async function markStaffBounce(
  db: Db,
  id: string,
  now: Temporal.Instant,
  reason: string,
): Promise<boolean> {
  const done = await within(db, INSTALLATION, (tx) =>
    tx
      .updateTable('staff_mail')
      .set({ bounced_at: now.toString(), last_error: reason })
      .where('id', '=', id)
      .where('sent_at', 'is not', null)
      .executeTakeFirst(),
  );
  return done.numUpdatedRows > 0n;
}

/** Forgets what was owed before an instant. Answers how many mails that were. */
export async function forget(db: Db, before: Temporal.Instant): Promise<number> {
  const done = await within(db, INSTALLATION, (tx) =>
    tx.deleteFrom('staff_mail').where('created_at', '<', moment(before)).executeTakeFirst(),
  );
  return Number(done.numDeletedRows);
}
