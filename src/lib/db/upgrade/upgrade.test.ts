import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readApplied } from '../applied.ts';
import { DbClient } from '../hosts/client.ts';
import { migrate } from '../migrate.ts';
import { demandMigrated, prepareSchema } from '../prepare.ts';
import { dropDatabase, testLogins } from '../testing.ts';
import { kindOf, lastExcluded } from './kinds.ts';
import { readServing, servingName } from './serving.ts';

let folder: string;
let database: string;
const open: pg.Client[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'finestreta-upgrade-'));
  database = `test_${randomBytes(6).toString('hex')}`;
  const client = await connect(testLogins().owner);
  await client.query(`create database ${database}`);
  version('0.1.0', {
    '0001_first': 'create table first (n integer primary key); insert into first values (1);',
  });
  await migrate(owner(), at('0.1.0'));
  const made = await connect(owner());
  await made.query('create schema auth');
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.end().catch(() => {});
  rmSync(folder, { recursive: true });
  await dropDatabase(database);
});

const owner = () => testLogins(database).owner;
const at = (name: string) => join(folder, name, 'migrations');
const QUICK = { pauseMs: 20, forMs: 60, lockMs: 50, holdMs: 20_000, lookMs: 20 };

async function connect(connection: pg.ConnectionConfig): Promise<pg.Client> {
  const client = new pg.Client(connection);
  open.push(client);
  await client.connect();
  return client;
}

/** Writes a version of the program that has the migrations of another one, these, and a function that says its number. */
function version(name: string, migrations: Record<string, string>, before?: string): void {
  if (before) cpSync(at(before), at(name), { recursive: true });
  mkdirSync(join(at(name), 'functions'), { recursive: true });
  writeFileSync(join(folder, name, 'package.json'), JSON.stringify({ version: name }));
  for (const [file, text] of Object.entries(migrations))
    writeFileSync(join(at(name), `${file}.sql`), text);
  writeFileSync(
    join(at(name), 'functions/whose.sql'),
    `create or replace function whose() returns text language sql as $$ select '${name}' $$;\n`,
  );
}

async function ask(text: string): Promise<Record<string, unknown>[]> {
  const client = await connect(owner());
  return (await client.query(text)).rows;
}

/** Serves as a process of this version: seen by the name of its connection. */
const serve = (name: string) =>
  connect({ ...testLogins(database).runtime, application_name: servingName(name) });

const serving = () => readServing(async (text) => ({ rows: await ask(text) }));

async function start(name: string): Promise<void> {
  const pool = new pg.Pool({ ...testLogins(database).runtime, Client: DbClient });
  await demandMigrated(pool, at(name)).finally(() => pool.end());
}

describe('a version that only adds', () => {
  beforeEach(() => {
    version(
      '0.1.1',
      { '0002_second': '-- expand: a name\nalter table first add column name text;' },
      '0.1.0',
    );
  });

  test('comes while the one before serves, which then starts again without changing anything', async () => {
    const other = await serve('0.1.0');
    expect(await migrate(owner(), at('0.1.1'), QUICK)).toMatchObject({
      tables: ['0002_second'],
      functions: ['whose'],
    });
    expect((await other.query('select 1 as n')).rows).toEqual([{ n: 1 }]);

    expect(await prepareSchema(owner(), testLogins(database).runtime, at('0.1.0'))).toEqual({
      tables: [],
      functions: [],
      newer: { version: '0.1.1', after: '0.0.0' },
    });
    await prepareSchema(owner(), testLogins(database).runtime, at('0.1.1'));
    await start('0.1.0');
    expect(await ask('select whose()')).toEqual([{ whose: '0.1.1' }]);
    await start('0.1.1');
  });

  test('doesn’t wait behind a long transaction while everybody waits behind it', async () => {
    const reader = await connect(owner());
    await reader.query('begin');
    await reader.query('select from first');
    await serve('0.1.0');
    const refused = expect(migrate(owner(), at('0.1.1'), QUICK)).rejects.toThrow(
      'A long transaction in the database is in the way',
    );
    // Answered between its tries, at the latest.
    expect(await ask('select n from first')).toEqual([{ n: 1 }]);
    await refused;
    expect(await ask('select name from kysely_migration')).toEqual([{ name: '0001_first' }]);
    expect(await ask('select whose()')).toEqual([{ whose: '0.1.0' }]);

    const later = migrate(owner(), at('0.1.1'), {
      ...{ ...QUICK, forMs: 10_000 },
      onWait: () => void reader.query('commit'),
    });
    expect((await later).tables).toEqual(['0002_second']);
  });

  test.each([
    ['by a step', 'select pg_sleep(0.9);'],
    ['by its steps together', 'select pg_sleep(0.4); select pg_sleep(0.4);'],
  ])(
    'that holds everybody up %s is undone while others serve, and made once nobody does',
    async (_, slow) => {
      version('0.1.2', { '0003_slow': `-- expand: nothing\n${slow}` }, '0.1.1');
      const other = await serve('0.1.0');
      const run = () => migrate(owner(), at('0.1.2'), { ...QUICK, holdMs: 600 });
      await expect(run()).rejects.toThrow('Stop every process of Finestreta');
      expect(await ask('select version from schema_release')).toEqual([{ version: '0.1.0' }]);
      await other.end();
      await vi.waitFor(async () => expect(await serving()).toEqual([]), { timeout: 10_000 });
      expect((await run()).tables).toContain('0003_slow');
    },
  );
});

