import { type ExpressionBuilder, sql } from 'kysely';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Schema } from '../../../lib/db/schema.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { pauseAfter } from './rules.ts';
import type {
  AppointmentKind,
  Leased,
  Outcome,
  PauseReason,
  Webhook,
  WebhookEvent,
} from './types.ts';
import { toldAs, webhookFrom } from './views.ts';

export async function insertWebhook(
  tx: Tx,
  made: Pick<Webhook, 'id' | 'office' | 'url' | 'kinds' | 'personal' | 'keyVersion'>,
  now: Temporal.Instant,
): Promise<void> {
  const { id, office, url, kinds, personal, keyVersion } = made;
  const at = now.toString();
  await tx
    .insertInto('webhook')
    .values({
      id,
      office_id: office,
      url,
      kinds,
      personal,
      key_version: keyVersion,
      key_since: at,
      created_at: at,
    })
    .execute();
}

/** Reads a webhook that hasn't been ended, and locks it until the transaction ends. */
export async function lockWebhook(tx: Tx, id: string): Promise<Webhook | null> {
  const row = await tx
    .selectFrom('webhook')
    .selectAll()
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .forNoKeyUpdate() // a concurrent booking with a message for it doesn't wait
    .executeTakeFirst();
  return row ? webhookFrom(row) : null;
}

/**
 * Updates a webhook, also for its pending messages. Failures of the former address are reset, and pending messages
 * are sent at once.
 */
export async function changeWebhook(
  tx: Tx,
  { id, url: before }: Pick<Webhook, 'id' | 'url'>,
  { url, kinds, personal }: Pick<Webhook, 'url' | 'kinds' | 'personal'>,
  now: Temporal.Instant,
): Promise<void> {
  const isElsewhere = url !== before;
  await tx
    .updateTable('webhook')
    .set({ url, kinds, personal, ...(isElsewhere && { failing_since: null }) })
    .where('id', '=', id)
    .execute();
  if (isElsewhere) await hurry(tx, id, now);
}

/** Pauses it: it gets no new messages until it is resumed, and pending ones wait. */
export async function pause(
  tx: Tx,
  id: string,
  why: PauseReason,
  now: Temporal.Instant,
): Promise<void> {
  await tx
    .updateTable('webhook')
    .set({ paused_at: now.toString(), paused_why: why })
    .where('id', '=', id)
    .execute();
}

/** Resumes it and its pending messages; former failures are reset. */
export async function resume(tx: Tx, id: string, now: Temporal.Instant): Promise<void> {
  await tx
    .updateTable('webhook')
    .set({ paused_at: null, paused_why: null, failing_since: null })
    .where('id', '=', id)
    .execute();
  await hurry(tx, id, now);
}

/** Makes a new secret; the former one also signs for a while. */
export async function raiseKey(
  tx: Tx,
  id: string,
  keyVersion: number,
  now: Temporal.Instant,
): Promise<void> {
  await tx
    .updateTable('webhook')
    .set((eb) => ({
      key_number: eb('key_number', '+', 1),
      key_version_before: eb.ref('key_version'),
      key_version: keyVersion,
      key_since: now.toString(),
    }))
    .where('id', '=', id)
    .execute();
}

/** Ends it: it gets no more messages, not even pending ones. */
export async function endWebhook(tx: Tx, id: string, now: Temporal.Instant): Promise<void> {
  const at = now.toString();
  await tx.updateTable('webhook').set({ ended_at: at }).where('id', '=', id).execute();
  await tx
    .updateTable('webhook_delivery')
    .set({ failed_at: at })
    .where('webhook_id', '=', id)
    .where(isPending)
    .execute();
}

/** Adds a message without an event. */
export async function oweTest(
  tx: Tx,
  { id, office }: Pick<Webhook, 'id' | 'office'>,
  delivery: string,
  now: Temporal.Instant,
): Promise<void> {
  const at = now.toString();
  await tx
    .insertInto('webhook_delivery')
    .values({ id: delivery, office_id: office, webhook_id: id, created_at: at, next_try_at: at })
    .execute();
}

