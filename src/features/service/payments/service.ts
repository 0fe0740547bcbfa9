import { randomBytes } from 'node:crypto';
import type { Office } from '../../../domain/office/types.ts';
import { can } from '../../../domain/roles.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { ApplicantViewer, StaffViewer, Viewer } from '../../../lib/viewer.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { isTheirs } from '../cases/rules.ts';
import type { Cases } from '../cases/service.ts';
import { readCase, readCaseForUpdate } from '../cases/views.ts';
import { destroyEnded } from './ending.ts';
import { reconcile } from './jobs.ts';
import { isSame, MOST_ATTEMPTS, nextLook, orderFrom } from './rules.ts';
import { byOrder, dataOf, noteRefund, receive } from './settling.ts';
import { insertPayment, setRefund } from './store.ts';
import type {
  BeginResult,
  DemoBank,
  Departure,
  Payment,
  PaymentProvider,
  PaymentRow,
  Reading,
  RefundResult,
  Sent,
  TreasuryLine,
} from './types.ts';
import {
  readPayment,
  readPaymentForUpdate,
  readPaymentsOf,
  readToRefund,
  readTreasury,
  type TreasuryFilter,
} from './views.ts';

export interface PaymentsDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
  log: { error(what: object, message: string): void };
  offices: Pick<Offices, 'byId'>;
  cases: Pick<Cases, 'whoHandsIn' | 'prepare' | 'handInPaid' | 'secretOf'>;
  /** Where fees are paid; null: nowhere. */
  provider(): Promise<PaymentProvider | null>;
  /** The key of links. */
  key: PurposeKey;
  /** The public address, without a trailing slash. */
  baseUrl: string;
}

/** Fees of cases, paid on the page of a bank (docs/adr/0094). */
export interface Payments {
  /** Returns whether fees can be paid on-line. */
  isOpen(): Promise<boolean>;
  /** Returns the bank of a demonstration; null: there is a real one, or none. */
  demo(): Promise<DemoBank | null>;
  /**
   * Begins to pay the fee of a case: what is handed in once it is paid is sealed with it. `seen`: see `Cases.handIn`. `isNew`: whether another
   * attempt is wanted though one was begun just now.
   */
  begin(
    viewer: ApplicantViewer,
    office: Office,
    id: string,
    on?: { seen?: number | undefined; isNew?: boolean },
  ): Promise<BeginResult>;
  /** Returns the form that takes the person to the bank; null: nothing can be paid now. */
  departure(
    payment: Payment,
    office: Office,
    language: Language,
  ): Promise<(Departure & { isDemo: boolean }) | null>;
  /** Takes what the bank sent, by itself or with the browser. */
  receive(sent: Sent): Promise<Reading>;
  /** Returns the payments of a case, the newest first; null: it isn't the viewer's. */
  ofCase(viewer: Viewer, office: Office, id: string): Promise<Payment[] | null>;
  /** Returns the secret of the case to which the address of a return leads; null: it leads nowhere, or no longer. */
  returning(order: string, proof: string): Promise<string | null>;
  /** Gives a payment back, whole, to the card that paid it. */
  refund(viewer: StaffViewer, office: Office, id: string, note: string): Promise<RefundResult>;
  /** Returns what was paid and given back within a time, and what is to be given back; null: the viewer may not see it. A look is recorded. */
  treasury(
    viewer: StaffViewer,
    office: Office,
    filter: TreasuryFilter,
  ): Promise<{ lines: TreasuryLine[]; toRefund: Payment[] } | null>;
  /** Returns a payment of the office; null: there is none, or the viewer may not see it. */
  find(viewer: StaffViewer, office: Office, id: string): Promise<Payment | null>;
  /** Finishes what was left undone, and asks the bank. Returns how many payments were looked at. */
  reconcile(): Promise<number>;
  /** Destroys the payments of an office that no law keeps any more. Returns how many. */
  destroy(office: Office): Promise<number>;
}

export function createPayments(deps: PaymentsDeps): Payments {
  const { unit } = deps;
  return {
    isOpen: async () => (await deps.provider()) !== null,
    demo: async () => (await deps.provider())?.demo ?? null,

    begin: async (viewer, office, id, on = {}) => {
      if (!(await deps.provider())) return { ok: false, reason: 'closed' };
      const who = await deps.cases.whoHandsIn(viewer, office, id);
      return unit(viewer, office.id, (each) => begin(deps, each, { office, id, who, ...on }));
    },

    departure: (payment, office, language) => departure(deps, payment, { office, language }),
    receive: (sent) => receive(deps, sent),
    refund: (viewer, office, id, note) => refund(deps, viewer, { office, id, note }),
    reconcile: () => reconcile(deps),
    destroy: (office) => destroyEnded(deps, office),
    ...createReads(deps),
  };
}

