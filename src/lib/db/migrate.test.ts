import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readApplied } from './applied.ts';
import { DbClient } from './hosts/client.ts';
import { migrate } from './migrate.ts';
import { demandMigrated, prepareSchema } from './prepare.ts';
import { dropDatabase, testLogins } from './testing.ts';

let folder: string;
let database: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'finestreta-migrate-'));
  mkdirSync(join(folder, 'functions'));
  database = `test_${randomBytes(6).toString('hex')}`;
  await query(testLogins().owner, `create database ${database}`);
  table('0001_first', 'create table first (n integer check (is_small(n)));');
  fn('is_small', 'create or replace function is_small(n integer)', 'boolean', 'select n < 10');
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await dropDatabase(database);
});

const table = (name: string, text: string) => writeFileSync(join(folder, `${name}.sql`), text);
const fn = (name: string, head: string, result: string, body: string) =>
  writeFileSync(
    join(folder, 'functions', `${name}.sql`),
    `${head} returns ${result} language sql as $$ ${body} $$;\n`,
  );
const remove = (name: string) => rmSync(join(folder, 'functions', `${name}.sql`));

async function query(connection: pg.ConnectionConfig, ...statements: string[]) {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const each of statements) ({ rows } = await client.query(each));
    return rows;
  } finally {
    await client.end();
  }
}
const ask = (...statements: string[]) => query(testLogins(database).owner, ...statements);
const run = () => migrate(testLogins(database).owner, folder);
/** Returns the functions in the database, with the transaction that wrote each. */
const functions = () =>
  ask(
    `select oid::regprocedure::text as name, xmin::text as written from pg_proc
     where pronamespace = 'public'::regnamespace order by 1`,
  );
const names = async () => (await functions()).map(({ name }) => name);

describe('functions', () => {
  test('exist before the tables that need them, even if they read later tables', async () => {
    fn(
      'count_first',
      'create or replace function count_first()',
      'bigint',
      'select count(*) from first',
    );
    expect(await run()).toEqual({
      tables: ['0001_first'],
      functions: ['count_first', 'is_small'],
    });
    expect(await ask('insert into first values (3)', 'select count_first() as n')).toEqual([
      { n: '1' },
    ]);
  });

  test('are applied again when they changed, and only then', async () => {
    fn('two', 'create or replace function two()', 'integer', 'select 2');
    await run();
    const [kept] = (await functions()).filter(({ name }) => name === 'is_small(integer)');
    fn('two', 'create or replace function two()', 'integer', 'select 1 + 1');
    expect(await run()).toEqual({ tables: [], functions: ['two'] });
    expect(await functions()).toContainEqual(kept);
    expect(await ask(`select prosrc from pg_proc where proname = 'two'`)).toEqual([
      { prosrc: ' select 1 + 1 ' },
    ]);
    const before = await functions();
    expect(await run()).toEqual({ tables: [], functions: [] });
    expect(await functions()).toEqual(before);
  });

  test('are dropped when their file is gone; functions made by others stay', async () => {
    fn('two', 'create or replace function two()', 'integer', 'select 2');
    await run();
    await ask('create function theirs() returns integer language sql as $$ select 1 $$');
    remove('two');
    expect(await run()).toEqual({ tables: [], functions: [] });
    expect(await names()).toEqual(['is_small(integer)', 'theirs()']);
    expect(await ask('select name from applied_function')).toEqual([{ name: 'is_small' }]);
  });

  test('that a table still needs can’t be dropped: nothing changes until a table file removes the reference', async () => {
    await run();
    remove('is_small');
    fn('two', 'create or replace function two()', 'integer', 'select 2');
    await expect(run()).rejects.toThrow('cannot drop function is_small');
    expect(await names()).toEqual(['is_small(integer)']);
    table('0002_second', 'alter table first drop constraint first_n_check;');
    expect(await run()).toEqual({ tables: ['0002_second'], functions: ['two'] });
    expect(await names()).toEqual(['two()']);
  });

  test.each([
    ['another type of argument', 'twice(n bigint)', 'integer', 'twice(bigint)'],
    ['one argument more', 'twice(n integer, more integer)', 'integer', 'twice(integer,integer)'],
    ['another name of its argument', 'twice(number integer)', 'integer', 'twice(integer)'],
    ['another result', 'twice(n integer)', 'bigint', 'twice(integer)'],
  ])('with %s replace the earlier ones', async (_, head, result, signature) => {
    fn('twice', 'create or replace function twice(n integer)', 'integer', 'select 2 * $1');
    await run();
    fn('twice', `create or replace function ${head}`, result, `select (2 * $1)::${result}`);
    expect(await run()).toEqual({ tables: [], functions: ['twice'] });
    expect(await names()).toEqual(['is_small(integer)', signature]);
    expect(await run()).toEqual({ tables: [], functions: [] });
  });

  test('whose arguments change stay until a table file uses the new ones', async () => {
    await run();
    fn(
      'is_small',
      'create or replace function is_small(n integer, most integer)',
      'boolean',
      'select n < most',
    );
    await expect(run()).rejects.toThrow('cannot drop function is_small(integer)');
    table(
      '0002_second',
      `alter table first drop constraint first_n_check;
       alter table first add check (is_small(n, 10));`,
    );
    await run();
    expect(await names()).toEqual(['is_small(integer,integer)']);
  });

  test('that are wrong are named, and nothing changes', async () => {
    await run();
    fn('two', 'create or replace function two()', 'integer', 'select 2 from nowhere');
    table('0002_second', 'create table second ();');
    await expect(run()).rejects.toThrow('functions/two.sql: relation "nowhere" does not exist');
    fn('two', 'create or replace function other()', 'integer', 'select 2');
    await expect(run()).rejects.toThrow('functions/two.sql: it makes no function of that name');
    expect(await names()).toEqual(['is_small(integer)']);
    expect(await ask(`select to_regclass('second') as second`)).toEqual([{ second: null }]);
  });

  test('are applied once by several processes that start at once', async () => {
    for (const round of [1, 2]) {
      fn('two', 'create or replace function two()', 'integer', `select 2 -- ${round}\n`);
      const all = await Promise.all([run(), run(), run()]);
      expect(all.filter((each) => each.functions.includes('two'))).toHaveLength(1);
    }
  });
});

