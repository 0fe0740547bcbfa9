import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog, recentTroubles } from '../../log/recent-troubles.ts';
import { openDatabase } from '../database.ts';
import { addressesOf, type TestDatabase, testDatabase } from '../testing.ts';
import { openReading } from './reading.ts';

/** Where nobody listens: a port that no program is given by chance. */
const nobody = { host: '127.0.0.1', port: 1, user: 'x', database: 'x' };
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const options = { pool: 4, now: () => Temporal.Now.instant() };

test('a server that is no standby is not read, and the log says it once', async () => {
  // The log of a process: its methods need it.
  const log = createLog('warn');
  const standbyUrl = addressesOf(database).DATABASE_URL;
  const reading = await openReading({ primary: database, standbyUrl, log, ...options });
  const read = () => sql`select 1 as one`.execute(reading.kysely);
  expect((await read()).rows).toEqual([{ one: 1 }]);
  await read();
  expect(await reading.standby()).toMatchObject({ isUsed: false, trouble: 'promoted' });
  expect(recentTroubles(log)).toMatchObject([
    {
      message: 'The standby in DATABASE_READ_URL is a primary: figures are read at the primary',
      times: 1,
    },
  ]);
  await reading.close();
});

test('while the primary is busy, what was known of the standby holds', async () => {
  const { connection, login } = database;
  const primary = await openDatabase({ connection, login, pool: 1, onIdleError() {} });
  const log = createLog('info');
  const standbyUrl = addressesOf(database).DATABASE_URL;
  const reading = await openReading({ primary, standbyUrl, log, ...options });
  expect(await reading.standby()).toMatchObject({ trouble: 'promoted' });
  const busy = await primary.pool.connect();
  const isAsked = async () => {
    await reading.standby();
    return primary.pool.waitingCount;
  };
  await expect.poll(isAsked, { timeout: 5_000 }).toBe(1);
  expect(await reading.standby()).toMatchObject({ trouble: 'promoted' });
  busy.release();
  await expect.poll(() => primary.pool.waitingCount).toBe(0);
  expect(await reading.standby()).toMatchObject({ trouble: 'promoted' });
  expect(recentTroubles(log)).toMatchObject([{ message: expect.stringContaining('is a primary') }]);
  await reading.close();
  await primary.close();
});

test('a standby that takes connections and says nothing counts as away', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const standbyUrl = `postgres://x@127.0.0.1:${port}/x`;
  const log = createLog('warn');
  const reading = await openReading({ primary: database, standbyUrl, log, ...options });
  const read = await sql`select 1 as one`.execute(reading.kysely);
  expect(read.rows).toEqual([{ one: 1 }]);
  await expect.poll(() => reading.standby()).toMatchObject({ isUsed: false, trouble: 'away' });
  for (const each of sockets) each.destroy();
  silent.close();
  await reading.close();
});

test('when both servers are away, whoever reads is told, and the process goes on', async () => {
  const { login } = database;
  const primary = await openDatabase({ connection: nobody, login, pool: 2, onIdleError() {} });
  const standbyUrl = `postgres://x@127.0.0.1:${nobody.port}/x`;
  const log = { info() {}, warn() {} };
  const reading = await openReading({ primary, standbyUrl, log, ...options });
  const failures = [0, 1, 2].map(() => reading.standby());
  for (const each of await Promise.allSettled(failures)) expect(each.status).toBe('rejected');
  await expect(sql`select 1`.execute(reading.kysely)).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
  await reading.close();
  await primary.close();
});
