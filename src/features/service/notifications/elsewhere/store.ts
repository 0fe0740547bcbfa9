import { sql } from 'kysely';
import type { StoppedState, WhyHere } from '../../../../domain/notification.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../../lib/db/database.ts';
import { moment } from '../../../../lib/db/moment.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { PortFailure } from '../types.ts';
import { fromRow, type HandoverRow, type Owed } from './views.ts';

/** Minutes for which one worker has a notification. All its requests take less. */
const LEASE_MINUTES = 15;

/** Owes a notification to e-NOTUM. */
export async function owe({ tx, office, now }: Unit, notification: string): Promise<void> {
  const at = now.toString();
  await tx
    .insertInto('notification_handover')
    .values({ notification_id: notification, office_id: office, owed_at: at, next_try_at: at })
    .execute();
}

/** Takes a notification that is due, for this worker alone; null: none is. If the worker dies, it is due again when the lease ends. */
export function take(db: Db, now: Temporal.Instant): Promise<Owed | null> {
  const until = moment(now.add({ minutes: LEASE_MINUTES }));
  return within(db, INSTALLATION, async (tx) => {
    const { rows } = await sql<HandoverRow>`
      with due as materialized (
        select notification_id from notification_handover where next_try_at <= ${moment(now)}
        order by next_try_at limit 1 for update skip locked
      )
      update notification_handover t set attempts = attempts + 1, next_try_at = ${until}, taken_until = ${until}
      from due where t.notification_id = due.notification_id returning t.*`.execute(tx);
    return rows[0] ? fromRow(rows[0]) : null;
  });
}

/**
 * Notes that it is going to be sent. Returns whether it may be: the worker still has it. Committed before anything is sent, so that whoever comes
 * after a crash knows it.
 */
export function noteSending(db: Db, taken: Owed, now: Temporal.Instant): Promise<boolean> {
  return within(db, INSTALLATION, async (tx) => {
    const { numAffectedRows = 0n } = await sql`update notification_handover
      set sent_at = ${moment(now)}
      where notification_id = ${taken.notification} and attempts = ${taken.attempts} and number is null
        and taken_until > ${moment(now)}`.execute(tx);
    return numAffectedRows > 0n;
  });
}

/**
 * Notes why a try had no end, and when the next one is; unless another worker has taken it since. `isAbsent`: e-NOTUM has looked at what was sent,
 * and has not taken it.
 */
export async function postpone(
  db: Db,
  taken: Owed,
  at: Temporal.Instant,
  { reason, code, words, isAbsent }: PortFailure & { isAbsent: boolean },
): Promise<void> {
  await within(db, INSTALLATION, (tx) =>
    tx
      .updateTable('notification_handover')
      .set({
        next_try_at: at.toString(),
        taken_until: null,
        failing: reason,
        words: words ?? code,
        ...(isAbsent && { sent_at: null }),
      })
      .where('notification_id', '=', taken.notification)
      .where('attempts', '=', taken.attempts)
      .where('number', 'is', null)
      .execute(),
  );
}

