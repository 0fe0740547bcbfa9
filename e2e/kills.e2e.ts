import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, apiClient } from './support/api.ts';
import { type Bookers, startBookers, type Told } from './support/bookers.ts';
import { openMailServer } from './support/mail.ts';
import { NO_POSTGRES, POSTGRES_BIN, startPostgres } from './support/postgres.ts';
import { freePort, someTurns, temporaryFolder, until } from './support/processes.ts';
import { writeTown } from './support/proving-town.ts';
import { type RunningServer, type ServerOptions, startServer } from './support/server.ts';
import { connectionOf, readTruth, SOUND } from './support/truth.ts';

/** quality.md: 200 times. Fewer unless KILLS says so; half of them the server's, half the database's. */
const KILLS = Number(process.env.KILLS ?? 20);
const BOOKERS = 8;
/** Three deaths of the database in a row are borne; the fourth ends the server. */
const DEATHS_BORNE = 3;

const folder = temporaryFolder();
const town = writeTown(folder.path, 3);
afterAll(() => folder.remove());

/** Every request was answered in the end, so the answers must match the database exactly. */
async function expectTruth(told: Told[], server: RunningServer, url?: string): Promise<void> {
  const { appointments, ...rest } = await readTruth(connectionOf(server, url));
  expect(rest).toEqual(SOUND);
  const booked = told.filter((each) => each.id !== null);
  const asTold = booked.map(({ id, externalId, start }) => ({
    id,
    externalId,
    start: new Date(start).toISOString(),
    notices: 1,
  }));
  const byId = (a: { id: string | null }, b: { id: string | null }) =>
    (a.id ?? '').localeCompare(b.id ?? '');
  expect(appointments.toSorted(byId)).toEqual(asTold.toSorted(byId));
}

/** Starts in the far half of the horizon, so that a clock put forward finds them still to come. */
async function startsOf(client: ApiClient): Promise<string[]> {
  const slots = await client.slots(50);
  return slots.slice(500).map((each) => each.start);
}

async function killServer(
  options: ServerOptions & { dataDir: string },
  times: number,
): Promise<{ server: RunningServer; bookers: Bookers; client: ApiClient }> {
  let server = await startServer(options);
  const client = await apiClient(server);
  const bookers = startBookers(client, await startsOf(client), BOOKERS);
  for (let kill = 1; kill <= times; kill++) {
    await bookers.booked(1 + Math.floor(Math.random() * 40));
    await someTurns(20);
    await server.kill9();
    server = await startServer(options);
  }
  await bookers.booked(10);
  await bookers.stop();
  return { server, bookers, client };
}

describe('kill -9 of the server in the middle of bookings', { timeout: 1_800_000 }, () => {
  it('on the embedded database: all that was confirmed is there, once; nothing stays behind', async () => {
    await using mail = await openMailServer();
    const dataDir = join(folder.path, 'server');
    const env = { TOWN_FILE: town, SMTP_URL: mail.url };
    const options = { dataDir, port: await freePort(), env };
    const times = Math.ceil(KILLS / 2);
    const { server, bookers, client } = await killServer(options, times);
    expect(bookers.wrong).toEqual([]);
    await expectTruth(bookers.told, server);
    expect(await server.stop()).toBe(0);
    client.close();
    expect(server.databaseProcesses()).toEqual([]);

    // Messages that a dead server had taken are due again when their lease has ended, within minutes:
    // the clock goes on.
    const later = Temporal.Now.instant().add({ minutes: 15 }).toString();
    await using last = await startServer({ ...options, env: { ...env, CLOCK: later } });
    const booked = bookers.told.filter((each) => each.id !== null);
    const messages = () => new Set(mail.received.map((each) => each.messageId));
    await until('every confirmation has come', () => messages().size >= booked.length, 120);
    await last.stop();
    expect(messages().size).toBe(booked.length);
    const twice = mail.received.length - booked.length;
    console.log(
      `${times} kills of the server: ${booked.length} booked, ${bookers.told.length - booked.length} refused, ` +
        `${bookers.unanswered.length} left without an answer at first; ${twice} mails came twice`,
    );
    for (const id of messages())
      expect(mail.received.filter((each) => each.messageId === id).length).toBeLessThanOrEqual(2);
  });

  it('by DATABASE_URL', async ({ skip }) => {
    if (!POSTGRES_BIN) return skip(NO_POSTGRES);
    await using postgres = await startPostgres();
    const url = await postgres.createDatabase();
    const env = { TOWN_FILE: town, DATABASE_URL: url };
    const dataDir = join(folder.path, 'by-url');
    const options = { dataDir, port: await freePort(), env };
    const { server, bookers, client } = await killServer(options, Math.ceil(KILLS / 10));
    expect(bookers.wrong).toEqual([]);
    await expectTruth(bookers.told, server, url);
    expect(await server.stop()).toBe(0);
    client.close();
  });
});

describe('kill -9 of the embedded database', { timeout: 1_800_000 }, () => {
  let server: RunningServer;
  const options = { dataDir: join(folder.path, 'database'), env: { TOWN_FILE: town } };
  let port = 0;
  const start = () => startServer({ ...options, port });
  beforeAll(async () => {
    port = await freePort();
    server = await start();
  });
  afterAll(() => server?.stop());

  it('again and again: it comes back by itself, with all that was confirmed, once', async () => {
    const client = await apiClient(server);
    const bookers = startBookers(client, await startsOf(client), BOOKERS);
    const times = Math.floor(KILLS / 2);
    for (let kill = 1; kill <= times; kill++) {
      await bookers.booked(1 + Math.floor(Math.random() * 40));
      await someTurns(20);
      const victim = server.databasePid();
      process.kill(victim, 'SIGKILL');
      await until('the database is back', () => backAfter(victim));
      if (kill % DEATHS_BORNE === 0 && kill < times) {
        // A server that is stopped while its database still starts ends it after twenty seconds, with 1.
        await bookers.booked(1);
        expect(await server.stop()).toBe(0);
        server = await start();
      }
    }
    await bookers.booked(10);
    await bookers.stop();
    client.close();
    expect(bookers.wrong).toEqual([]);
    await expectTruth(bookers.told, server);
    const booked = bookers.told.filter((each) => each.id !== null).length;
    console.log(
      `${times} kills of the database: ${booked} booked, ${bookers.told.length - booked} refused, ` +
        `${bookers.unanswered.length} left without an answer at first`,
    );
    expect(await server.stop()).toBe(0);
    expect(server.databaseProcesses()).toEqual([]);
  });

  function backAfter(victim: number): boolean {
    try {
      return server.databasePid() !== victim;
    } catch {
      return false;
    }
  }
});
