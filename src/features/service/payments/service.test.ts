import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRedsys } from '../../../connectors/payment/redsys/redsys.ts';
import {
  type StandIn,
  standInForRedsys,
  TEST_SECRET,
} from '../../../connectors/payment/redsys/testing.ts';
import { formSchema } from '../../../domain/form/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { purposeKey } from '../../../lib/secrets.ts';
import type { ApplicantViewer, StaffViewer } from '../../../lib/viewer.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { createForms } from '../../foundation/forms/service.ts';
import { deletePerson } from '../../foundation/identification/store.ts';
import { identifiedPerson } from '../../foundation/identification/testing.ts';
import { createOffices } from '../../foundation/offices/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { createRegistry, type Registry } from '../../foundation/registry/service.ts';
import { type Cases, createCases } from '../cases/service.ts';
import { identificationFor, testOfficials } from '../cases/testing.ts';
import { testCasePapers } from '../documents/testing.ts';
import { createPayments, type Payments, type PaymentsDeps } from './service.ts';
import { setLookAt } from './store.ts';
import type { Payment } from './types.ts';

const MORNING = '2026-11-30T09:00:00+01:00';
const clock = handClock(MORNING);
const OPERATOR = { kind: 'system', why: 'operator' } as const;
let database: TestDatabase;
let bank: StandIn;
let office: Office;
let elsewhere: Office;
let cases: Cases;
let registry: Registry;
let deps: PaymentsDeps;
let payments: Payments;
let nuria: number;
let isOpen = true;

const FORM = {
  procedure: 'volant-padro',
  identity: 'none',
  steps: [
    {
      id: 'local',
      questions: [
        { id: 'taules', type: 'integer', label: { ca: 'Taules' }, min: 0, max: 40, required: true },
      ],
    },
  ],
  fee: { '*': [{ var: 'local.taules' }, 12.5] },
};

beforeAll(async () => {
  database = await testDatabase();
  bank = await standInForRedsys();
  const db = database.kysely;
  const offices = createOffices(db);
  office = await offices.byId(await testOffice(db));
  elsewhere = await offices.byId(await testOffice(db, { code: 'hisenda' }));
  const unit = testUnit(db, clock);
  const key = purposeKey(() => [{ version: 1, key: Buffer.alloc(32, 1), isActive: true }]);
  const { keyring, papers } = testCasePapers(database, clock);
  const forms = createForms({ db, unit });
  registry = createRegistry({ db, clock, unit });
  cases = createCases({
    ...{ db, clock, unit, offices, forms, registry, keyring, papers, key },
    identification: identificationFor(db, clock, key),
    officials: testOfficials,
  });
  const log = { warn: () => {}, error: () => {} };
  const provider = createRedsys(bank.settings, { secret: TEST_SECRET, log });
  const baseUrl = 'http://localhost:3000';
  deps = {
    db,
    clock,
    unit,
    log,
    offices,
    cases,
    key,
    baseUrl,
    provider: async () => (isOpen ? provider : null),
  };
  payments = createPayments(deps);
  await forms.publish(OPERATOR, office, formSchema.parse(FORM));
  const made = await within(db, INSTALLATION, (tx) =>
    tx
      .insertInto('staff')
      .values({ email: 'nuria@vila.example', name: 'Núria', user_id: 'u1' })
      .returning('id')
      .executeTakeFirstOrThrow(),
  );
  nuria = made.id;
});
afterAll(async () => {
  await bank.close();
  await database.close();
});
beforeEach(() => {
  clock.set(MORNING);
  bank.isAway = false;
  bank.isMute = false;
  isOpen = true;
});

const holder = (id: string): ApplicantViewer => ({ kind: 'applicant', case: id, identified: null });
const staff = (role: StaffViewer['role'], of = office): StaffViewer => ({
  ...({ kind: 'staff', staff: nuria, name: 'Núria', role, desk: null } as const),
  office: of.id,
});

