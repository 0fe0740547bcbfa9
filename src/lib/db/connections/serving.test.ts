import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase, testLogins } from '../testing.ts';
import { readUpToDate } from '../upgrade/look.ts';
import { sayServing, seeDatabases } from './serving.ts';

let town: TestDatabase;
let elsewhere: pg.Client;
beforeAll(async () => {
  town = await testDatabase();
  // Another database of the same server, by a login that has no rights in the town's.
  elsewhere = new pg.Client(testLogins().runtime);
  await elsewhere.connect();
});
afterAll(async () => {
  await elsewhere.end();
  await town.close();
});

const see = async () => (await seeDatabases(elsewhere, [town.login.database]))[0];

test('from another database it is seen whether a town is served, until that connection ends', async () => {
  expect(await see()).toMatchObject({ name: town.login.database, isServed: false });
  const serving = new pg.Client(town.connection);
  await serving.connect();
  await sayServing(serving);
  expect(await see()).toMatchObject({ isServed: true });
  await serving.end();
  await expect.poll(see).toMatchObject({ isServed: false });
});

test('what an ended connection wrote is counted', async () => {
  const before = (await see())!.writes;
  await town.asOwner(`insert into job_run (what, ran_at) values ('to test', now())`);
  await expect.poll(async () => (await see())!.writes, { timeout: 20_000 }).toBeGreaterThan(before);
});

test('a database that is as this version needs it is found so by the service’s own login, and no other', async () => {
  const { runtime } = testLogins(town.login.database);
  expect(await readUpToDate(runtime, 'migrations')).toMatchObject({ name: town.login.name });
  await town.asOwner(`revoke insert on event from ${town.login.name}`);
  expect(await readUpToDate(runtime, 'migrations')).toBe(null);
  await town.asOwner(`grant insert on event to ${town.login.name}`);
  await town.asOwner(
    `update applied_function set sha256 = 'older' where name = 'book_appointment'`,
  );
  expect(await readUpToDate(runtime, 'migrations')).toBe(null);
});
