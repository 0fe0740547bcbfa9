import { sql } from 'kysely';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { INSTALLATION, within } from '../database.ts';
import { type TestDatabase, testDatabase } from '../testing.ts';
import { FREQUENT, PlanningClient } from './client.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** The plans that a connection keeps, and what a frequent statement and another one found. */
const ask = () =>
  within(database.kysely, INSTALLATION, async (tx) => {
    const marked = tx.selectFrom('town').selectAll().modifyFront(FREQUENT);
    const found = await marked.where('host', '=', 'nowhere').execute();
    await tx.selectFrom('town').select('host').where('host', '=', 'elsewhere').execute();
    const { rows } = await sql<{ statement: string }>`
      select statement from pg_prepared_statements where statement like '%"town"%'`.execute(tx);
    return { found, kept: rows.map((each) => each.statement) };
  });

test('the plan of a frequent statement is kept, and no other one', async () => {
  await ask();
  const { kept } = await ask();
  expect(kept).toEqual(['select /* frequent */ * from "town" where "host" = $1']);
});

test('a column that another version of the service adds is no error', async () => {
  await ask();
  await database.asOwner('alter table town add column later text');
  expect((await ask()).found).toEqual([]);
});

test('a transaction has its scope from its first statement on, and no longer', async () => {
  const one = new PlanningClient(database.connection);
  await one.connect();
  await one.query('begin', []);
  const { rows } = await one.query('select set_config($1, $2, true)', ['app.office', "it's 7"]);
  expect(rows).toEqual([{ set_config: "it's 7" }]);
  const scope = async () =>
    (await one.query(`select coalesce(current_setting('app.office', true), '') as scope`, [])).rows;
  expect(await scope()).toEqual([{ scope: "it's 7" }]);
  await one.query('commit', []);
  expect(await scope()).toEqual([{ scope: '' }]);
  await one.end();
});

const mine = async (one: pg.Client): Promise<string> =>
  (await one.query(`select coalesce(current_setting('app.mine', true), '') as mine`, [])).rows[0]
    ?.mine;

test('what comes first instead is in the transaction too', async () => {
  const one = new PlanningClient(database.connection);
  await one.connect();
  await one.query('begin', []);
  await one.query(`set local app.mine = 'yes'`, []);
  expect(await mine(one)).toBe('yes');
  await one.query('rollback', []);
  expect(await mine(one)).toBe('');
  await one.end();
});

test('a transaction without a statement leaves nothing open', async () => {
  const one = new PlanningClient(database.connection);
  await one.connect();
  for (const end of ['commit', 'rollback']) {
    await one.query('begin', []);
    await one.query(end, []);
    await one.query(`select set_config('app.mine', 'yes', true)`, []);
    expect(await mine(one)).toBe('');
  }
  await one.end();
});

test('a transaction whose work fails is undone, and its connection goes on', async () => {
  const failing = within(database.kysely, INSTALLATION, async (tx) => {
    await sql`select 1 / 0`.execute(tx);
  });
  await expect(failing).rejects.toThrow('division by zero');
  expect((await ask()).found).toEqual([]);
});