/** A case whose answers are right. */
async function filled(tables = 2): Promise<string> {
  const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
  const id = (await cases.begin(holder(''), office, what))!;
  await cases.answer(holder(id), office, id, { 'local.taules': tables });
  return id;
}

async function begun(id: string, isNew = false): Promise<Payment> {
  const done = await payments.begin(holder(id), office, id, { isNew });
  if (!done.ok) throw new Error(done.reason);
  return done.payment;
}

/** Opens the page of the bank. */
async function opened(payment: Payment): Promise<void> {
  const form = await payments.departure(payment, office, 'ca');
  expect(bank.open(form!.fields)).toBeNull();
}

/** A case whose person is on the page of the bank. */
async function atBank(tables = 2): Promise<{ id: string; payment: Payment }> {
  const id = await filled(tables);
  const payment = await begun(id);
  await opened(payment);
  return { id, payment };
}

const pay = (payment: Payment, code = '0000') => {
  bank.decide(payment.order, code);
  return payments.receive(bank.notification(payment.order));
};

const caseOf = async (id: string) => (await cases.open(holder(id), office, id))!;
const first = async (id: string) => (await payments.ofCase(holder(id), office, id))![0]!;
const entriesOf = (id: string) =>
  within(database.kysely, office.id, (tx) =>
    tx
      .selectFrom('registry_entry')
      .selectAll()
      .where('about', '=', `case ${id} application`)
      .execute(),
  );
const trailOf = (order: string) =>
  within(database.kysely, office.id, async (tx) => {
    const rows = await tx
      .selectFrom('audit')
      .select('action')
      .where(sql`data->>'order'`, '=', order)
      .orderBy('id')
      .execute();
    return rows.map(({ action }) => action);
  });

describe('a fee', () => {
  test('is paid, and the case is handed in with it, once', async () => {
    const { id, payment } = await atBank();
    expect(payment).toMatchObject({ cents: 2500, state: 'begun' });
    expect(payment.order).toMatch(/^2611[0-9A-Z]{8}$/);
    expect(await cases.handIn(holder(id), office, id)).toMatchObject({ reason: 'needs_payment' });
    expect(await pay(payment)).toMatchObject({ ok: true });
    const { case: of, record, entry } = await caseOf(id);
    expect(of.state).toBe('registered');
    expect(record?.payment).toEqual({
      ...{ order: payment.order, cents: 2500, authorization: '082150' },
      at: clock.now().toString(),
    });
    expect(record?.answers).toEqual({ local: { taules: 2 } });
    expect(entry?.number).toMatch(/^E2026/);
    expect(await first(id)).toMatchObject({ state: 'paid', refund: null, code: '0000' });
    expect(await trailOf(payment.order)).toEqual(['payment_begun', 'payment_paid']);
    expect(await registry.verify(office)).toMatchObject({ ok: true });
  });

  test('of zero is not paid, and the case is handed in as any other', async () => {
    const id = await filled(0);
    expect(await payments.begin(holder(id), office, id)).toEqual({ ok: false, reason: 'free' });
    expect(await cases.handIn(holder(id), office, id)).toMatchObject({ ok: true });
  });

  test('can’t be paid where the town takes no payments, nor for a case of somebody else', async () => {
    const id = await filled();
    const other = await filled();
    const begin = (viewer: ApplicantViewer, of = office) => payments.begin(viewer, of, id);
    expect(await begin(holder(other))).toMatchObject({ reason: 'not_found' });
    expect(await begin(holder(id), elsewhere)).toMatchObject({ reason: 'not_found' });
    isOpen = false;
    expect(await begin(holder(id))).toEqual({ ok: false, reason: 'closed' });
    expect(await payments.isOpen()).toBe(false);
  });

  test('is not asked for answers that are not right, or that were changed since they were checked', async () => {
    const id = await filled();
    const begin = (seen?: number) => payments.begin(holder(id), office, id, { seen });
    expect(await begin(0)).toMatchObject({ reason: 'changed' });
    await cases.answer(holder(id), office, id, { 'local.taules': undefined });
    expect(await begin()).toMatchObject({ reason: 'invalid' });
  });
});

