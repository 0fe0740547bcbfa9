import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { createOffices } from '../../foundation/offices/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { destroyEnded } from './ending.ts';

const PAID = '2020-03-02T10:00:00+01:00';
/** Six years, in days, after which it is over. */
const DAYS = 2192;
const after = (days: number) =>
  Temporal.Instant.from(PAID)
    .add({ hours: 24 * days })
    .toString();

const clock = handClock(PAID);
let database: TestDatabase;
let unit: RunUnit;
let office: Office;
let elsewhere: Office;
let procedure: number;
let form: number;

const run = <T>(of: Office, query: ReturnType<typeof sql<T>>) =>
  within(database.kysely, of.id, async (tx) => (await query.execute(tx)).rows);

beforeAll(async () => {
  database = await testDatabase();
  const db = database.kysely;
  const offices = createOffices(db);
  unit = testUnit(db, clock);
  office = await offices.byId(await testOffice(db));
  elsewhere = await offices.byId(await testOffice(db, { code: 'hisenda' }));
  const [first] = await run(office, sql<{ id: number }>`select min(id) as id from procedure`);
  procedure = first!.id;
  const [version] = await run(
    office,
    sql<{
      id: number;
    }>`insert into form_version (office_id, procedure_id, number, sha256, content, published_at)
      values (${office.id}, ${procedure}, 1, '\\x17', '{}', ${PAID}) returning id`,
  );
  form = version!.id;
});
afterAll(() => database.close());
beforeEach(async () => {
  clock.set(PAID);
  await database.asOwner('alter table payment disable trigger user');
  await database.asOwner('alter table payment_notification disable trigger user');
  await run(office, sql`select destroy_payments(array(select id from payment))`);
  await database.asOwner('alter table payment enable trigger user');
  await database.asOwner('alter table payment_notification enable trigger user');
});

type Standing = 'settled' | 'unsettled' | 'owed' | 'refunded' | 'failed' | 'asked' | 'begun';

/** A payment as it stands, with what the bank sent. Returns its id. */
async function payment(as: Standing, of: string = randomUUID()): Promise<string> {
  const id = randomUUID();
  const order = id.slice(0, 12);
  const state = { settled: 'paid', unsettled: 'paid', owed: 'paid', asked: 'failed' }[
    as as 'settled'
  ];
  const isSettled = ['settled', 'owed', 'refunded'].includes(as);
  await run(
    office,
    sql`insert into payment (id, office_id, case_id, reference, procedure_id, order_number, cents, version, begun_at, begun_by,
        prepared, state, decided_at, settled_at, refund, refunded_at, look_at)
      values (${id}, ${office.id}, ${of}, 'K7M-2QX', ${procedure}, ${order}, 2500, 1, ${PAID}, 'citizen',
        ${isSettled ? null : Buffer.from('sealed')}, ${state ?? as}, ${as === 'begun' ? null : PAID}, ${isSettled ? PAID : null},
        ${as === 'owed' || as === 'refunded' ? 'double' : null}, ${as === 'refunded' ? PAID : null}, ${as === 'asked' ? PAID : null})`,
  );
  await run(
    office,
    sql`insert into payment_notification (office_id, payment_id, at, verdict, version, parameters, signature)
      values (${office.id}, ${id}, ${PAID}, 'read', 'HMAC_SHA512_V2', 'e30', 'x')`,
  );
  return id;
}

/** A case, open or closed, whose payment this is. */
async function caseOf({ closed = true, held = false } = {}): Promise<string> {
  const id = randomUUID();
  await run(
    office,
    sql`insert into case_file (id, office_id, reference, procedure_id, form_id, door, language, state, state_at, opened_at, opened_by,
        changed_at, handed_in_at, record, record_hash, applicant, closed_at, held_at, held_by, held_reason)
      values (${id}, ${office.id}, ${id.slice(0, 7)}, ${procedure}, ${form}, 'online', 'ca', 'registered', ${PAID}, ${PAID}, 'citizen',
        ${PAID}, ${PAID}, '\\x01', '\\x02', '\\x03', ${closed ? PAID : null}, ${held ? PAID : null}, ${held ? 'staff:1' : null}, ${held ? Buffer.from('x') : null})`,
  );
  return id;
}

const left = async () => {
  const rows = await run(office, sql<{ id: string }>`select id from payment`);
  const sent = await run(
    office,
    sql<{ id: string }>`select payment_id as id from payment_notification`,
  );
  expect(new Set(sent.map(({ id }) => id))).toEqual(new Set(rows.map(({ id }) => id)));
  return new Set(rows.map(({ id }) => id));
};
const destroyAt = (days: number, of = office) => {
  clock.set(after(days));
  return destroyEnded({ unit }, of);
};

