import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { type ApiClient, apiClient } from './support/api.ts';
import { type Bookers, startBookers } from './support/bookers.ts';
import { type Front, openFront } from './support/front.ts';
import { NO_POSTGRES, POSTGRES_BIN, startPostgres } from './support/postgres.ts';
import { freePort, temporaryFolder, until } from './support/processes.ts';
import { writeTown } from './support/proving-town.ts';
import { type RunningServer, runServer, startServer } from './support/server.ts';
import { connectionOf, query, readTruth, SOUND } from './support/truth.ts';
import { makeVersion } from './support/upgrade/versions.ts';

const folder = temporaryFolder();
const town = writeTown(folder.path, 3);
afterAll(() => folder.remove());

/** Older than every version that the tree can have. */
const [OLD, NEW, SHUTTING] = ['0.0.5', '0.0.6', '0.0.7'] as const;
const KEY = randomBytes(32).toString('base64');
const old = () => makeVersion(folder.path, OLD);

/** The newer version changes a table on which all bookings depend, and a function that books. */
function newer(): string {
  const program = makeVersion(folder.path, NEW, {
    '9001_more':
      "-- expand: more\nalter table appointment add column made_up text default 'web';\n",
  });
  appendFileSync(join(program, 'migrations/functions/book_appointment.sql'), '-- Newer.\n');
  return program;
}

/** Leads requests only to processes that say they are ready, as a web server before them does. */
async function openReady(): Promise<Front & { ports: Set<number>; stop(): Promise<void> }> {
  const front = await openFront();
  const ports = new Set<number>();
  let isStopped = false;
  const isReady = (port: number) =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    );
  const asking = (async () => {
    while (!isStopped) {
      const ready = await Promise.all(
        [...ports].map(async (port) => (await isReady(port)) && port),
      );
      front.behind.splice(0, Infinity, ...ready.filter((each) => each !== false));
      await pause(50);
    }
  })();
  const stop = async () => {
    isStopped = true;
    await asking;
  };
  return { ...front, ports, stop };
}

/** Returns the status of an answer that came whole; `none`: it did not. */
async function statusAt(url: string): Promise<string> {
  try {
    const answer = await fetch(url, { redirect: 'manual' });
    await answer.text();
    return String(answer.status);
  } catch {
    return 'none';
  }
}

/** Reads pages without a pause, as citizens do. */
function startReaders(port: number, many: number) {
  const counts = new Map<string, number>();
  let isStopping = false;
  const read = async () => {
    while (!isStopping)
      for (const path of ['/ca', '/ca/oac/prova', '/healthz']) {
        const answer = await statusAt(`http://localhost:${port}${path}`);
        counts.set(answer, (counts.get(answer) ?? 0) + 1);
      }
  };
  const reading = Promise.all(Array.from({ length: many }, read));
  return {
    counts,
    stop: async () => {
      isStopping = true;
      await reading;
    },
  };
}

/** Every booking that was answered is there once, and nothing else is. */
async function expectAllThere(bookers: Bookers, url: string): Promise<void> {
  expect(bookers.wrong).toEqual([]);
  expect(bookers.unanswered()).toBe(0);
  const { appointments, ...rest } = await readTruth(connectionOf({ dataDir: '' }, url));
  expect(rest).toEqual(SOUND);
  const told = bookers.told.flatMap(({ id, externalId }) => (id ? [`${externalId} ${id}`] : []));
  expect(appointments.map(({ id, externalId }) => `${externalId} ${id}`).sort()).toEqual(
    told.sort(),
  );
}

async function bookersOf(client: ApiClient): Promise<Bookers> {
  const starts = (await client.slots(50)).slice(500).map((each) => each.start);
  return startBookers(client, starts, 4);
}

describe.skipIf(!POSTGRES_BIN)(
  `an upgrade while people book${POSTGRES_BIN ? '' : `: ${NO_POSTGRES}`}`,
  () => {
    it('to a version that only adds, and back: no error, nothing lost, nothing twice', async () => {
      await using postgres = await startPostgres();
      const url = await postgres.createDatabase();
      await using front = await openReady();
      const env = {
        ...{ DATABASE_URL: url, TOWN_FILE: town, INSTALLATION_KEY: KEY, DRAIN_SECONDS: '2' },
        BASE_URL: `http://localhost:${front.port}`,
      };
      const begin = async (program: string): Promise<RunningServer> => {
        const server = await startServer({ env, program });
        front.ports.add(server.port);
        await until('it is led to', () => front.behind.includes(server.port));
        return server;
      };
      const versions = () =>
        query<{ name: string }>(
          { connectionString: url },
          `select application_name as name from pg_stat_activity where application_name like 'finestreta %' order by 1`,
        );
      const [before, after] = [old(), newer()];

      const first = await begin(before);
      const client = await apiClient({ ...first, port: front.port });
      const bookers = await bookersOf(client);
      const readers = startReaders(front.port, 2);
      await bookers.booked(20);

      const second = await begin(after);
      await bookers.booked(20);
      expect((await versions()).map(({ name }) => name)).toEqual([
        `finestreta ${OLD}`,
        `finestreta ${NEW}`,
      ]);
      expect(await first.stop()).toBe(0);
      await bookers.booked(20);

      const third = await begin(before);
      expect(third.output()).toContain(`The database is of Finestreta ${NEW}, and stays so`);
      expect(await second.stop()).toBe(0);
      await bookers.booked(20);

      await bookers.stop();
      await readers.stop();
      await expectAllThere(bookers, url);
      expect(Object.keys(Object.fromEntries(readers.counts))).toEqual(['200']);
      console.log(
        `${bookers.told.length} bookings and ${readers.counts.get('200')} pages during an upgrade and the way back`,
      );
      client.close();
      await front.stop();
      await third.stop();
    }, 240_000);

    it('to one that takes something away waits for the old one to end, and the old one then refuses', async () => {
      await using postgres = await startPostgres();
      const url = await postgres.createDatabase();
      const env = { DATABASE_URL: url, TOWN_FILE: town, INSTALLATION_KEY: KEY };
      const before = makeVersion(join(folder.path, 'shut'), OLD);
      const after = makeVersion(join(folder.path, 'shut'), SHUTTING, {
        '9001_less': `-- contract of ${OLD}: nothing, here\ncomment on table office is 'less';\n`,
      });
      const first = await startServer({ env, program: before });
      const port = await freePort();
      const coming = startServer({ env, program: after, port });
      const migrated = () => query(connectionOf({ dataDir: '' }, url), MIGRATED);
      const said = () =>
        fetch(`http://127.0.0.1:${port}/ca`).then(
          ({ status }) => status,
          () => 0,
        );
      await until('the new one says that it is being opened', async () => (await said()) === 503);
      expect(await migrated()).toEqual([]);
      expect((await fetch(`${first.baseUrl}/ca`)).status).toBe(200);
      expect(await first.stop()).toBe(0);
      await using second = await coming;
      expect((await fetch(`${second.baseUrl}/ca`)).status).toBe(200);
      const refused = await runServer({ env, program: before });
      expect(refused.code).toBe(1);
      expect(refused.output).toContain(`only versions after ${OLD} work`);
    }, 240_000);
  },
);

const MIGRATED = `select from schema_release where version = '${SHUTTING}'`;
