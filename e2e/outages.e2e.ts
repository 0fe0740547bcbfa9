import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findEmbedded } from '../src/lib/db/embedded.ts';
import { type ApiClient, apiClient } from './support/api.ts';
import { openClient } from './support/client.ts';
import { NO_POSTGRES, POSTGRES_BIN, signalAll, startPostgres } from './support/postgres.ts';
import { isRoot, temporaryFolder, until } from './support/processes.ts';
import { writeTown } from './support/proving-town.ts';
import { type RunningServer, startServer } from './support/server.ts';
import { connectionOf, query, readTruth, SOUND } from './support/truth.ts';

const folder = temporaryFolder();
const env = { TOWN_FILE: writeTown(folder.path, 2) };

const TIMES = '/ca/oac/prova/times?channel=phone&language=ca';

/** The status of a GET, of which only the head is looked at; 0: no answer. */
async function statusOf(server: RunningServer, path: string, seconds = 30): Promise<number> {
  try {
    const signal = AbortSignal.timeout(seconds * 1000);
    return (await fetch(`http://127.0.0.1:${server.port}${path}`, { signal })).status;
  } catch {
    return 0;
  }
}

/** Checks the answers to a citizen, a monitoring system and the API without a database. */
async function expectNotNow(server: RunningServer, client: ApiClient, start: string) {
  expect(await statusOf(server, '/healthz'), server.output()).toBe(200);
  expect(await statusOf(server, '/readyz')).toBe(503);
  for (const path of ['/', '/ca', '/ca/oac', '/demo']) {
    const page = await fetch(`http://127.0.0.1:${server.port}${path}`);
    const text = await page.text();
    expect(`${path} ${page.status}`).toBe(`${path} 503`);
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(text).toContain('<h1');
    expect(text).not.toMatch(/ECONN|Error|postgres|\bat .*:\d+/);
  }
  const refused = await client.book(start, { externalId: 'while-away' });
  expect(refused).toMatchObject({ status: 503, body: { type: '/problems/not-now' } });
  expect(Number(refused.retryAfter)).toBeGreaterThan(0);
}

async function readyAgain(server: RunningServer): Promise<void> {
  const isReady = async () => (await statusOf(server, '/readyz')) === 200;
  await until('the server is ready again', isReady).catch((error: Error) => {
    throw new Error(`${error.message}\n${server.output()}`);
  });
}

/** Recovered without a restart: the same process books, and the refused requests left nothing. */
async function expectBack(server: RunningServer, client: ApiClient, start: string, url?: string) {
  await readyAgain(server);
  expect(await statusOf(server, '/')).toBeLessThan(400);
  const booked = await client.book(start, { externalId: 'while-away' });
  expect(booked.status).toBe(201);
  const { appointments, ...rest } = await readTruth(connectionOf(server, url));
  expect(rest).toEqual(SOUND);
  expect(appointments.filter((each) => each.externalId === 'while-away')).toHaveLength(1);
}

async function firstStart(client: ApiClient): Promise<string> {
  return (await client.slots(10))[5]?.start ?? '';
}

describe.skipIf(!POSTGRES_BIN)(
  `the server of DATABASE_URL${POSTGRES_BIN ? '' : `: ${NO_POSTGRES}`}`,
  () => {
    it('goes away and comes back', async () => {
      await using postgres = await startPostgres();
      const url = await postgres.createDatabase();
      await using server = await startServer({ env: { ...env, DATABASE_URL: url } });
      const client = await apiClient(server);
      const start = await firstStart(client);
      await postgres.halt();
      await expectNotNow(server, client, start);
      await postgres.start();
      await expectBack(server, client, start, url);
      client.close();
    });

    it('takes connections and says nothing: every request ends all the same', async () => {
      await using postgres = await startPostgres();
      const url = await postgres.createDatabase();
      await using server = await startServer({ env: { ...env, DATABASE_URL: url } });
      const client = await apiClient(server);
      const start = await firstStart(client);
      postgres.freeze();
      const frozen = await Promise.all([
        statusOf(server, '/healthz'),
        statusOf(server, '/readyz'),
        statusOf(server, '/'),
        client.hold(start).then((answer) => answer.status),
      ]);
      expect(frozen).toEqual([200, 503, 503, 503]);
      postgres.thaw();
      await readyAgain(server);
      const { appointments: _, ...rest } = await readTruth({ connectionString: url });
      expect(rest).toEqual(SOUND);
      client.close();
    });

    it('says nothing while ours is to stop: it stops all the same', async () => {
      await using postgres = await startPostgres();
      const url = await postgres.createDatabase();
      await using server = await startServer({ env: { ...env, DATABASE_URL: url } });
      postgres.freeze();
      const asked = statusOf(server, '/');
      // Whether connections are given up before the process gives up closing them depends on when each was used last.
      const code = await server.stop();
      expect([0, 1]).toContain(code);
      expect(server.output().includes('Not everything could be closed in good order')).toBe(
        code === 1,
      );
      await asked;
    });
  },
);

