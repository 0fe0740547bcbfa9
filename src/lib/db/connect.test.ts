import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connectDatabase } from './connect.ts';
import { addressesOf, dropDatabase, testLogins } from './testing.ts';

/** Creates the two logins as in docs/operating.md. */
const statements = (name: string) => [
  `create role ${name}_owner login password 'o'`,
  `create role ${name}_runtime login password 'r'`,
  `create database ${name} owner ${name}_owner`,
  `revoke all on database ${name} from public`,
  `grant connect on database ${name} to ${name}_runtime`,
];

const made: string[] = [];
let superuser: pg.Client;
beforeAll(async () => {
  superuser = new pg.Client(testLogins().superuser);
  await superuser.connect();
});
afterAll(async () => {
  for (const name of made) await dropDatabase(name);
  for (const name of made) await superuser.query(`drop role ${name}_owner, ${name}_runtime`);
  await superuser.end();
});

async function emptyDatabase() {
  const name = `test_connect_${process.pid}_${made.length}`;
  for (const each of statements(name)) await superuser.query(each);
  made.push(name);
  const at = { ...testLogins(name).owner };
  return addressesOf({
    owner: { ...at, user: `${name}_owner`, password: 'o' },
    connection: { ...at, user: `${name}_runtime`, password: 'r' },
  });
}

const connect = (databaseUrl: string, databaseOwnerUrl: string | null) => {
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const options = { databaseUrl, databaseOwnerUrl, dataDir: '/nowhere', pool: 2, log };
  const database = connectDatabase({ ...options, migrations: 'migrations' });
  return { log, database };
};

test('two logins: the owner migrates, the other one serves, also when the owner is not known', async () => {
  const { DATABASE_URL, DATABASE_OWNER_URL } = await emptyDatabase();
  const none = connect(DATABASE_URL, null);
  await expect(none.database).rejects.toThrow(/may not change the tables.*DATABASE_OWNER_URL/s);

  for (const owner of [DATABASE_OWNER_URL, null]) {
    const { database, log } = connect(DATABASE_URL, owner);
    const { login, pool, close } = await database;
    expect(login).toMatchObject({ name: expect.stringMatching(/_runtime$/), actsAs: null });
    expect(log.warn).not.toHaveBeenCalled();
    expect((await pool.query('select from town')).rowCount).toBe(0);
    await expect(pool.query('delete from audit')).rejects.toThrow('permission denied');
    await close();
  }
});

test('one login that owns the tables: it serves, and the log gives the consequences', async () => {
  const { DATABASE_OWNER_URL } = await emptyDatabase();
  const { database, log } = connect(DATABASE_OWNER_URL, null);
  await (await database).close();
  expect(log.warn.mock.calls.flat().join()).toMatch(
    /_owner could change the tables.*DATABASE_OWNER_URL/,
  );
});

test('an owner of another database is reported', async () => {
  const { DATABASE_URL } = await emptyDatabase();
  const { DATABASE_OWNER_URL } = await emptyDatabase();
  const { database } = connect(DATABASE_URL, DATABASE_OWNER_URL);
  await expect(database).rejects.toThrow(/the owner of the same database/);
});
