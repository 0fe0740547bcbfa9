import type { Office } from '../../../domain/office/types.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { formatError } from '../../../lib/format-error.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { DRAFT } from '../cases/types.ts';
import { readCaseForUpdate } from '../cases/views.ts';
import { nextLook, settlement } from './rules.ts';
import type { PaymentsDeps } from './service.ts';
import { insertNotification, setFailed, setPaid, setRefunded, setSettled } from './store.ts';
import type { BankResult, PaymentRow, Reading, Sent } from './types.ts';
import { countNotifications, readByOrder, readPaymentForUpdate } from './views.ts';

export const SYSTEM = { kind: 'system', why: 'payments' } as const;

/** The most messages that are kept of one attempt. The others count all the same. */
const MOST_KEPT = 50;

/** Keeps what the bank sent, and does what follows. Returns how it was read. */
export async function receive(deps: PaymentsDeps, sent: Sent): Promise<Reading> {
  const provider = await deps.provider();
  if (!provider) return { ok: false, reason: 'foreign', order: null };
  const read = provider.read(sent);
  const found = read.order === null ? null : await byOrder(deps, read.order);
  if (!found) return read.ok ? { ok: false, reason: 'foreign', order: read.order } : read;
  const isOther = read.ok && read.cents !== found.cents;
  const verdict = isOther ? 'amount' : read.ok ? 'read' : read.reason;
  await deps.unit(SYSTEM, found.office, async (unit) => {
    if ((await countNotifications(unit.tx, found.id)) < MOST_KEPT)
      await insertNotification(unit, found.id, sent, verdict);
  });
  if (!read.ok) return read;
  if (isOther) return { ok: false, reason: 'foreign', order: read.order };
  if (read.what === 'payment') await settle(deps, found, read.result);
  else if (read.result.outcome === 'done') await noteRefund(deps, found);
  return read;
}

export const byOrder = ({ db }: PaymentsDeps, order: string): Promise<PaymentRow | null> =>
  within(db, INSTALLATION, (tx) => readByOrder(tx, order));

/**
 * Does what follows from the bank's answer, once: message, return and job may bring the same at the same time. When the case can't be handed in now,
 * the payment is noted alone, and the job goes on with it.
 */
export async function settle(
  deps: PaymentsDeps,
  { id, office: of, case: about }: Pick<PaymentRow, 'id' | 'office' | 'case'>,
  result: BankResult,
): Promise<void> {
  if (result.outcome === 'none') return;
  const office = await deps.offices.byId(of);
  const work = (isWhole: boolean) =>
    deps.unit(SYSTEM, of, (unit) => settleIn(deps, unit, { id, about, office, result, isWhole }));
  try {
    await work(true);
  } catch (error) {
    deps.log.error(formatError(error), 'A paid case was not handed in; it is tried again');
    await work(false);
  }
}

interface Settling {
  id: string;
  about: string;
  office: Office;
  result: BankResult;
  isWhole: boolean;
}

async function settleIn(deps: PaymentsDeps, unit: Unit, on: Settling): Promise<void> {
  const { id, about, result, isWhole } = on;
  // The case first, as everybody does who locks both.
  const row = await readCaseForUpdate(unit.tx, about);
  const payment = await readPaymentForUpdate(unit.tx, id);
  if (!payment) return;
  const isNew = payment.state === 'begun' || payment.state === 'failed';
  if (result.outcome === 'failed') {
    if (payment.state === 'begun') await fail(unit, payment, result.code);
    return;
  }
  if (isNew) {
    await setPaid(unit, id, result);
    await unit.record('payment_paid', { data: dataOf(payment) });
  }
  if (!isWhole || payment.settledAt || payment.state === 'refunded') return;
  const next = settlement(payment, row && { isDraft: row.state === DRAFT, version: row.version });
  if (next !== 'hand_in' || !row || !payment.prepared) {
    await setSettled(unit, id, next === 'hand_in' ? 'gone' : next);
    return;
  }
  const { order, cents, prepared } = payment;
  const authorization = isNew ? result.authorization : payment.authorization;
  const at = (payment.state === 'paid' && payment.decidedAt) || unit.now;
  const paid = { order, cents, authorization, at: at.toString() };
  const done = await deps.cases.handInPaid(unit, on.office, row, {
    sealed: prepared,
    payment: paid,
  });
  await setSettled(unit, id, done.ok ? null : done.reason);
}

async function fail(unit: Unit, payment: PaymentRow, code: string): Promise<void> {
  // A page of the bank that is still open can be paid on after a refused card, so the bank is asked all the same.
  const lookAt = nextLook(payment, unit.now);
  await setFailed(unit, payment.id, { code, lookAt });
  await unit.record('payment_failed', { data: { ...dataOf(payment), code } });
}

/** Notes that the bank gave a payment back: here, or on its own pages. */
export async function noteRefund(
  { unit }: PaymentsDeps,
  { id, office }: Pick<PaymentRow, 'id' | 'office'>,
): Promise<void> {
  await unit(SYSTEM, office, async (each) => {
    const payment = await readPaymentForUpdate(each.tx, id);
    if (payment?.state !== 'paid') return;
    await setRefunded(each, id, payment.refund ?? 'office');
    await each.record('payment_refunded', { data: dataOf(payment) });
  });
}

/** What the trail has of a payment. */
export const dataOf = ({
  case: about,
  order,
  cents,
}: Pick<PaymentRow, 'case' | 'order' | 'cents'>) => ({
  case: about,
  order,
  cents,
});