/** Keeps the number of a notification there, whoever has it now. Returns whether it had none. */
export async function setNumber(
  { tx, now }: Unit,
  notification: string,
  number: string,
): Promise<boolean> {
  const at = now.toString();
  const done = await tx
    .updateTable('notification_handover')
    .set({
      ...{ number, handed_at: at },
      asked_at: sql<string>`coalesce(asked_at, ${at}::timestamptz)`,
      ...{ next_try_at: null, taken_until: null, failing: null, words: null },
    })
    .where('notification_id', '=', notification)
    .where('number', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Notes that e-NOTUM made a locked notification available. */
export async function setDeposited(
  { tx }: Unit,
  notification: string,
  at: Temporal.Instant,
): Promise<void> {
  await tx
    .updateTable('notification')
    .set({ deposited_at: at.toString() })
    .where('id', '=', notification)
    .execute();
}

/** Keeps who opened or rejected a notification, sealed. */
export async function setSigner({ tx }: Unit, notification: string, sealed: Buffer): Promise<void> {
  await tx
    .updateTable('notification_handover')
    .set({ signer: sealed })
    .where('notification_id', '=', notification)
    .execute();
}

/** Keeps the evidence of e-NOTUM, sealed. */
export async function setEvidence(
  { tx }: Unit,
  notification: string,
  { state, sealed }: { state: string; sealed: Buffer },
): Promise<void> {
  await tx
    .updateTable('notification_handover')
    .set({ evidence: sealed, evidence_of: state })
    .where('notification_id', '=', notification)
    .execute();
}

/** Notes until when it was asked what became of all that still wait. */
export async function setAsked(db: Db, until: Temporal.Instant): Promise<void> {
  await within(db, INSTALLATION, (tx) =>
    tx
      .updateTable('notification_handover')
      .set({ asked_at: until.toString() })
      .where('asked_at', '<', moment(until))
      .execute(),
  );
}

/** Notes that a locked notification was stopped at e-NOTUM. */
export async function setStopped(
  { tx }: Unit,
  notification: string,
  { state, at }: { state: StoppedState; at: Temporal.Instant },
): Promise<void> {
  await tx
    .updateTable('notification')
    .set({ stopped: state, stopped_at: at.toString() })
    .where('id', '=', notification)
    .execute();
}

/**
 * Ends a stop of a locked notification. What the office had met by then stays, but not by what it cancelled itself: that was not available for ten
 * days.
 */
const NOT_STOPPED = {
  stopped: null,
  stopped_at: null,
  met_at: sql<string>`case stopped when 'cancelled' then met_at else coalesce(met_at, deposited_at) end`,
  deposited_at: null,
};

/**
 * Notes that what somebody did at e-NOTUM counts for a locked notification, whatever had stopped it there, also where it had come to the folder or
 * had been handed over again since. `number`: under which they did.
 */
export async function setCounting(
  { tx, now }: Unit,
  notification: string,
  number: string,
): Promise<void> {
  const its = { via: 'enotum', here: null, expires_at: null, stopped: null, stopped_at: null };
  await tx.updateTable('notification').set(its).where('id', '=', notification).execute();
  await sql`update notification_handover
    set past_numbers = array_remove(past_numbers, ${number}) || array_remove(array[number], null), number = ${number},
      handed_at = coalesce(handed_at, ${moment(now)}), next_try_at = null, taken_until = null, failing = null, words = null,
      evidence = null, evidence_of = null
    where notification_id = ${notification} and number is distinct from ${number}`.execute(tx);
}

/** Owes a locked notification to e-NOTUM once more, under another reference. `past`: what became of it before, sealed. */
export async function oweAgain({ tx, now }: Unit, notification: string, past: Buffer) {
  await tx
    .updateTable('notification_handover')
    .set({
      ...{ owed_at: now.toString(), next_try_at: now.toString(), attempts: 0, sent_at: null },
      ...{ number: null, handed_at: null, signer: null },
      past_numbers: sql<string[]>`past_numbers || array_remove(array[number], null)`,
      ...{ evidence: null, evidence_of: null, round: sql<number>`round + 1`, past },
    })
    .where('notification_id', '=', notification)
    .execute();
  await tx.updateTable('notification').set(NOT_STOPPED).where('id', '=', notification).execute();
}

/** Ends what is owed of a locked notification, which is in the folder from now on, where it expires. `here`: why. */
export async function bringBack(
  { tx, now }: Unit,
  notification: string,
  { expiresAt, here }: { expiresAt: Temporal.Instant; here: WhyHere },
): Promise<void> {
  await tx
    .updateTable('notification_handover')
    .set({ next_try_at: null, words: null })
    .where('notification_id', '=', notification)
    .execute();
  await tx
    .updateTable('notification')
    .set({
      ...{ via: 'folder', here },
      ...NOT_STOPPED,
      ...{ made_at: now.toString(), expires_at: expiresAt.toString() },
    })
    .where('id', '=', notification)
    .execute();
}

/** Returns where a notification stands with e-NOTUM, locked until the transaction ends; null: it was never owed. */
export async function lockHandover(tx: Tx, notification: string): Promise<Owed | null> {
  const row = await tx
    .selectFrom('notification_handover')
    .selectAll()
    .where('notification_id', '=', notification)
    .forUpdate()
    .executeTakeFirst();
  return row ? fromRow(row) : null;
}