describe('a version that takes something away', () => {
  beforeEach(() => {
    version(
      '0.2.0',
      { '0002_second': '-- contract of 0.1.0: the numbers\nalter table first drop column n;' },
      '0.1.0',
    );
    version('0.1.5', {}, '0.1.0');
  });

  test('waits until nobody serves who would not work with it', async () => {
    const old = await serve('0.1.0');
    const run = (more = {}) => migrate(owner(), at('0.2.0'), { ...QUICK, ...more });
    await expect(run()).rejects.toThrow(
      /still served by Finestreta 0\.1\.0 \(processes: 1\).*shuts the town/,
    );
    expect(await ask('select n from first')).toEqual([{ n: 1 }]);
    await serve('0.1.5');
    const done = await run({ forMs: 10_000, onWait: () => void old.end() });
    expect(done.tables).toEqual(['0002_second']);
    expect(await ask('select version, after from schema_release')).toEqual([
      { version: '0.2.0', after: '0.1.0' },
    ]);
  });

  test('also sees a process that lost the connection by which it is seen', async () => {
    const pause = () => serve('0.1.0');
    await expect(migrate(owner(), at('0.2.0'), { ...QUICK, pause })).rejects.toThrow(
      'still served by Finestreta 0.1.0',
    );
    expect(await ask('select n from first')).toEqual([{ n: 1 }]);
  });

  test('refuses the one before in words, and serves one in between', async () => {
    await prepareSchema(owner(), testLogins(database).runtime, at('0.2.0'), QUICK);
    const words =
      /is of Finestreta 0\.2\.0, with which only versions after 0\.1\.0 work; this is 0\.1\.0.*restore the backup/;
    await expect(migrate(owner(), at('0.1.0'), QUICK)).rejects.toThrow(words);
    await expect(start('0.1.0')).rejects.toThrow(words);
    expect((await migrate(owner(), at('0.1.5'), QUICK)).newer?.version).toBe('0.2.0');
    await start('0.1.5');
    expect(await readApplied(await connect(owner()))).toMatchObject({
      release: { version: '0.2.0', after: '0.1.0' },
    });
  });
});

test('a migration says in its first line what it does to the version before', () => {
  expect(kindOf('-- expand: more\nselect 1;')).toEqual({ kind: 'expand' });
  expect(kindOf('-- contract of 0.10.2: less\n')).toEqual({ kind: 'contract', of: '0.10.2' });
  expect(kindOf('-- expanded\n')).toBeNull();
  expect(kindOf('-- contract of something\n')).toBeNull();
  expect(kindOf('create table a ();\n-- expand: late')).toBeNull();
  version('0.3.0', { '0002_a': '-- contract of 0.1.0\n', '0003_b': '-- contract of 0.0.9\n' });
  expect(lastExcluded(at('0.3.0'), ['0002_a', '0003_b'])).toBe('0.1.0');
  expect(lastExcluded(at('0.3.0'), [])).toBe('0.0.0');
});
