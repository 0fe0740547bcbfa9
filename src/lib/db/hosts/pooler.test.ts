import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { provedCitizen } from '../../../features/booking/proof/testing.ts';
import { DEMO_TOWN } from '../../../paths.ts';
import { type Instance, openInstance } from '../../../web/testing/instance.ts';
import { createNotifier } from '../../notifier.ts';
import { type Database, INSTALLATION, openDatabase, within } from '../database.ts';
import { type Pgbouncer, startPgbouncer } from '../testing/pgbouncer.ts';
import { type TestDatabase, testDatabase, testLogins } from '../testing.ts';

const SETTINGS = "set statement_timeout = '10s'; set jit = off";

describe('a town behind PgBouncer in transaction mode', () => {
  let pooler: Pgbouncer;
  let town: Instance;

  beforeAll(async () => {
    pooler = await startPgbouncer(testLogins().runtime, { connectQuery: SETTINGS });
    const clock = '2026-11-30T07:00:00+01:00';
    town = await openInstance(await readFile(DEMO_TOWN, 'utf8'), clock, {
      env: ({ connection }) => ({
        DATABASE_POOLER_URL: pooler.urlOf(String(connection.database)),
        DATABASE_POOL: '24',
      }),
    });
  }, 60_000);
  afterAll(async () => {
    await town?.close();
    await pooler?.stop();
  });

  const book = async () => {
    const { context } = town;
    const office = (await context.offices.find('oac'))!;
    const choice = { procedure: 'volant-padro', channel: 'phone', language: 'ca' } as const;
    const found = await context.slots.search(office, choice, {
      from: '2026-12-01',
      to: '2026-12-20',
    });
    if (!found.ok) throw new Error(found.reason);
    const start = found.slots[Math.floor(Math.random() * found.slots.length)]!.start;
    const booked = await context.appointments.book({ kind: 'citizen' }, office, {
      ...choice,
      start,
      citizen: { name: 'Núria', email: 'nuria@example.cat', phone: null },
      onBehalfOf: null,
      needs: [],
      comment: '',
      noticeLanguage: 'ca',
    });
    return booked.ok ? { office, appointment: booked.appointment } : null;
  };

  test('books for many at once, on fewer connections', async () => {
    const booked = await Promise.all(
      Array.from({ length: 40 }, () => book().catch((error: Error) => error)),
    );
    expect(booked.filter((each) => each instanceof Error)).toEqual([]);
    expect(booked.filter((each) => each !== null).length).toBeGreaterThan(3);
    const { rows } = await town.database.pool.query(
      "select count(*)::int as n from pg_stat_activity where datname = current_database() and backend_type = 'client backend'",
    );
    // Four of the pooler's, the one that listens, those of the test.
    expect(rows[0].n).toBeLessThan(20);
  });

  test('shows each transaction the rows of its own office, and none without one', async () => {
    const { kysely, pool } = town.context.database;
    const offices = await town.context.offices.list();
    const seen = await Promise.all(
      Array.from({ length: 200 }, async (_, nth) => {
        if (nth % 10 === 0) return (await pool.query('select id from office')).rows.length === 0;
        const { id } = offices[nth % offices.length]!;
        const rows = await within(kysely, id, (tx) =>
          tx.selectFrom('office').select('id').execute(),
        );
        return rows.length === 1 && rows[0]?.id === id;
      }),
    );
    expect(seen.every(Boolean)).toBe(true);
  });

  test('takes a file in parts, and shows its pages', async () => {
    const booked = await book();
    const { documents } = town.context;
    const at = [
      provedCitizen(booked!.appointment.id),
      booked!.office,
      booked!.appointment.id,
    ] as const;
    const bytes = Buffer.alloc(300_000, 'a');
    const begun = await documents.begin(...at, {
      kind: 'inbox',
      requested: null,
      name: 'a.pdf',
      type: 'application/pdf',
      size: bytes.length,
    });
    if (!begun.ok) throw new Error(begun.reason);
    const parts = async function* () {
      for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000);
    };
    expect(await documents.append(...at, begun.id, 0, parts())).toMatchObject({
      ok: true,
      received: bytes.length,
    });
    expect((await town.app.request('/ca/oac')).status).toBe(200);
  });

  test('streams what another process does: it listens beside the pooler', async () => {
    const office = (await town.context.offices.find('oac'))!;
    const heard: unknown[] = [];
    const stop = await town.context.eventFeed.watch(office.id, (news) => heard.push(...news));
    const { connection, pool } = town.database;
    const other = createNotifier({ connection, pool, onDeaf() {} });
    await within(town.database.kysely, INSTALLATION, (tx) =>
      tx
        .insertInto('event')
        .columns(['office_id', 'appointment_id', 'kind', 'actor', 'at', 'data'])
        .expression((eb) =>
          eb
            .selectFrom('event')
            .select(['office_id', 'appointment_id', 'kind', 'actor', 'at', 'data'])
            .where('office_id', '=', office.id)
            .limit(1),
        )
        .execute(),
    );
    other.notify(office.id);
    await expect.poll(() => heard.length).toBeGreaterThan(0);
    stop();
    await other.close();
  });
});

describe('a pooler that is set up wrongly is refused in words', () => {
  let database: TestDatabase;
  let pooler: Pgbouncer | null = null;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterEach(async () => {
    await pooler?.stop();
    pooler = null;
  });
  afterAll(() => database?.close());

  const open = (url: string): Promise<Database> =>
    openDatabase({ connection: database.connection, pooler: url, pool: 4, onIdleError: () => {} });

  test('without the time limit of statements', async () => {
    pooler = await startPgbouncer(testLogins().runtime, {});
    await expect(open(pooler.urlOf(String(database.connection.database)))).rejects.toThrow(
      /without the time limit of statements.*ALTER ROLE/,
    );
  });

  test('without prepared statements', async () => {
    const more = { max_prepared_statements: 0 };
    pooler = await startPgbouncer(testLogins().runtime, { connectQuery: SETTINGS, more });
    await expect(open(pooler.urlOf(String(database.connection.database)))).rejects.toThrow(
      /max_prepared_statements/,
    );
  });

  test('to another database', async () => {
    pooler = await startPgbouncer(testLogins().runtime, { connectQuery: SETTINGS });
    const other = await testDatabase();
    const url = pooler.urlOf(String(other.connection.database));
    await expect(open(url)).rejects.toThrow(
      /leads to .* in the database test_.*, and DATABASE_URL/,
    );
    await other.close();
  });

  test('that is not there', async () => {
    pooler = await startPgbouncer(testLogins().runtime, { connectQuery: SETTINGS });
    const url = pooler.urlOf(String(database.connection.database));
    await pooler.stop();
    pooler = null;
    await expect(open(url)).rejects.toThrow(/^DATABASE_POOLER_URL: no PostgreSQL can be reached/);
  });
});
