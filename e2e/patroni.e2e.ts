import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ApiClient, apiClient } from './support/api.ts';
import { type Bookers, startBookers } from './support/bookers.ts';
import { someTurns, temporaryFolder } from './support/processes.ts';
import { writeTown } from './support/proving-town.ts';
import { type RunningServer, startServer } from './support/server.ts';
import { NO_PATRONI, type Patroni, startPatroni } from './support/standby/patroni.ts';
import { readTruth, SOUND } from './support/truth.ts';

/** How often the primary's machine goes away: it dies, and every second time it stands still, and comes back later. */
const FAILOVERS = Number(process.env.FAILOVERS ?? 1);
const WAYS = ['hosts', 'proxy'] as const;

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** A process with one of both addresses, and what books at it. */
interface Process {
  server: RunningServer;
  client: ApiClient;
  bookers: Bookers;
}

/** Starts a process of the same town for each address, and four systems that book at each. */
async function startBoth(patroni: Patroni): Promise<Process[]> {
  const shared = {
    DATABASE_OWNER_URL: patroni.address('finestreta_owner', 'hosts'),
    TOWN_FILE: writeTown(folder.path, 3),
    INSTALLATION_KEY: randomBytes(32).toString('base64'),
  };
  const servers: RunningServer[] = [];
  for (const by of WAYS) {
    const env = { ...shared, DATABASE_URL: patroni.address('finestreta_runtime', by) };
    servers.push(await startServer({ dataDir: join(folder.path, by), env }));
  }
  return Promise.all(
    servers.map(async (server, index) => {
      const client = await apiClient({ ...server, access: servers[0]!.access });
      const starts = (await client.slots(50)).map(({ start }) => start);
      const own = starts.slice(500 + index * 2_000, 2_500 + index * 2_000);
      return { server, client, bookers: startBookers(client, own, 4) };
    }),
  );
}

describe.skipIf(NO_PATRONI)(
  `Patroni promotes the standby, over TLS${NO_PATRONI ? `: ${NO_PATRONI}` : ''}`,
  { timeout: 3_600_000 },
  () => {
    it('the same processes book on, by several hosts and by HAProxy, with all that was confirmed, once', async () => {
      await using patroni = await startPatroni();
      const processes = await startBoth(patroni);
      const allBook = (many: number) =>
        Promise.all(processes.map(({ bookers }) => bookers.booked(many)));
      const said: string[] = [];
      for (let round = 1; round <= FAILOVERS; round++) {
        const primary = await patroni.primary();
        await allBook(10);
        await someTurns(20);
        const promoting = patroni.promoted(primary === 'db1' ? 'db2' : 'db1');
        const gone = performance.now();
        const isKilled = round % 2 === 1;
        if (isKilled) await patroni.kill(primary);
        else patroni.freeze(primary);
        const promoted = await promoting;
        const booked = await Promise.all(
          processes.map(async ({ bookers }) => {
            await bookers.booked(1);
            return performance.now();
          }),
        );
        await allBook(10);
        const seconds = (ms: number) => (ms / 1_000).toFixed(1);
        const each = booked.map(
          (at, index) => `${WAYS[index]} ${seconds(at - gone)} (${seconds(at - promoted)})`,
        );
        said.push(
          `${isKilled ? 'killed' : 'stood still'}: promoted after ${seconds(promoted - gone)} s; ` +
            `first booking after so many (and from the promotion): ${each.join(', ')}`,
        );
        if (round === FAILOVERS) break;
        if (isKilled) await patroni.start(primary);
        else patroni.thaw(primary);
        await patroni.synchronous();
      }
      for (const { bookers, client } of processes) {
        await bookers.stop();
        client.close();
      }
      const primary = patroni.addressAt(await patroni.primary());
      const { appointments, ...rest } = await readTruth({ connectionString: primary });
      for (const { server } of processes) await server.stop();
      expect(processes.flatMap(({ bookers }) => bookers.wrong)).toEqual([]);
      expect(rest).toEqual(SOUND);
      const told = processes.flatMap(({ bookers }) => bookers.told);
      const confirmed = told.flatMap(({ id, externalId }) => (id ? [`${externalId} ${id}`] : []));
      const there = appointments.map(({ id, externalId }) => `${externalId} ${id}`);
      expect(there.sort()).toEqual(confirmed.sort());
      console.log([`${confirmed.length} booked`, ...said].join('\n'));
    });
  },
);