describe('an attempt', () => {
  test('that failed is not the end: another one has another number', async () => {
    const { id, payment } = await atBank();
    await pay(payment, '0190');
    expect(await first(id)).toMatchObject({ state: 'failed', code: '0190' });
    expect((await caseOf(id)).case.state).toBe('draft');
    const again = await begun(id);
    expect(again.order).not.toBe(payment.order);
    await opened(again);
    await pay(again);
    expect((await caseOf(id)).case.state).toBe('registered');
  });

  test('that failed and is paid after all counts', async () => {
    const { id, payment } = await atBank();
    await pay(payment, '0190');
    bank.operations.get(payment.order)!.code = null;
    await pay(payment);
    expect((await caseOf(id)).case.state).toBe('registered');
    // And what says later that it failed changes nothing.
    bank.operations.get(payment.order)!.code = '0190';
    await payments.receive(bank.notification(payment.order));
    expect(await first(id)).toMatchObject({ state: 'paid' });
  });

  test('is the same for two presses of the button, and another one on request', async () => {
    const id = await filled();
    const both = await Promise.all([begun(id), begun(id)]);
    expect(both[0]?.order).toBe(both[1]?.order);
    expect((await begun(id, true)).order).not.toBe(both[0]?.order);
    clock.advance({ minutes: 21 });
    expect(await payments.ofCase(holder(id), office, id)).toHaveLength(2);
    await begun(id);
    expect(await payments.ofCase(holder(id), office, id)).toHaveLength(3);
  });

  test('has an end: who tries again and again is told to speak with us', async () => {
    const id = await filled();
    for (let tried = 0; tried < 30; tried++) await begun(id, true);
    const more = await payments.begin(holder(id), office, id, { isNew: true });
    expect(more).toEqual({ ok: false, reason: 'too_many' });
  });

  test('does not hold when answers were changed after it: what was paid is to be given back', async () => {
    const { id, payment } = await atBank();
    await cases.answer(holder(id), office, id, { 'local.taules': 4 });
    await pay(payment);
    expect(await first(id)).toMatchObject({ state: 'paid', refund: 'changed' });
    expect((await caseOf(id)).case.state).toBe('draft');
    const next = await begun(id);
    expect(next.cents).toBe(5000);
    await opened(next);
    await pay(next);
    expect((await caseOf(id)).record?.answers).toEqual({ local: { taules: 4 } });
  });

  test('that is paid twice, in two tabs, hands in once, and the other is to be given back', async () => {
    const { id, payment } = await atBank();
    const other = await begun(id, true);
    await opened(other);
    await Promise.all([pay(payment), pay(other)]);
    expect(await entriesOf(id)).toHaveLength(1);
    const all = (await payments.ofCase(holder(id), office, id))!;
    expect(all.map(({ state, refund }) => `${state} ${refund}`).toSorted()).toEqual([
      'paid double',
      'paid null',
    ]);
  });

  test('of a case that was deleted meanwhile is to be given back', async () => {
    const { id, payment } = await atBank();
    expect(await cases.discard(holder(id), office, id)).toBe(true);
    await pay(payment);
    const { toRefund } = (await payments.treasury(staff('administrator'), office, ALL))!;
    expect(toRefund.find(({ order }) => order === payment.order)).toMatchObject({ refund: 'gone' });
  });
});

const ALL = {
  from: Temporal.Instant.from('2026-11-01T00:00:00Z'),
  until: Temporal.Instant.from('2027-01-01T00:00:00Z'),
};