/** Adds finished deliveries again, starting with the first try. Returns whether there were any. */
export async function oweAgain(
  tx: Tx,
  webhook: string,
  delivery: string,
  now: Temporal.Instant,
): Promise<boolean> {
  const done = await tx
    .updateTable('webhook_delivery')
    .set({ attempts: 0, next_try_at: now.toString(), delivered_at: null, failed_at: null })
    .where('id', '=', delivery)
    .where('webhook_id', '=', webhook)
    .where((eb) => eb.not(isPending(eb)))
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

const isPending = (eb: ExpressionBuilder<Schema, 'webhook_delivery'>) =>
  eb.and([eb('delivered_at', 'is', null), eb('failed_at', 'is', null)]);

/** Lease of a delivery: longer than a try can take. If the worker dies, the delivery is due again then. */
export const LEASE_SECONDS = 60;

interface LeasedRow {
  delivery: string;
  attempts: number;
  leased_until: Temporal.Instant;
  owed_at: Temporal.Instant;
  webhook: string;
  event: number | null;
  kind: AppointmentKind;
  at: Temporal.Instant;
  appointment: string;
  case_event: number | null;
  case_kind: string;
  case_at: Temporal.Instant;
  case: string;
}

/**
 * Takes up to `most` due deliveries for this worker only. Those of working webhooks come first, so that a slow
 * one doesn't delay the others. A test is also sent to a paused one.
 */
export function leaseDue(db: Db, most: number, now: Temporal.Instant): Promise<Leased[]> {
  const at = now.toString();
  const until = now.add({ seconds: LEASE_SECONDS }).toString();
  return within(db, INSTALLATION, async (tx) => {
    // Materialised, since a plan that ran the choice twice would take more than `most`.
    const { rows } = await sql<LeasedRow>`
      with due as materialized (
        select d.id from webhook_delivery d join webhook w on w.id = d.webhook_id
        where d.delivered_at is null and d.failed_at is null and d.next_try_at <= ${at}
          and (d.leased_until is null or d.leased_until <= ${at})
          and w.ended_at is null and (w.paused_at is null or coalesce(d.event_id, d.case_event_id) is null)
        order by w.failing_since nulls first, d.next_try_at, d.event_id, d.case_event_id
        limit ${most} for update of d skip locked
      ), taken as (
        update webhook_delivery d set attempts = d.attempts + 1, leased_until = ${until}
        from due where d.id = due.id
        returning d.*
      )
      select d.id as delivery, d.attempts, d.leased_until, d.created_at as owed_at, d.webhook_id as webhook,
        e.id as event, e.kind, e.at, e.appointment_id as appointment,
        c.id as case_event, c.kind as case_kind, c.at as case_at, c.case_id as case
      from taken d left join event e on e.id = d.event_id left join case_event c on c.id = d.case_event_id
      order by d.next_try_at, d.event_id, d.case_event_id`.execute(tx);
    const webhooks = await webhooksOf(tx, rows);
    return rows.flatMap((row) => {
      const webhook = webhooks.get(row.webhook);
      return webhook ? [leasedFrom(row, webhook)] : [];
    });
  });
}

async function webhooksOf(
  tx: Tx,
  rows: readonly Pick<LeasedRow, 'webhook'>[],
): Promise<Map<string, Webhook>> {
  if (rows.length === 0) return new Map();
  const ids = [...new Set(rows.map((each) => each.webhook))];
  const found = await tx.selectFrom('webhook').selectAll().where('id', 'in', ids).execute();
  return new Map(found.map((each) => [each.id, webhookFrom(each)]));
}

function leasedFrom(row: LeasedRow, webhook: Webhook): Leased {
  const { delivery: id, attempts, leased_until: until, owed_at: createdAt } = row;
  return { id, attempts, until, createdAt, webhook, event: eventIn(row) };
}

function eventIn(row: LeasedRow): WebhookEvent | null {
  const { event, kind, at, appointment, case_event, case_kind, case_at, case: of } = row;
  if (event !== null) return { id: event, kind, at, appointment };
  if (case_event === null) return null;
  return { id: case_event, kind: toldAs(case_kind), at: case_at, case: of };
}

/** The result of a try. */
const triedAs = ({ status, error, millis }: Outcome, now: Temporal.Instant) => ({
  tried_at: now.toString(),
  millis,
  status,
  last_error: error,
  leased_until: null,
});

/**
 * Records a success, regardless of the present lease, so that it isn't sent again. After earlier failures of the webhook,
 * its pending messages become due now.
 */
export async function noteTaken(
  db: Db,
  { id: delivery, webhook }: Leased,
  outcome: Outcome,
  now: Temporal.Instant,
): Promise<void> {
  await within(db, webhook.office, async (tx) => {
    // The webhook is locked first, as everywhere, to avoid a deadlock between two records.
    const recovered = await tx
      .updateTable('webhook')
      .set({ failing_since: null })
      .where('id', '=', webhook.id)
      .where('failing_since', 'is not', null)
      .executeTakeFirst();
    await tx
      .updateTable('webhook_delivery')
      .set({ ...triedAs(outcome, now), delivered_at: now.toString() })
      .where('id', '=', delivery)
      .where(isPending)
      .execute();
    if (recovered.numUpdatedRows > 0n) await hurry(tx, webhook.id, now);
  });
}

/** Makes messages that wait for another try due now. */
async function hurry(tx: Tx, webhook: string, now: Temporal.Instant): Promise<void> {
  await tx
    .updateTable('webhook_delivery')
    .set({ next_try_at: now.toString() })
    .where('webhook_id', '=', webhook)
    .where('next_try_at', '>', moment(now))
    .where(isPending)
    .execute();
}

/**
 * Records a failure: another try at `nextTry`, or none. Returns why the webhook was paused, when it was. A test
 * doesn't count, except when the webhook is gone.
 */
export async function noteFailed(
  { tx, now, record }: Unit,
  leased: Leased,
  outcome: Outcome,
  nextTry: Temporal.Instant | null,
): Promise<PauseReason | null> {
  const at = now.toString();
  const webhook = await lockWebhook(tx, leased.webhook.id);
  const noted = await tx
    .updateTable('webhook_delivery')
    .set({
      ...triedAs(outcome, now),
      ...(nextTry ? { next_try_at: nextTry.toString() } : { failed_at: at }),
    })
    .where('id', '=', leased.id)
    // Unless another worker has taken it since.
    .where('leased_until', '=', moment(leased.until))
    .where(isPending)
    .executeTakeFirst();
  if (noted.numUpdatedRows === 0n || !webhook || webhook.paused) return null;
  const since = webhook.failingSince ?? now;
  if (!webhook.failingSince && leased.event) {
    await tx
      .updateTable('webhook')
      .set({ failing_since: at })
      .where('id', '=', webhook.id)
      .execute();
  }
  const why = pauseAfter(outcome.status, since, now);
  if (!why) return null;
  await pause(tx, webhook.id, why, now);
  await record('webhook_paused', { data: { webhook: webhook.id, why } });
  return why;
}

/** Deletes deliveries that ended before `before`. Returns how many. */
export async function forgetDeliveries(
  db: Db,
  before: Temporal.Instant,
  most: number,
): Promise<number> {
  const done = await within(db, INSTALLATION, (tx) =>
    tx
      .deleteFrom('webhook_delivery')
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('webhook as w')
          .innerJoin('webhook_delivery as d', 'd.webhook_id', 'w.id')
          .select('d.id')
          .where('d.created_at', '<', moment(before))
          .where((of) =>
            of.or([of('d.delivered_at', 'is not', null), of('d.failed_at', 'is not', null)]),
          )
          .limit(most),
      )
      .executeTakeFirst(),
  );
  return Number(done.numDeletedRows);
}
