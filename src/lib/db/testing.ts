import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { type Database, openDatabase } from './database.ts';
import { migrate } from './migrate.ts';

export interface TestDatabase extends Database {
  connection: pg.ConnectionConfig;
}

/**
 * A database of a test file's own, made from the migrations on the server that the test run started (see
 * scripts/test-server.ts). Dropped by close().
 */
export async function testDatabase(): Promise<TestDatabase> {
  const server = process.env.TEST_POSTGRES;
  if (!server)
    throw new Error('TEST_POSTGRES is not set: run the tests with npm test, which starts a server');
  const base = JSON.parse(server) as pg.ConnectionConfig;
  const name = `test_${randomBytes(6).toString('hex')}`;
  await once(base, `create database ${name} template ${await template(base)}`);
  const connection = { ...base, database: name };
  const database = await openDatabase({ connection, pool: 10, onIdleError: () => {} });
  return {
    ...database,
    connection,
    close: async () => {
      await database.close();
      await once(base, `drop database ${name} with (force)`).catch(leaveIfBusy);
    },
  };
}

/** insufficient_privilege: the server's own housekeeping is at work there, which we can't end. It goes with the server. */
function leaveIfBusy(error: Error & { code?: string }): void {
  if (error.code !== '42501') throw error;
}

/** Named after the migrations, so that a server that outlives a change makes another one. */
const TEMPLATE = `test_template_${hashOfMigrations()}`;

function hashOfMigrations(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync('migrations').sort())
    hash.update(readFileSync(join('migrations', name)));
  return hash.digest('hex').slice(0, 12);
}

/** The migrated database that the others are copied from; made by the first test file that needs it. */
async function template(base: pg.ConnectionConfig): Promise<string> {
  const client = new pg.Client(base);
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(hashtext('${TEMPLATE}'))`);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [
      TEMPLATE,
    ]);
    if (!rowCount) {
      await client.query(`create database ${TEMPLATE}_new`);
      await migrate({ ...base, database: `${TEMPLATE}_new` }, 'migrations');
      await client.query(`alter database ${TEMPLATE}_new rename to ${TEMPLATE}`);
    }
  } finally {
    await client.end();
  }
  return TEMPLATE;
}

/** One statement on the server's own database; copying a template waits its turn. */
async function once(base: pg.ConnectionConfig, statement: string): Promise<void> {
  const client = new pg.Client(base);
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(hashtext('${TEMPLATE}'))`);
    await client.query(statement);
  } finally {
    await client.end();
  }
}