describe('a message', () => {
  test.each([
    ['that somebody else signed', { secret: 'A'.repeat(32) }],
    ['about another merchant', { merchant: '123456789' }],
    ['about another currency', { currency: '840' }],
    ['about another amount', { cents: 1 }],
  ])('%s has no effect, and is kept', async (_, wrong) => {
    const { id, payment } = await atBank();
    bank.decide(payment.order, '0000');
    expect(await payments.receive(bank.notification(payment.order, wrong))).toMatchObject({
      ok: false,
    });
    expect(await first(id)).toMatchObject({ state: 'begun' });
    const kept = await within(database.kysely, office.id, (tx) =>
      tx
        .selectFrom('payment_notification')
        .selectAll()
        .where('payment_id', '=', payment.id)
        .execute(),
    );
    expect(kept.map(({ verdict }) => verdict)).not.toContain('read');
    expect(kept).toHaveLength(1);
    await payments.reconcile();
    expect(await entriesOf(id)).toHaveLength(0);
  });

  test('about an order that we did not make is answered without a trace', async () => {
    const { payment } = await atBank();
    bank.decide(payment.order, '0000');
    const of = bank.operations.get(payment.order)!;
    bank.operations.set('2611ZZZZZZZZ', { ...of, order: '2611ZZZZZZZZ' });
    expect(await payments.receive(bank.notification('2611ZZZZZZZZ'))).toMatchObject({
      reason: 'foreign',
    });
  });

  test('that never comes is asked for', async () => {
    const { id, payment } = await atBank();
    bank.decide(payment.order, '0000');
    await payments.reconcile();
    expect(await first(id)).toMatchObject({ state: 'begun' });
    bank.isAway = true;
    clock.advance({ minutes: 2 });
    await payments.reconcile();
    expect(await first(id)).toMatchObject({ state: 'begun' });
    bank.isAway = false;
    clock.advance({ minutes: 5 });
    await payments.reconcile();
    expect((await caseOf(id)).case.state).toBe('registered');
  });

  test('of a window that was closed never comes: the attempt ends, and counts if it is paid after all', async () => {
    const { id, payment } = await atBank();
    for (let pass = 0; pass < 10; pass++) {
      clock.advance({ minutes: 10 });
      await payments.reconcile();
    }
    expect(await first(id)).toMatchObject({ state: 'failed', code: 'expired' });
    bank.decide(payment.order, '0000');
    clock.advance({ hours: 2 });
    await payments.reconcile();
    expect((await caseOf(id)).case.state).toBe('registered');
  });

  test('is not waited for any longer by who may not ask, and by nobody while the bank is away', async () => {
    const { id } = await atBank();
    bank.isAway = true;
    clock.advance({ minutes: 90 });
    await payments.reconcile();
    expect(await first(id)).toMatchObject({ state: 'begun' });
    bank.isAway = false;
    bank.isMute = true;
    clock.advance({ minutes: 90 });
    await payments.reconcile();
    expect(await first(id)).toMatchObject({ state: 'failed' });
  });
});

describe('the way back from the bank', () => {
  test('leads to the case for two hours, by an address that only we can make', async () => {
    const { id, payment } = await atBank();
    const { paidUrl } = bank.operations.get(payment.order)!;
    const [, order = '', proof = ''] = /\/payment\/(\w+)\.([\w-]+)\/paid$/.exec(paidUrl) ?? [];
    const secret = cases.secretOf({ id, link: 0 });
    expect(paidUrl).not.toContain(secret);
    expect(await payments.returning(order, proof)).toBe(secret);
    expect(await payments.returning(order, `${proof.slice(1)}x`)).toBeNull();
    expect(await payments.returning('2611ZZZZZZZ1', proof)).toBeNull();
    clock.advance({ hours: 3 });
    expect(await payments.returning(order, proof)).toBeNull();
  });
});

