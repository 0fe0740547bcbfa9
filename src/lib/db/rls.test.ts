import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testOffice } from '../../features/foundation/offices/testing.ts';
import { MIGRATOR_TABLES } from './applied.ts';
import { within } from './database.ts';
import { type TestDatabase, testDatabase } from './testing.ts';

let database: TestDatabase;
let here: number;
let there: number;

beforeAll(async () => {
  database = await testDatabase();
  here = await testOffice(database.kysely, { code: 'oac' });
  there = await testOffice(database.kysely, { code: 'hisenda' });
});
afterAll(() => database.close());

const codes = (scope: number | '*') =>
  within(database.kysely, scope, async (tx) =>
    (await tx.selectFrom('procedure').select(['office_id']).execute()).map(
      (each) => each.office_id,
    ),
  );

describe('row-level security', () => {
  test('covers every table, for its owner too', async () => {
    const { rows } = await database.pool.query<{ name: string }>(`
      select relnamespace::regnamespace || '.' || relname as name from pg_class
      where relkind in ('r', 'p') and relnamespace::regnamespace::text in ('public', 'auth')
        and not (relrowsecurity and relforcerowsecurity)`);
    // The migrator's own tables hold no personal data.
    expect(rows.map((row) => row.name).sort()).toEqual(
      MIGRATOR_TABLES.map((name) => `public.${name}`).sort(),
    );
  });

  test('binds the role that the service acts as', async () => {
    const { rows } = await database.pool.query(
      'select rolsuper or rolbypassrls as free from pg_roles where rolname = current_user',
    );
    expect(rows).toEqual([{ free: false }]);
  });

  test('shows nothing to a session without an office', async () => {
    expect((await database.pool.query('select from procedure')).rowCount).toBe(0);
    expect((await database.pool.query('select from staff')).rowCount).toBe(0);
  });

  test('asks first whether anybody acts for a person, and knows it in a session that never did', async () => {
    const { rows } = await database.pool.query<{ name: string; is_first: boolean }>(`
      select tablename || '.' || policyname as name, qual ~ '^\\(acts_for_person\\(\\) AND' as is_first
      from pg_policies where policyname ~ '^own_' and qual ~ 'own_appointment|represents_in_case|EXISTS'`);
    expect(rows.length).toBeGreaterThan(7);
    const others = rows.filter((each) => !each.is_first).map(({ name }) => name);
    expect(others).toEqual([]);
    const client = new pg.Client(database.connection);
    await client.connect();
    const { rows: never } = await client.query('select acts_for_person() as acts');
    await client.end();
    expect(never).toEqual([{ acts: false }]);
  });

  test('shows an office its own rows, even without a WHERE, and the installation all', async () => {
    expect(await codes(here)).toEqual([here]);
    expect(await codes(there)).toEqual([there]);
    expect((await codes('*')).sort()).toEqual([here, there].sort());
  });

  test('shows an office its own figures, whose policy looks up the offices once', async () => {
    const figuresOf = (office: number | '*') =>
      within(database.kysely, office, (tx) =>
        tx.selectFrom('figure_item').select('office_id').distinct().orderBy('office_id').execute(),
      );
    for (const office_id of [here, there])
      await within(database.kysely, office_id, (tx) =>
        tx
          .insertInto('figure_item')
          .values({
            ...{ office_id, day: '2026-12-01', channel: 'phone', language: 'ca' },
            ...{ kind: 'query', items: 1 },
          })
          .execute(),
      );
    expect(await figuresOf(here)).toEqual([{ office_id: here }]);
    expect(await figuresOf(there)).toEqual([{ office_id: there }]);
    expect(await figuresOf('*')).toHaveLength(2);
    expect((await database.pool.query('select from figure_item')).rowCount).toBe(0);
  });

  test("refuses to write another office's rows", async () => {
    const closure = {
      office_id: there,
      first_day: '2026-12-01',
      last_day: '2026-12-01',
      why: '{}',
    };
    const foreign = within(database.kysely, here, (tx) =>
      tx.insertInto('closure').values(closure).execute(),
    );
    await expect(foreign).rejects.toThrow(/row-level security/);
    const taken = await within(database.kysely, here, (tx) =>
      tx
        .updateTable('procedure')
        .set({ code: 'x' })
        .where('office_id', '=', there)
        .executeTakeFirst(),
    );
    expect(taken.numUpdatedRows).toBe(0n);
  });

  test('ends with the transaction: the next one on the connection sets its own office', async () => {
    await codes(here);
    const { rows } = await database.pool.query(
      "select current_setting('app.office', true) as office",
    );
    expect(rows[0]?.office ?? '').toBe('');
  });
});

test('events can be added but not changed, not even by the owner of the tables', async () => {
  await within(database.kysely, here, (tx) =>
    sql`insert into audit (office_id, actor, action, at) values (${here}, 'system', 'test', '2026-01-01')`.execute(
      tx,
    ),
  );
  for (const change of ["update audit set actor = 'x'", 'delete from audit', 'truncate audit'])
    await expect(database.asOwner(change)).rejects.toThrow(/append-only/);
});
