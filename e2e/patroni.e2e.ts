import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, apiClient } from './support/api.ts';
import { type Bookers, startBookers } from './support/bookers.ts';
import { someTurns, temporaryFolder } from './support/processes.ts';
import { writeTown } from './support/proving-town.ts';
import { type RunningServer, startServer } from './support/server.ts';
import { type Archive, NO_ARCHIVE, openArchive } from './support/standby/bucket.ts';
import { NO_PATRONI } from './support/standby/deployed.ts';
import { type Patroni, startPatroni } from './support/standby/patroni.ts';
import { query, readTruth, SOUND } from './support/truth.ts';

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

const KEY = randomBytes(32).toString('base64');

/** Starts a process of the town with one of both addresses. */
function startOne(patroni: Patroni, by: (typeof WAYS)[number]): Promise<RunningServer> {
  const env = {
    DATABASE_URL: patroni.address('finestreta_runtime', by),
    DATABASE_OWNER_URL: patroni.address('finestreta_owner', 'hosts'),
    TOWN_FILE: writeTown(folder.path, 3),
    INSTALLATION_KEY: KEY,
  };
  return startServer({ dataDir: join(folder.path, by), env });
}

/** Starts a process of the same town for each address, and four systems that book at each. */
async function startBoth(patroni: Patroni): Promise<Process[]> {
  const servers: RunningServer[] = [];
  for (const by of WAYS) servers.push(await startOne(patroni, by));
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
    let patroni: Patroni;
    let archive: Archive | null;
    beforeAll(async () => {
      patroni = await startPatroni();
      archive = NO_ARCHIVE ? null : await openArchive(patroni);
      await patroni.synchronous();
      await archive?.run('db1', 'stanza-create');
      await archive?.run('db1', 'check');
      await archive?.run('db1', '--type=full', 'backup');
    }, 240_000);
    afterAll(async () => {
      await patroni?.[Symbol.asyncDispose]();
      await archive?.[Symbol.asyncDispose]();
    });

    it('the same processes book on, by several hosts and by HAProxy, with all that was confirmed, once', async () => {
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

    it.skipIf(NO_ARCHIVE)(
      'an archive in a bucket goes on at the new primary, and both go back to a moment after the fail-over',
      async () => {
        const { run, restore } = archive!;
        const primary = await patroni.primary();
        const standby = primary === 'db1' ? 'db2' : 'db1';
        const owner = { connectionString: patroni.addressAt(primary) };
        await patroni.start(standby);
        await patroni.synchronous();
        await expect(run(standby, '--type=incr', 'backup')).rejects.toThrow(
          'unable to find primary cluster',
        );
        await run(primary, '--type=incr', 'backup');
        const before = await readTruth(owner);
        const [row] = await query<{ moment: string }>(owner, 'select now()::text as moment');
        await query(owner, 'create table later ()');
        // It asks for the file that is being written, and waits until it is in the archive.
        await run(primary, 'check');

        await restore(primary, standby, row!.moment);
        expect(await readTruth(owner)).toEqual(before);
        expect(await query(owner, `select to_regclass('later') as later`)).toEqual([
          { later: null },
        ]);
        await run(primary, 'check');
        await using server = await startOne(patroni, 'proxy');
        const client = await apiClient(server);
        const [free] = (await client.slots(50)).slice(-1);
        expect((await client.book(free!.start)).status).toBe(201);
        client.close();
      },
    );
  },
);
