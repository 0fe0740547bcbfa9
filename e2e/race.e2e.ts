import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type ApiClient, apiClient } from './support/api.ts';
import { NO_POSTGRES, POSTGRES_BIN, type Postgres, startPostgres } from './support/postgres.ts';
import { temporaryFolder } from './support/processes.ts';
import { writeTown } from './support/proving-town.ts';
import { type RunningServer, startServer } from './support/server.ts';
import { connectionOf, readTruth, SOUND } from './support/truth.ts';

/** quality.md: 200 clients fight for one last slot, 100 rounds. Fewer rounds unless ROUNDS says so. */
const CLIENTS = 200;
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const DESKS = 3;

const folder = temporaryFolder();
const town = writeTown(folder.path, DESKS);
afterAll(() => folder.remove());

/** How each client of a round goes for the slot; answers the last answer. */
type Way = (client: ApiClient, start: string) => Promise<Answer>;

const WAYS: Record<string, Way> = {
  'booking at once': (client, start) => client.book(start),
  'holding first': async (client, start) => {
    const held = await client.hold(start);
    if (held.status !== 201) return held;
    return client.book(start, { hold: String(held.body.hold) });
  },
  'some holding, some booking at once': (client, start) =>
    Math.random() < 0.5
      ? client.book(start)
      : (WAYS['holding first']?.(client, start) ?? client.book(start)),
};

/** One round: all desks but one are booked, then everybody wants the remaining one. */
async function round(clients: ApiClient[], start: string, way: Way): Promise<void> {
  const first = clients[0] as ApiClient;
  for (let desk = 1; desk < DESKS; desk++) expect((await first.book(start)).status).toBe(201);
  const answers = await Promise.all(
    Array.from({ length: CLIENTS }, (_, index) =>
      way(clients[index % clients.length] as ApiClient, start),
    ),
  );
  const refused = answers.filter((each) => each.status !== 201);
  expect(refused.map((each) => `${each.status} ${each.body.type}`)).toEqual(
    Array(CLIENTS - 1).fill('409 /problems/slot-taken'),
  );
}

function rounds(servers: () => RunningServer[], url?: () => string) {
  let clients: ApiClient[] = [];
  let starts: string[] = [];
  beforeAll(async () => {
    clients = await Promise.all(servers().map((server) => apiClient(server)));
    const slots = (await clients[0]?.slots(20)) ?? [];
    // Not the first: the clock is the real one, and an hour before a start it is too late.
    const later = slots.slice(20).filter((each) => each.capacity === DESKS);
    starts = later.map((each) => each.start);
  });
  afterAll(() => {
    for (const client of clients) client.close();
  });

  it.each(Object.entries(WAYS))('%s: one wins each round', { timeout: 900_000 }, async (_, way) => {
    const mine = starts.splice(0, ROUNDS);
    expect(mine).toHaveLength(ROUNDS);
    for (const start of mine) await round(clients, start, way);
    const server = servers()[0] as RunningServer;
    const { appointments, ...rest } = await readTruth(connectionOf(server, url?.()));
    expect(rest).toEqual(SOUND);
    for (const start of mine) {
      const there = appointments.filter((each) => each.start === new Date(start).toISOString());
      expect(there).toHaveLength(DESKS);
    }
  });
}

describe('the last slot, on the embedded database', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer({ env: { TOWN_FILE: town } });
  });
  afterAll(() => server?.stop());
  rounds(() => [server]);
});

describe.skipIf(!POSTGRES_BIN)(
  `the last slot, by DATABASE_URL${POSTGRES_BIN ? '' : `: ${NO_POSTGRES}`}`,
  () => {
    let postgres: Postgres;
    let url = '';
    const servers: RunningServer[] = [];
    beforeAll(async () => {
      postgres = await startPostgres();
      url = await postgres.createDatabase();
      const env = { TOWN_FILE: town, DATABASE_URL: url };
      const first = await startServer({ env });
      servers.push(first, await startServer({ env, dataDir: first.dataDir }));
    });
    afterAll(async () => {
      for (const server of servers.reverse()) await server.stop();
      await postgres?.[Symbol.asyncDispose]();
    });

    describe('one server', () =>
      rounds(
        () => servers.slice(0, 1),
        () => url,
      ));
    describe('two servers on one database', () =>
      rounds(
        () => servers,
        () => url,
      ));
  },
);
