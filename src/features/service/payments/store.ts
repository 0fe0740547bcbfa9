import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { actorOf } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { BankResult, PaymentRow, RefundReason, Sent } from './types.ts';

type NewPayment = Pick<
  PaymentRow,
  'id' | 'case' | 'reference' | 'procedure' | 'order' | 'cents' | 'version'
>;

export async function insertPayment(
  { tx, office, viewer, now }: Unit,
  made: NewPayment,
  on: { identification: string | null; prepared: Buffer; lookAt: Temporal.Instant | null },
): Promise<void> {
  await tx
    .insertInto('payment')
    .values({
      id: made.id,
      office_id: office,
      case_id: made.case,
      reference: made.reference,
      procedure_id: made.procedure,
      order_number: made.order,
      cents: made.cents,
      version: made.version,
      identification_id: on.identification,
      prepared: on.prepared,
      begun_at: now.toString(),
      begun_by: actorOf(viewer),
      look_at: on.lookAt?.toString() ?? null,
    })
    .execute();
}

/** Notes that a locked payment is paid. Its case is handed in afterwards, or it is given back. */
export async function setPaid(
  { tx, now }: Unit,
  id: string,
  { code, authorization }: BankResult,
): Promise<void> {
  await tx
    .updateTable('payment')
    .set({
      state: 'paid',
      code,
      authorization_code: authorization,
      decided_at: now.toString(),
      look_at: null,
    })
    .where('id', '=', id)
    .execute();
}

export async function setFailed(
  { tx, now }: Unit,
  id: string,
  { code, lookAt }: { code: string; lookAt: Temporal.Instant | null },
): Promise<void> {
  await tx
    .updateTable('payment')
    .set({
      state: 'failed',
      code,
      decided_at: now.toString(),
      look_at: lookAt?.toString() ?? null,
    })
    .where('id', '=', id)
    .execute();
}

/** Notes that nothing is left to do with a paid one. `refund`: why it is to be given back; null: its case was handed in. */
export async function setSettled(
  { tx, now }: Unit,
  id: string,
  refund: RefundReason | null,
): Promise<void> {
  await tx
    .updateTable('payment')
    .set({ settled_at: now.toString(), refund, prepared: null, identification_id: null })
    .where('id', '=', id)
    .execute();
}

/** Notes that a paid one is to be given back, by somebody of the office. */
export async function setRefund(
  { tx }: Unit,
  id: string,
  { reason, note, by }: { reason: RefundReason; note: string; by: number },
): Promise<void> {
  await tx
    .updateTable('payment')
    .set({ refund: reason, refund_note: note, refund_by: by })
    .where('id', '=', id)
    .execute();
}

export async function setRefunded(
  { tx, now }: Unit,
  id: string,
  reason: RefundReason,
): Promise<void> {
  await tx
    .updateTable('payment')
    .set({ state: 'refunded', refund: reason, refunded_at: now.toString() })
    .where('id', '=', id)
    .execute();
}

export async function setLookAt(tx: Tx, id: string, at: Temporal.Instant | null): Promise<void> {
  await tx
    .updateTable('payment')
    .set({ look_at: at?.toString() ?? null })
    .where('id', '=', id)
    .execute();
}

export async function insertNotification(
  { tx, office, now }: Unit,
  payment: string,
  sent: Sent,
  verdict: string,
): Promise<void> {
  await tx
    .insertInto('payment_notification')
    .values({
      office_id: office,
      payment_id: payment,
      at: now.toString(),
      verdict,
      version: sent.version.slice(0, 40),
      parameters: sent.parameters,
      signature: sent.signature.slice(0, 200),
    })
    .execute();
}

/** Lets go what an office keeps of the people of attempts of which the bank is not asked any more: what would be handed in, and who they were. */
export async function letPeopleGo(tx: Tx, office: number): Promise<void> {
  await tx
    .updateTable('payment')
    .set({ prepared: null, identification_id: null })
    .where('office_id', '=', office)
    .where('state', 'in', ['begun', 'failed'])
    .where('look_at', 'is', null)
    .where((where) =>
      where.or([where('prepared', 'is not', null), where('identification_id', 'is not', null)]),
    )
    .execute();
}

/** Deletes payments with which nothing is left to do, and what the bank sent of them. */
export async function destroyPayments(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`select destroy_payments(${[...ids]}::uuid[])`.execute(tx);
}
