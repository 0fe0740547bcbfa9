import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { INSTALLATION, within } from '../database.ts';
import { type TestDatabase, testDatabase } from '../testing.ts';
import { FREQUENT } from './client.ts';

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