describe('the embedded database', () => {
  it('stands still: every request ends all the same', async () => {
    await using server = await startServer({ env });
    const client = await apiClient(server);
    const start = await firstStart(client);
    const database = server.databasePid();
    signalAll(database, 'SIGSTOP');
    try {
      const frozen = await Promise.all([
        statusOf(server, '/healthz'),
        statusOf(server, '/readyz'),
        statusOf(server, '/'),
        client.hold(start).then((answer) => answer.status),
      ]);
      expect(frozen).toEqual([200, 503, 503, 503]);
    } finally {
      signalAll(database, 'SIGCONT');
    }
    await readyAgain(server);
    client.close();
  });
});

describe('a full disk', () => {
  it('is no lie and no end: not now, and on without a restart once there is space', async ({
    skip,
  }) => {
    const disk = mountSmallDisk(160);
    if (!disk) return skip('a small disk can only be mounted as root, where mounting is allowed');
    try {
      await using server = await startServer({ env, dataDir: join(disk.path, 'data') });
      const client = await apiClient(server);
      const starts = (await client.slots(20)).map((each) => each.start);
      const told = new Map<string, number>();
      const book = async (index: number) => {
        const externalId = `full-${index}`;
        const { status } = await client.book(starts[index] ?? '', { externalId });
        told.set(externalId, status);
        return status;
      };
      expect(await book(0)).toBe(201);
      const citizen = openClient(server.baseUrl, 'ca');
      const start = starts.at(-1) ?? '';
      const details = await citizen.post(TIMES, { start });
      disk.fill();
      await fillJournal(server);
      // Longer than one death: a database that gave up while the disk is full would need a restart of ours.
      await until('the database waits for space', () =>
        server.output().includes('waiting for space'),
      );
      let index = 1;
      await until('there is no space for a booking', async () => (await book(index++)) !== 201);
      for (let more = 0; more < 5; more++) await book(index++);
      const statuses = [...told.values()].slice(1);
      expect(statuses.filter((each) => each !== 201 && each !== 503)).toEqual([]);
      expect(statuses).toContain(503);
      await expectNotNow(server, client, start);
      const form = { name: 'Rosa Soler', phone: '612 345 670', whom: 'self', anything: 'no' };
      const kept = await citizen.post(details.path, form);
      expect(kept.status).toBe(503);
      expect(kept.html).toMatch(/<form method="post".*value="Rosa Soler".*Torna-ho a enviar/s);

      disk.empty();
      await until('bookings go on', async () => (await book(index++)) === 201);
      const check = await citizen.post(details.path, form);
      expect(check.html).toContain(form.name);
      expect((await citizen.post(check.path, {})).path).toMatch(/\/confirmed$/);
      const { appointments, ...rest } = await readTruth(connectionOf(server));
      expect(rest).toEqual(SOUND);
      const there = new Set(appointments.map((each) => each.externalId));
      for (const [externalId, status] of told)
        if (status === 201) expect(there).toContain(externalId);
      client.close();
    } finally {
      disk.unmount();
    }
  });

  /** Writes until the journal needs a new file, which a full disk has no space for. */
  async function fillJournal(server: RunningServer): Promise<void> {
    const { superuser } = findEmbedded(server.dataDir)!.logins;
    for (let times = 0; times < 40; times++) {
      try {
        await query(
          superuser,
          `select pg_logical_emit_message(false, 'filler', repeat('x', 4000000))`,
        );
      } catch {
        return;
      }
    }
    throw new Error('The disk was never full');
  }
});

function mountSmallDisk(megabytes: number) {
  if (!isRoot) return null;
  const path = join(folder.path, `disk-${Math.random().toString(36).slice(2)}`);
  mkdirSync(path);
  const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', path];
  if (spawnSync('mount', options).status !== 0) return null;
  const filler = join(path, 'filler');
  return {
    path,
    fill: () => {
      const { bavail, bsize } = statfsSync(path);
      try {
        writeFileSync(filler, Buffer.alloc(bavail * bsize, 1));
      } catch (error) {
        // The server wrote something meanwhile: then it is full all the same.
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
      chmodSync(filler, 0o600);
    },
    empty: () => rmSync(filler),
    unmount: () => spawnSync('umount', ['-l', path]),
  };
}