describe('giving back', () => {
  const paid = async () => {
    const { id, payment } = await atBank();
    await pay(payment);
    return { id, payment };
  };

  test('is for administrators of the office, once, with their reason', async () => {
    const { id, payment } = await paid();
    const give = (viewer: StaffViewer, of = office) =>
      payments.refund(viewer, of, payment.id, 'Va pagar de més');
    for (const role of ['agent', 'coordinator'] as const)
      expect(await give(staff(role))).toMatchObject({ reason: 'not_allowed' });
    expect(await give(staff('administrator', elsewhere), elsewhere)).toMatchObject({
      reason: 'not_found',
    });
    const before = bank.refunds;
    expect(await give(staff('administrator'))).toEqual({ ok: true });
    expect(await give(staff('administrator'))).toMatchObject({ reason: 'not_paid' });
    expect(bank.refunds - before).toBe(1);
    expect(await first(id)).toMatchObject({ state: 'refunded', refund: 'office' });
    expect(await trailOf(payment.order)).toContain('payment_refund_ordered');
    const { lines } = (await payments.treasury(staff('administrator'), office, ALL))!;
    expect(lines.find(({ order }) => order === payment.order)?.note).toBe('Va pagar de més');
    for (const role of ['agent', 'coordinator'] as const)
      expect(await payments.treasury(staff(role), office, ALL)).toBeNull();
  });

  test('that the bank did, and that nobody noted, is noted the next time and not done again', async () => {
    const { id, payment } = await paid();
    const give = () => payments.refund(staff('administrator'), office, payment.id, 'Error');
    bank.isAway = true;
    expect(await give()).toMatchObject({ reason: 'away' });
    expect(await first(id)).toMatchObject({ state: 'paid', refund: 'office' });
    bank.isAway = false;
    bank.operations.get(payment.order)!.isRefunded = true;
    const before = bank.refunds;
    expect(await give()).toEqual({ ok: true });
    expect(bank.refunds).toBe(before);
    expect(await first(id)).toMatchObject({ state: 'refunded' });
  });
});

describe('who sees payments', () => {
  test('the applicant, and staff who see the case', async () => {
    const { id, payment } = await atBank();
    const other = await filled();
    expect(await payments.ofCase(holder(other), office, id)).toBeNull();
    // What was begun on-line and not handed in is nobody's of the office.
    expect(await payments.ofCase(staff('agent'), office, id)).toBeNull();
    await pay(payment);
    expect(await payments.ofCase(staff('agent'), office, id)).toHaveLength(1);
    expect(await payments.ofCase(staff('agent', elsewhere), elsewhere, id)).toBeNull();
    const all = await within(database.kysely, elsewhere.id, (tx) =>
      tx.selectFrom('payment').selectAll().execute(),
    );
    expect(all).toEqual([]);
  });
});

/** A chance that is the same each time. */
function chanceFrom(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 4_294_967_296;
  };
}

/** Units of work of a process that is killed before or after one of them is committed. */
function dying(unit: RunUnit, at: number, isAfter: boolean): RunUnit {
  let count = 0;
  const run: RunUnit = Object.assign(
    async (...[viewer, of, work]: Parameters<RunUnit>) => {
      if (count > at) throw new Error('dead');
      if (count++ < at) return unit(viewer, of, work);
      if (isAfter) await unit(viewer, of, work);
      throw new Error('dead');
    },
    { statement: unit.statement, installation: unit.installation },
  ) as RunUnit;
  return run;
}

/** How often; more by the variable. */
const ROUNDS = Number(process.env['ROUNDS'] ?? 60);

test('in any order, with processes that die anywhere: paid is handed in, once', async () => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    clock.set(MORNING);
    const chance = chanceFrom(seed);
    const { id, payment } = await atBank();
    bank.decide(payment.order, '0000');
    const sent = bank.notification(payment.order);
    clock.advance({ minutes: 3 });
    const process = () =>
      chance() < 0.4
        ? payments
        : createPayments({
            ...deps,
            unit: dying(deps.unit, Math.floor(chance() * 3), chance() < 0.5),
          });
    const deeds = [
      () => process().receive(sent),
      () => process().receive(sent),
      () => process().reconcile(),
      () => process().reconcile(),
    ].filter(() => chance() < 0.75);
    const isAtOnce = chance() < 0.6;
    deeds.sort(() => chance() - 0.5);
    if (isAtOnce) await Promise.allSettled(deeds.map((deed) => deed()));
    else for (const deed of deeds) await deed().catch(() => {});
    // The next passes of the job of a process that lives.
    for (let pass = 0; pass < 2; pass++) {
      clock.advance({ minutes: 10 });
      await payments.reconcile();
    }
    const all = (await payments.ofCase(holder(id), office, id))!;
    const { case: of, record } = await caseOf(id);
    expect([seed, of.state, all.length, all[0]?.state, all[0]?.refund]).toEqual([
      ...[seed, 'registered', 1, 'paid', null],
    ]);
    expect(all[0]?.settledAt).not.toBeNull();
    expect(record?.payment?.order).toBe(payment.order);
    expect(await entriesOf(id)).toHaveLength(1);
    const paid = (await trailOf(payment.order)).filter((action) => action === 'payment_paid');
    expect([seed, paid.length]).toEqual([seed, 1]);
  }
}, 120_000);

