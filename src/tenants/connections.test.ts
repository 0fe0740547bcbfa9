import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { addressesOf, type TestDatabase, testDatabase, testLogins } from '../lib/db/testing.ts';
import { openTenants, type Tenants } from './tenants.ts';

const NAMES = ['mont', 'vall'];
const hostOf = (name: string) => `cita.${name}.localhost`;
const databases: TestDatabase[] = [];
const troubles: string[] = [];
let folder: string;
let server: pg.Client;
let tenants: Tenants;

beforeAll(async () => {
  server = new pg.Client(testLogins().runtime);
  await server.connect();
  folder = mkdtempSync(join(tmpdir(), 'finestreta-towns-'));
  const towns = [];
  for (const name of NAMES) {
    const database = await testDatabase();
    databases.push(database);
    const config = readConfig({
      ...addressesOf(database),
      DATA_DIR: join(folder, name),
      BASE_URL: `http://${hostOf(name)}`,
      TOWN_FILE: 'towns/vilaclara.yaml',
    });
    towns.push({ name, config });
  }
  const log = pino({ level: 'error' }, { write: (line: string) => void troubles.push(line) });
  tenants = openTenants(towns, log, { isTicking: false, idleMs: 1_000, watch: null });
});
afterAll(async () => {
  await tenants.close();
  for (const each of databases) await each.close();
  await server.end();
  rmSync(folder, { recursive: true });
});

/** Returns how many connections to a town's database the server has, without those of this test. */
async function connectionsOf(nth: number): Promise<number> {
  const { login } = databases[nth]!;
  const { rows } = await server.query<{ many: number }>(
    'select count(*)::int as many from pg_stat_activity where datname = $1 and usename = $2',
    [login.database, login.name],
  );
  return rows[0]!.many - databases[nth]!.pool.totalCount;
}

test('a town that is woken for its work has a few connections, and more once somebody looks in', async () => {
  await tenants.tick();
  await expect.poll(() => tenants.open().length, { timeout: 60_000 }).toBe(2);
  expect((await tenants.fetch(new Request(`http://${hostOf('mont')}/ca`))).status).toBe(200);
  const { pool } = tenants.open().find(({ config }) => config.baseUrl.includes('mont'))!.database;
  const taken = await Promise.all(Array.from({ length: 10 }, () => pool.connect()));
  expect(await connectionsOf(0)).toBeGreaterThan(10);
  for (const each of taken) each.release();

  let most = 0;
  const isAsleep = async () => {
    // Idle connections stay until the town is about to fall asleep.
    most = Math.max(most, await connectionsOf(1));
    await tenants.tick();
    return !tenants.open().some(({ config }) => config.baseUrl.includes('vall'));
  };
  await expect.poll(isAsleep, { timeout: 60_000 }).toBe(true);
  // One of them listens, and one is for accounts, which have a pool of their own.
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(4 + 2);
  expect(troubles).toEqual([]);
});
