import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { type DueSql, earliest, ifAny } from '../../../lib/jobs/due.ts';
import type { EndedPayments } from './rules.ts';
import type { PaymentRow, PaymentState, RefundReason, TreasuryLine } from './types.ts';

const select = (tx: Tx) => tx.selectFrom('payment').selectAll('payment');
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

const fromRow = (row: Row): PaymentRow => ({
  id: row.id,
  office: row.office_id,
  case: row.case_id,
  reference: row.reference,
  procedure: row.procedure_id,
  order: row.order_number,
  cents: row.cents,
  version: row.version,
  state: row.state as PaymentState,
  code: row.code,
  authorization: row.authorization_code,
  begunAt: row.begun_at,
  decidedAt: row.decided_at,
  settledAt: row.settled_at,
  refund: row.refund as RefundReason | null,
  refundedAt: row.refunded_at,
  prepared: row.prepared,
});

/** Returns the payment with a number at the bank; null: there is none. Runs for the installation: a message names no office. */
export async function readByOrder(tx: Tx, order: string): Promise<PaymentRow | null> {
  const row = await select(tx).where('order_number', '=', order).executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns a payment; null: there is none that the transaction may see. */
export async function readPayment(tx: Tx, id: string): Promise<PaymentRow | null> {
  const row = await select(tx).where('id', '=', id).executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns a payment, locked until the transaction ends. */
export async function readPaymentForUpdate(tx: Tx, id: string): Promise<PaymentRow | null> {
  const row = await select(tx).where('id', '=', id).forUpdate().executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns the payments of a case, the newest first. */
export async function readPaymentsOf(tx: Tx, of: string): Promise<PaymentRow[]> {
  const rows = await select(tx).where('case_id', '=', of).orderBy('number', 'desc').execute();
  return rows.map(fromRow);
}

/** Returns how many messages about a payment are kept. */
export async function countNotifications(tx: Tx, payment: string): Promise<number> {
  const { count } = await tx
    .selectFrom('payment_notification')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('payment_id', '=', payment)
    .executeTakeFirstOrThrow();
  return Number(count);
}

const ORDER = ['order_number as order', 'office_id as office'] as const;

/** Returns attempts of which the bank is to be asked, the longest due first. Runs for the installation. */
export const readToLookAt = (tx: Tx, now: Temporal.Instant, most: number) =>
  tx
    .selectFrom('payment')
    .select(ORDER)
    .where('look_at', '<=', moment(now))
    .orderBy('look_at')
    .limit(most)
    .execute();

/** Returns paid ones with which something is left to do, the oldest first. Runs for the installation. */
export const readToSettle = (tx: Tx, most: number) =>
  tx
    .selectFrom('payment')
    .select(ORDER)
    .where('state', '=', 'paid')
    .where('settled_at', 'is', null)
    .orderBy('decided_at')
    .limit(most)
    .execute();

/** Returns messages that were read of attempts without an answer, the oldest first. Runs for the installation. */
export const readUnread = (tx: Tx, most: number) =>
  tx
    .selectFrom('payment_notification as n')
    .innerJoin('payment as p', 'p.id', 'n.payment_id')
    .select(['n.version', 'n.parameters', 'n.signature'])
    .where('p.state', '=', 'begun')
    .where('n.verdict', '=', 'read')
    .orderBy('n.id')
    .limit(most)
    .execute();

/** What the treasury sees. */
export interface TreasuryFilter {
  /** From this instant on, and before the other one. */
  from: Temporal.Instant;
  until: Temporal.Instant;
}

/** Returns what was paid, or given back, within a time, the oldest first. */
export async function readTreasury(
  tx: Tx,
  { from, until }: TreasuryFilter,
): Promise<TreasuryLine[]> {
  const rows = await select(tx)
    .where('state', 'in', ['paid', 'refunded'])
    .where((where) =>
      where.or([
        where.and([
          where('decided_at', '>=', moment(from)),
          where('decided_at', '<', moment(until)),
        ]),
        where.and([
          where('refunded_at', '>=', moment(from)),
          where('refunded_at', '<', moment(until)),
        ]),
      ]),
    )
    .orderBy('decided_at')
    .orderBy('id')
    .limit(20_000)
    .execute();
  return rows.map((row) => ({ ...fromRow(row), note: row.refund_note }));
}

/** Returns what is to be given back in an office, the oldest first. */
export async function readToRefund(tx: Tx, most: number): Promise<PaymentRow[]> {
  const rows = await select(tx)
    .where('state', '=', 'paid')
    .where('refund', 'is not', null)
    .orderBy('decided_at')
    .limit(most)
    .execute();
  return rows.map(fromRow);
}

/**
 * The condition of a payment with which nothing is left to do, whose money was taken, or given back, before an instant, of which the bank sent nothing
 * since, and whose case is closed or gone.
 */
const isOverSince = (before: Temporal.Instant) => sql<boolean>`p.state in ('paid', 'refunded')
  and p.look_at is null and (p.state = 'refunded' or (p.settled_at is not null and p.refund is null))
  and greatest(p.decided_at, p.settled_at, p.refunded_at) < ${before.toString()}::timestamptz
  and not exists (select from payment_notification n where n.payment_id = p.id and n.at >= ${before.toString()}::timestamptz)
  and not exists (select from case_file c where c.id = p.case_id and (c.closed_at is null or c.held_at is not null))`;

/** Returns payments of an office whose time is over, with which nothing is left to do, locked; at most `most`. */
export const readEnding = (tx: Tx, office: number, ended: EndedPayments, most: number) =>
  tx
    .selectFrom('payment as p')
    .select(['p.id', 'p.case_id as case', 'p.order_number as order', 'p.cents', 'p.state'])
    .where('p.office_id', '=', office)
    .where((where) =>
      where.or([
        isOverSince(ended.paid),
        where.and([
          where('p.state', 'in', ['begun', 'failed']),
          where('p.look_at', 'is', null),
          where('p.begun_at', '<', moment(ended.unpaid)),
        ]),
      ]),
    )
    .orderBy('p.number')
    .limit(most)
    .forUpdate()
    .execute();

/** Returns how many paid ones of an office would be destroyed whose money was taken, or given back, before an instant. */
export async function countEndingPayments(
  tx: Tx,
  office: number,
  before: Temporal.Instant,
): Promise<number> {
  const { count } = await tx
    .selectFrom('payment as p')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('p.office_id', '=', office)
    .where(isOverSince(before))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** At once while a payment is to be settled; else when the bank is asked next. */
export const paymentsDue: DueSql = earliest(
  sql`select min(look_at) from payment where look_at is not null`,
  ifAny(sql`select from payment where state = 'paid' and settled_at is null`),
  ifAny(
    sql`select from payment p join payment_notification n on n.payment_id = p.id where p.state = 'begun' and n.verdict = 'read'`,
  ),
);
