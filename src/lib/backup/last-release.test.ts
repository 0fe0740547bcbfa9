import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keptBy, lastRelease } from '../../../scripts/release/releases.ts';
import { memoryBlobs } from '../blobs/testing/memory.ts';
import { DbClient } from '../db/hosts/client.ts';
import { migrate, migrationNames } from '../db/migrate.ts';
import { demandMigrated, prepareSchema } from '../db/prepare.ts';
import { dropDatabase, testLogins } from '../db/testing.ts';
import { writeBackup } from './dump.ts';
import { checkBackup, restoreBackup } from './load.ts';
import { fileSource } from './places/disk.ts';

const MIGRATIONS = 'migrations';
let folder: string;
const made: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'finestreta-release-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  for (const name of made.splice(0)) await dropDatabase(name);
});

async function onServer(statement: string): Promise<void> {
  await asOwner(testLogins().owner, (client) => client.query(statement));
}

async function asOwner<T>(
  connection: pg.ConnectionConfig,
  work: (client: pg.Client) => Promise<T>,
) {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await client.query("select set_config('app.office', '*', false)");
    return await work(client);
  } finally {
    await client.end();
  }
}

async function emptyDatabase() {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(`create database ${name}`);
  made.push(name);
  return testLogins(name);
}

/** Restores a database and applies these migrations. Returns the migrations that ran, and the town's offices. */
async function upgrade(path: string, migrations: string) {
  const { owner, runtime } = await emptyDatabase();
  const source = fileSource(path);
  const contents = await checkBackup(source, migrations);
  const target = { connection: owner, source, contents, migrations, blobs: memoryBlobs() };
  await restoreBackup(target);
  const { tables: ran } = await prepareSchema(owner, runtime, migrations);
  const pool = new pg.Pool({ ...runtime, Client: DbClient });
  await demandMigrated(pool, migrations).finally(() => pool.end());
  const offices = await asOwner(owner, async (client) => {
    const { rows } = await client.query<{ code: string }>('select code from office order by code');
    return rows.map(({ code }) => code);
  });
  return { contents, ran, offices };
}

const release = lastRelease('.');

// Before the first release there is nothing to migrate.
test.runIf(release)('the database of the last release is migrated', async () => {
  const { contents, ran, offices } = await upgrade(keptBy(release ?? '').database, MIGRATIONS);
  const names = migrationNames(MIGRATIONS);
  expect([...contents.about.migrations, ...ran]).toEqual(names);
  expect(offices).toHaveLength(contents.rows['public.office'] ?? 0);
  expect(offices.length).toBeGreaterThan(0);
});

/** Makes a version before this one: its migrations, and a backup of its database with an office. */
async function madeRelease(): Promise<string> {
  const older = join(folder, 'older');
  cpSync(join(MIGRATIONS, 'functions'), join(older, 'functions'), { recursive: true });
  for (const name of migrationNames(MIGRATIONS).slice(0, -1))
    cpSync(join(MIGRATIONS, `${name}.sql`), join(older, `${name}.sql`));
  const { owner } = await emptyDatabase();
  await migrate(owner, older);
  await asOwner(owner, (client) =>
    client.query(
      `insert into office (code, position, name, settings) values ('oac', 0, '{}', '{}')`,
    ),
  );
  const path = join(folder, 'made.gz');
  const facts = { madeAt: '2026-11-30T08:00:00Z', version: '0.0.9' };
  await writeBackup({ connection: owner, path, facts, recipients: [], blobs: memoryBlobs() });
  return path;
}

test('a made release is migrated', async () => {
  const path = await madeRelease();
  const { ran, offices } = await upgrade(path, MIGRATIONS);
  expect(ran).toEqual(migrationNames(MIGRATIONS).slice(-1));
  expect(offices).toEqual(['oac']);
});

test('a migration that fails on the rows of a release is detected', async () => {
  const path = await madeRelease();
  const newer = join(folder, 'newer');
  cpSync(MIGRATIONS, newer, { recursive: true });
  writeFileSync(
    join(newer, '9999_broken.sql'),
    'alter table office add column owner text not null;',
  );
  await expect(upgrade(path, newer)).rejects.toThrow('column "owner" of relation "office"');
});
