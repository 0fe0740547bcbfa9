import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { isOver, nextLook } from './rules.ts';
import type { PaymentsDeps } from './service.ts';
import { byOrder, type receive, SYSTEM, settle } from './settling.ts';
import { setLookAt } from './store.ts';
import type { PaymentProvider, PaymentRow } from './types.ts';
import { readPaymentForUpdate, readToLookAt, readToSettle, readUnread } from './views.ts';

/** The most payments in one pass of the job. */
const AT_ONCE = 50;

/** Nobody has paid on the page of the bank within its time. */
const EXPIRED = 'expired';

/**
 * Finishes what was left: messages that were kept and not followed, paid cases that are not handed in, and attempts of which nobody told what became
 * of them: the bank is asked. Returns how many.
 */
export async function reconcile(deps: PaymentsDeps): Promise<number> {
  const { db, clock } = deps;
  const read = await within(db, INSTALLATION, async (tx) => ({
    unread: await readUnread(tx, AT_ONCE),
    paid: await readToSettle(tx, AT_ONCE),
    due: await readToLookAt(tx, clock.now(), AT_ONCE),
  }));
  const provider = await deps.provider();
  for (const sent of read.unread) await follow(deps, provider, sent);
  for (const { order } of read.paid) await finish(deps, order);
  if (provider) for (const { order } of read.due) await lookAt(deps, provider, order);
  return read.unread.length + read.paid.length + read.due.length;
}

async function follow(
  deps: PaymentsDeps,
  provider: PaymentProvider | null,
  sent: Parameters<typeof receive>[1],
): Promise<void> {
  const message = provider?.read(sent);
  if (!message?.ok || message.what !== 'payment') return;
  const payment = await byOrder(deps, message.order);
  if (payment) await settle(deps, payment, message.result);
}

/** Hands in the case of a paid one, or marks that it is to be given back. */
async function finish(deps: PaymentsDeps, order: string): Promise<void> {
  const payment = await byOrder(deps, order);
  if (!payment) return;
  const { code, authorization } = payment;
  await settle(deps, payment, { outcome: 'done', code: code ?? '', authorization });
}

/** Asks the bank what became of an attempt. */
async function lookAt(deps: PaymentsDeps, provider: PaymentProvider, order: string): Promise<void> {
  const payment = await byOrder(deps, order);
  if (!payment) return;
  await later(deps, payment);
  const answer = await provider.look(order, 'payment');
  if (answer.ok && answer.result.outcome !== 'none') {
    if (answer.cents !== null && answer.cents !== payment.cents) {
      deps.log.error({ order }, 'The bank has another amount for a payment');
      return;
    }
    await settle(deps, payment, answer.result);
    return;
  }
  const isKnown = answer.ok || answer.reason === 'refused';
  if (isKnown && payment.state === 'begun' && isOver(payment, deps.clock.now())) {
    // It may still come: a failed attempt that is paid after all counts.
    await settle(deps, payment, { outcome: 'failed', code: EXPIRED, authorization: null });
  }
}

/** Says when the bank is asked next, before it is asked: whatever happens now, nobody waits for it. */
async function later(deps: PaymentsDeps, { id, office }: PaymentRow): Promise<void> {
  await deps.unit(SYSTEM, office, async ({ tx, now }) => {
    const payment = await readPaymentForUpdate(tx, id);
    if (payment?.state !== 'begun' && payment?.state !== 'failed') return;
    await setLookAt(tx, id, nextLook(payment, now));
  });
}