describe('a payment', () => {
  test('that was paid or given back is kept for six years, and ends then with what the bank sent', async () => {
    const ids = [await payment('settled'), await payment('refunded')];
    expect(await destroyAt(DAYS)).toBe(0);
    expect(await left()).toEqual(new Set(ids));
    expect(await destroyAt(DAYS + 1)).toBe(2);
    expect(await left()).toEqual(new Set());
    expect(await destroyAt(DAYS + 1)).toBe(0);
  });

  test('has a line on the trail when it ends, which names nobody', async () => {
    const about = randomUUID();
    await payment('settled', about);
    await destroyAt(DAYS + 1);
    const trail = await run(
      office,
      sql<{
        actor: string;
        data: object;
      }>`select actor, data from audit where action = 'payment_destroyed'
        and data ->> 'case' = ${about}`,
    );
    expect(trail).toEqual([
      {
        actor: 'system',
        data: { case: about, order: expect.any(String), cents: 2500, state: 'paid' },
      },
    ]);
  });

  test('of which the bank sent something later is kept from then on', async () => {
    const id = await payment('settled');
    await run(
      office,
      sql`insert into payment_notification (office_id, payment_id, at, verdict, version, parameters, signature)
        values (${office.id}, ${id}, ${after(30)}, 'read', 'HMAC_SHA512_V2', 'e30', 'x')`,
    );
    expect(await destroyAt(DAYS + 29)).toBe(0);
    expect(await destroyAt(DAYS + 31)).toBe(1);
  });

  test('with which something is left to do is kept for good', async () => {
    const ids = [await payment('unsettled'), await payment('owed'), await payment('asked')];
    expect(await destroyAt(10 * DAYS)).toBe(0);
    expect(await left()).toEqual(new Set(ids));
  });

  test('is kept while its case is open, or held for a legal reason', async () => {
    const open = await payment('settled', await caseOf({ closed: false }));
    const held = await payment('settled', await caseOf({ held: true }));
    await payment('settled', await caseOf());
    expect(await destroyAt(DAYS + 1)).toBe(1);
    expect(await left()).toEqual(new Set([open, held]));
  });

  test('that nobody paid is kept for thirteen months, and what it has of its person until the bank is not asked any more', async () => {
    const ids = [await payment('failed'), await payment('begun')];
    const asked = await payment('asked');
    expect(await destroyAt(1)).toBe(0);
    const sealed = await run(
      office,
      sql<{ id: string }>`select id from payment where prepared is not null`,
    );
    expect(sealed.map(({ id }) => id)).toEqual([asked]);
    // From the second of March of 2020 to the second of April of 2021.
    expect(await destroyAt(395)).toBe(0);
    expect(await left()).toEqual(new Set([...ids, asked]));
    expect(await destroyAt(397)).toBe(2);
  });

  test('of another office is not touched, and many end in one pass', async () => {
    for (let nth = 0; nth < 101; nth++) await payment('settled');
    expect(await destroyAt(DAYS + 1, elsewhere)).toBe(0);
    expect((await left()).size).toBe(101);
    expect(await destroyAt(DAYS + 1)).toBe(101);
  });
});

describe('in the database', () => {
  test('the service deletes neither a payment nor what the bank sent', async () => {
    await payment('settled');
    for (const table of ['payment', 'payment_notification'])
      await expect(run(office, sql`delete from ${sql.table(table)}`)).rejects.toThrow(
        /permission denied/,
      );
    await expect(run(office, sql`update payment_notification set verdict = 'x'`)).rejects.toThrow();
  });

  test('the function refuses what is owed, and the owner what the bank sent of what is there', async () => {
    for (const as of ['owed', 'unsettled', 'asked'] as const) {
      const id = await payment(as);
      await expect(run(office, sql`select destroy_payments(${[id]}::uuid[])`)).rejects.toThrow(
        /is not over/,
      );
    }
    await payment('settled');
    await expect(database.asOwner('delete from payment_notification')).rejects.toThrow(
      /ends with its payment/,
    );
  });

  test('the function refuses what the law keeps, whoever calls it and whatever their clock says', async () => {
    // By the clock of the database, undone at once where it isn't refused.
    const ofAge = (as: Standing, age: string, sentAge?: string) =>
      within(database.kysely, office.id, async (tx) => {
        const id = await payment(as);
        const at = sql`now() - ${age}::interval`;
        await sql`update payment set begun_at = ${at}, decided_at = case when decided_at is null then null else ${at} end,
          settled_at = case when settled_at is null then null else ${at} end,
          refunded_at = case when refunded_at is null then null else ${at} end where id = ${id}`.execute(
          tx,
        );
        if (sentAge)
          await sql`insert into payment_notification (office_id, payment_id, at, verdict, version, parameters, signature)
            values (${office.id}, ${id}, now() - ${sentAge}::interval, 'read', 'HMAC_SHA512_V2', 'e30', 'x')`.execute(
            tx,
          );
        await sql`select destroy_payments(${[id]}::uuid[])`.execute(tx);
      }).then(
        () => 'destroyed',
        (error: Error) => error.message.replace(/ [\da-f-]{12}$/, ''),
      );
    const kept = 'The law keeps payment';
    for (const as of ['settled', 'refunded'] as const) {
      expect([as, await ofAge(as, '35063 hours')]).toEqual([as, kept]);
      expect([as, await ofAge(as, '35065 hours')]).toEqual([as, 'destroyed']);
      // The service can change a payment, and not what the bank sent of it.
      expect([as, await ofAge(as, '35065 hours', '35063 hours')]).toEqual([as, kept]);
    }
    for (const as of ['failed', 'begun'] as const) {
      expect([as, await ofAge(as, '12 months 20 days')]).toEqual([as, kept]);
      expect([as, await ofAge(as, '13 months 3 days')]).toEqual([as, 'destroyed']);
    }
  });

  test('the function of one office takes nothing of another', async () => {
    const id = await payment('settled');
    await run(elsewhere, sql`select destroy_payments(${[id]}::uuid[])`);
    expect(await left()).toEqual(new Set([id]));
  });
});