describe('a server whose login may not change the schema', () => {
  const { runtime } = testLogins();
  const serve = async () => {
    const pool = new pg.Pool({ ...runtime, database, Client: DbClient });
    await demandMigrated(pool, folder).finally(() => pool.end());
  };
  const prepare = () =>
    prepareSchema(testLogins(database).owner, testLogins(database).runtime, folder);

  test('is refused when a function is another version’s, and serves once the owner has migrated', async () => {
    await ask('create schema auth');
    await expect(serve()).rejects.toThrow('without 0001_first and 1 more files');
    await prepare();
    await serve();
    fn('is_small', 'create or replace function is_small(n integer)', 'boolean', 'select n < 9');
    await expect(serve()).rejects.toThrow(/without functions\/is_small of this version/);
    await prepare();
    await serve();
    // Additions of a newer version don't disturb an older one.
    fn('two', 'create or replace function two()', 'integer', 'select 2');
    await prepare();
    remove('two');
    await serve();
  });

  test('keeps its rights to a function that was made again', async () => {
    await ask('create schema auth');
    const locked = (result: string) =>
      writeFileSync(
        join(folder, 'functions/pause_audit.sql'),
        `create or replace function pause_audit() returns ${result} language sql security definer as $$ select 1::${result} $$;
         revoke all on function pause_audit() from public;`,
      );
    locked('integer');
    await prepare();
    locked('bigint');
    await prepare();
    expect(await query({ ...runtime, database }, 'select pause_audit() as n')).toEqual([
      { n: '1' },
    ]);
  });

  test('may read which functions were applied, and change nothing of it', async () => {
    await ask('create schema auth');
    await prepare();
    const client = new pg.Client({ ...runtime, database });
    await client.connect();
    try {
      expect(await readApplied(client)).toMatchObject({ tables: ['0001_first'] });
      await expect(client.query('delete from applied_function')).rejects.toThrow(
        'permission denied',
      );
    } finally {
      await client.end();
    }
  });
});