/** What is read of payments. */
function createReads(
  deps: PaymentsDeps,
): Pick<Payments, 'ofCase' | 'returning' | 'treasury' | 'find'> {
  const { db, unit, clock } = deps;
  return {
    ofCase: (viewer, office, id) =>
      within(db, office.id, async (tx) => {
        const row = isUuid(id) ? await readCase(tx, id) : null;
        if (!row || !isTheirs(viewer, row)) return null;
        return (await readPaymentsOf(tx, id)).map(plain);
      }),

    async returning(order, proof) {
      const payment = await byOrder(deps, order);
      if (!payment || proof !== proofOf(deps.key, payment)) return null;
      // Later than this, whoever reads the papers of the bank opens nothing with it.
      if (payment.begunAt.until(clock.now()).total('hours') > RETURN_HOURS) return null;
      const row = await within(db, payment.office, (tx) => readCase(tx, payment.case));
      return row && deps.cases.secretOf(row);
    },

    async treasury(viewer, office, filter) {
      if (!can(viewer, 'manage_payments')) return null;
      return unit(viewer, office.id, async ({ tx, record }) => {
        const lines = await readTreasury(tx, filter);
        const toRefund = (await readToRefund(tx, MOST_TO_REFUND)).map(plain);
        await record('payments_read', { data: { payments: lines.length } });
        return { lines, toRefund };
      });
    },

    find: (viewer, office, id) =>
      within(db, office.id, async (tx) => {
        if (!can(viewer, 'manage_payments') || !isUuid(id)) return null;
        const payment = await readPayment(tx, id);
        return payment && plain(payment);
      }),
  };
}

async function departure(
  deps: PaymentsDeps,
  payment: Payment,
  { office, language }: { office: Office; language: Language },
): Promise<(Departure & { isDemo: boolean }) | null> {
  const provider = await deps.provider();
  if (!provider) return null;
  const { order, cents, reference, procedure } = payment;
  const name = textIn(office.procedure(procedure)?.name, language);
  const back = `${deps.baseUrl}/${language}/payment/${order}.${proofOf(deps.key, payment)}`;
  const form = provider.departure({
    order,
    cents,
    language,
    about: `${name} (${reference})`,
    notifyUrl: `${deps.baseUrl}/payment/notification`,
    paidUrl: `${back}/paid`,
    failedUrl: `${back}/failed`,
  });
  return { ...form, isDemo: provider.demo !== null };
}

/** Hours for which the bank's page leads back to the case. */
const RETURN_HOURS = 2;
const MOST_TO_REFUND = 200;

/** Returns what shows that an address of return is ours. */
const proofOf = (key: PurposeKey, { id }: Pick<Payment, 'id'>): string =>
  key.of(id).derive(`payment ${id}`);

const plain = ({ prepared: _, ...payment }: PaymentRow): Payment => payment;

type Who = Awaited<ReturnType<PaymentsDeps['cases']['whoHandsIn']>>;

async function begin(
  { cases, key }: PaymentsDeps,
  unit: Unit<ApplicantViewer>,
  on: { office: Office; id: string; who: Who; seen?: number | undefined; isNew?: boolean },
): Promise<BeginResult> {
  const { tx, now } = unit;
  const { office, id, who, seen, isNew = false } = on;
  // Two presses of the button wait for each other here.
  const row = isUuid(id) ? await readCaseForUpdate(tx, id) : null;
  const before = row ? await readPaymentsOf(tx, id) : [];
  if (before.some(({ state, refund: back }) => state === 'paid' && back === null))
    return { ok: false, reason: 'paid' };
  const order = orderFrom(randomBytes(8), now.toZonedDateTimeISO(office.timeZone).toPlainDate());
  const ready = await cases.prepare(unit, office, id, { by: order, who, seen });
  if (!ready.ok) {
    const { reason } = ready;
    return { ok: false, reason: reason === 'needs_payment' ? 'needs_more' : reason };
  }
  const { cents, version, reference, procedure, sealed, identification } = ready;
  if (cents === 0) return { ok: false, reason: 'free' };
  const same = isNew ? undefined : before.find((each) => isSame(each, now, version));
  if (same) return { ok: true, payment: plain(same) };
  if (before.length >= MOST_ATTEMPTS) return { ok: false, reason: 'too_many' };
  const made = { id: key.newId(), case: id, reference, procedure, order, cents, version };
  const lookAt = nextLook({ begunAt: now }, now);
  await insertPayment(unit, made, { identification, prepared: sealed, lookAt });
  await unit.record('payment_begun', { data: dataOf(made) });
  const payments = await readPaymentsOf(tx, id);
  const payment = payments.find((each) => each.id === made.id);
  if (!payment) throw new Error('The payment that was just begun is not there');
  return { ok: true, payment: plain(payment) };
}

/** Notes who gives back and why, and tells the bank. Dead in between: the payment is marked, and giving it back again gives back once. */
async function refund(
  deps: PaymentsDeps,
  viewer: StaffViewer,
  { office, id, note }: { office: Office; id: string; note: string },
): Promise<RefundResult> {
  if (!can(viewer, 'manage_payments')) return { ok: false, reason: 'not_allowed' };
  const provider = await deps.provider();
  const marked = await deps.unit(viewer, office.id, async (unit) => {
    const payment = isUuid(id) ? await readPaymentForUpdate(unit.tx, id) : null;
    if (payment?.office !== office.id) return null;
    if (payment.state !== 'paid' || !payment.settledAt) return payment;
    const reason = payment.refund ?? 'office';
    await setRefund(unit, id, { reason, note, by: viewer.staff });
    await unit.record('payment_refund_ordered', { data: { ...dataOf(payment), reason } });
    return payment;
  });
  if (!marked) return { ok: false, reason: 'not_found' };
  if (marked.state !== 'paid' || !marked.settledAt) return { ok: false, reason: 'not_paid' };
  if (!provider) return { ok: false, reason: 'away' };
  const before = marked.refund === null ? null : await provider.look(marked.order, 'refund');
  const isDone = before?.ok && before.result.outcome === 'done';
  const answer = isDone ? before : await provider.refund(marked.order, marked.cents);
  if (!answer.ok) return { ok: false, reason: answer.reason };
  if (answer.result.outcome !== 'done') return { ok: false, reason: 'refused' };
  await noteRefund(deps, marked);
  return { ok: true };
}
