import { createHash, randomBytes } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { type Database, openDatabase } from './database.ts';
import type { EmbeddedLogins } from './embedded.ts';
import { TABLE_GRANTS } from './grants.ts';
import { prepareSchema } from './prepare.ts';

export interface TestDatabase extends Database {
  /** The login of the tables' owner: for actions that the service itself may not do. */
  owner: pg.ConnectionConfig;
  /** Opens a connection as the owner, for the whole installation; the caller ends it. */
  connectAsOwner(): Promise<pg.Client>;
  /** Runs statements as the owner, in one session. */
  asOwner(...statements: string[]): Promise<void>;
}

/** Returns the login of each role at the server of the test run, or at one of its databases. */
export function testLogins(database?: string): EmbeddedLogins {
  const server = process.env.TEST_POSTGRES;
  if (!server)
    throw new Error('TEST_POSTGRES is not set: run the tests with npm test, which starts a server');
  const logins = JSON.parse(server) as EmbeddedLogins;
  if (!database) return logins;
  return {
    owner: { ...logins.owner, database },
    runtime: { ...logins.runtime, database },
    superuser: { ...logins.superuser, database },
  };
}

/**
 * Makes a database for a test file, from the migrations on the test run's server (see testing-server.ts), used with the service's rights.
 * close() drops it.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const base = testLogins().owner;
  const name = `test_${randomBytes(6).toString('hex')}`;
  await once(
    base,
    `create database ${name} template ${await template()} strategy file_copy`,
    // A copy doesn't have the settings of the database itself.
    `revoke temporary on database ${name} from public`,
  );
  const { owner, runtime } = testLogins(name);
  const database = await openDatabase({ connection: runtime, pool: 10, onIdleError: () => {} });
  return {
    ...database,
    owner,
    connectAsOwner: () => connectAsOwner(owner),
    asOwner: async (...statements) => {
      const client = await connectAsOwner(owner);
      try {
        for (const each of statements) await client.query(each);
      } finally {
        await client.end();
      }
    },
    close: async () => {
      await database.close();
      await dropDatabase(name);
    },
  };
}

async function connectAsOwner(owner: pg.ConnectionConfig): Promise<pg.Client> {
  const client = new pg.Client(owner);
  // A failing statement reports its own error.
  client.on('error', () => {});
  await client.connect();
  await client.query("set app.office = '*'");
  return client;
}

/** Drops a database, and ends the sessions in it: as the superuser, since the server's own housekeeping can't be ended by an owner. */
export const dropDatabase = (name: string): Promise<void> =>
  once(testLogins().superuser, `drop database ${name} with (force)`);

/** The name includes a hash of migrations and grants, so that a server that outlives a change makes another one. */
const TEMPLATE = `test_template_${hashOfSchema()}`;

function hashOfSchema(): string {
  const hash = createHash('sha256').update(JSON.stringify(TABLE_GRANTS));
  for (const name of globSync('migrations/**/*.sql').sort()) hash.update(readFileSync(name));
  return hash.digest('hex').slice(0, 12);
}

/** Returns the migrated database that the others are copied from; the first test file that needs it makes it. */
async function template(): Promise<string> {
  const client = new pg.Client(testLogins().owner);
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(hashtext('${TEMPLATE}'))`);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [
      TEMPLATE,
    ]);
    if (!rowCount) {
      await client.query(`create database ${TEMPLATE}_new`);
      const { owner, runtime } = testLogins(`${TEMPLATE}_new`);
      await prepareSchema(owner, runtime, 'migrations');
      await client.query(`alter database ${TEMPLATE}_new rename to ${TEMPLATE}`);
    }
  } finally {
    await client.end();
  }
  return TEMPLATE;
}

/** Runs statements on the server's own database; only one session copies a template at a time. */
async function once(base: pg.ConnectionConfig, ...statements: string[]): Promise<void> {
  const client = new pg.Client(base);
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(hashtext('${TEMPLATE}'))`);
    for (const each of statements) await client.query(each);
  } finally {
    await client.end();
  }
}

/** Returns the variables for the two logins of a database. */
export const addressesOf = ({ connection, owner }: Pick<TestDatabase, 'connection' | 'owner'>) => ({
  DATABASE_URL: addressOf(connection),
  DATABASE_OWNER_URL: addressOf(owner),
});

/** Returns the value for DATABASE_URL. */
function addressOf(connection: pg.ConnectionConfig): string {
  const { host = 'localhost', port = 5432, user = '', password, database = '' } = connection;
  const asked = new URLSearchParams({ host, port: String(port), user });
  if (typeof password === 'string') asked.set('password', password);
  return `postgres:///${database}?${asked}`;
}