test('two that are paid at once, in any order: one hands in, the other is to be given back', async () => {
  for (let seed = 1; seed <= ROUNDS / 6; seed++) {
    clock.set(MORNING);
    const { id, payment } = await atBank();
    const other = await begun(id, true);
    await opened(other);
    for (const { order } of [payment, other]) bank.decide(order, '0000');
    clock.advance({ minutes: 3 });
    await Promise.all([
      payments.receive(bank.notification(other.order)),
      payments.reconcile(),
      payments.receive(bank.notification(payment.order)),
      payments.reconcile(),
    ]);
    expect(await entriesOf(id)).toHaveLength(1);
    const refunds = (await payments.ofCase(holder(id), office, id))!.map(({ refund }) => refund);
    expect(refunds.toSorted()).toEqual(['double', null]);
  }
}, 60_000);

test.each([
  ['while the bank is asked, is registered when they pay', '12345678Z', 1, null],
  ['when the bank is asked no more, is given back what they pay then', '99999999R', 31, 'gone'],
])('who erases their folder %s', async (_, identifier, days, refund) => {
  const { db, key } = deps;
  const person = await identifiedPerson(db, key, identifier, clock.now());
  const id = await filled();
  const viewer: ApplicantViewer = { ...holder(id), identified: { ...person, level: 'low' } };
  const done = await payments.begin(viewer, office, id);
  if (!done.ok) throw new Error(done.reason);
  await opened(done.payment);
  clock.set(
    clock
      .now()
      .add({ hours: 24 * days })
      .toString(),
  );
  if (refund) await within(db, INSTALLATION, (tx) => setLookAt(tx, done.payment.id, null));
  await within(db, INSTALLATION, (tx) => deletePerson(tx, person.person, () => Buffer.alloc(40)));
  await pay(done.payment);
  const [paid] = (await payments.ofCase(viewer, office, id))!;
  expect(paid).toMatchObject({ state: 'paid', refund, settledAt: expect.anything() });
});

test('while nothing can be registered, a payment is noted, and its case is handed in later', async () => {
  const { id, payment } = await atBank();
  const broken = createPayments({
    ...deps,
    cases: {
      ...cases,
      handInPaid: async () => {
        throw new Error('The clock is wrong');
      },
    },
  });
  bank.decide(payment.order, '0000');
  await broken.receive(bank.notification(payment.order));
  expect(await first(id)).toMatchObject({ state: 'paid', settledAt: null });
  expect((await caseOf(id)).case.state).toBe('draft');
  const again = await payments.begin(holder(id), office, id);
  expect(again).toEqual({ ok: false, reason: 'paid' });
  // What was paid is handed in as it was then: nobody changes or deletes it, and no job does.
  const change = { 'local.taules': 9 };
  expect(await cases.answer(holder(id), office, id, change)).toMatchObject({ reason: 'handed_in' });
  expect(await cases.discard(holder(id), office, id)).toBe(false);
  clock.advance({ hours: 24 * 60 });
  await cases.discardDrafts();
  await payments.reconcile();
  expect((await caseOf(id)).case.state).toBe('registered');
  expect((await caseOf(id)).record?.payment?.authorization).toBe('082150');
});
