import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCOPES } from '../src/domain/scopes.ts';
import { type ApiClient, apiClient } from './support/api.ts';
import { type MailServer, openMailServer } from './support/mail.ts';
import { NO_POSTGRES, POSTGRES_BIN, type Postgres, startPostgres } from './support/postgres.ts';
import { freePort, temporaryFolder, until } from './support/processes.ts';
import { writeTown } from './support/proving-town.ts';
import { type RunningServer, startServer } from './support/server.ts';
import { finestreta } from './support/town.ts';
import { query } from './support/truth.ts';

const lastDay = () => String(Temporal.Now.plainDateISO().add({ months: 1 }));

/** Two towns on a server, one process for their pages and another for their work, both of which let them sleep. */
describe.skipIf(!POSTGRES_BIN)(`towns that sleep${POSTGRES_BIN ? '' : `: ${NO_POSTGRES}`}`, () => {
  const folder = temporaryFolder();
  const dataDir = join(folder.path, 'data');
  const towns = join(folder.path, 'towns');
  let postgres: Postgres;
  let mails: MailServer;
  let web: RunningServer;
  let worker: RunningServer;
  let port: number;
  let url: string;
  let client: ApiClient;
  let starts: string[];

  const env = () => ({
    ...{ DEMO: undefined, TOWNS: towns, TOWN_IDLE_SECONDS: '2', SMTP_URL: mails.url },
    ...{ METRICS_TOKEN: 'x'.repeat(32), LOG_LEVEL: 'info' },
  });
  const startWeb = () => startServer({ dataDir, port, env: { ...env(), ROLES: 'web' } });

  beforeAll(async () => {
    [postgres, mails, port] = await Promise.all([startPostgres(), openMailServer(), freePort()]);
    mkdirSync(towns);
    url = await postgres.createDatabase();
    const addresses = {
      mont: [`http://localhost:${port}`, url],
      vall: [`http://vall.localhost:${port}`, await postgres.createDatabase()],
    };
    const files: Record<string, string> = { mont: '', vall: '' };
    for (const name of Object.keys(files)) {
      mkdirSync(join(folder.path, name));
      files[name] = writeTown(join(folder.path, name), 3);
    }
    for (const [name, [baseUrl, database]] of Object.entries(addresses))
      writeFileSync(
        join(towns, `${name}.env`),
        `BASE_URL=${baseUrl}\nDATABASE_URL=${database}\nTOWN_FILE=${files[name]}\n`,
      );
    const words = ['token', 'create', '--office', 'oac', '--name', 'proves', '--town', 'mont'];
    const rights = ['--scopes', SCOPES.join(), '--expires', lastDay(), '--from', '127.0.0.1/32'];
    web = await startWeb();
    const { code, said } = finestreta([...words, ...rights], dataDir, commandEnv());
    expect([code, said]).toEqual([0, expect.any(String)]);
    const token = said.split('\n').find((line) => /^\S{20,}$/.test(line)) ?? '';
    worker = await startServer({ dataDir, env: { ...env(), ROLES: 'worker' } });
    client = await apiClient({
      ...web,
      access: async () => ({ staff: [], tokens: { oac: token } }),
    });
    starts = (await client.slots(30)).slice(1_000).map((each) => each.start);
  });
  afterAll(async () => {
    client?.close();
    await web?.stop();
    await worker?.stop();
    await postgres?.[Symbol.asyncDispose]();
    await mails?.[Symbol.asyncDispose]();
    folder.remove();
  });

  const commandEnv = () =>
    Object.fromEntries(Object.entries(env()).filter((pair): pair is [string, string] => !!pair[1]));

  /** Resolves once neither process has a connection to the town's database. */
  const asleep = () =>
    until('the town sleeps in both processes', async () => {
      const rows = await query<{ count: number }>(
        postgres.superuser,
        `select count(*)::int as count from pg_stat_activity
           where datname = '${new URL(url).pathname.slice(1)}' and application_name <> 'finestreta-watch'
             and backend_type = 'client backend'`,
      );
      return rows[0]?.count === 0;
    });

  const bookFor = async (key: string) => {
    const booked = await client.book(starts.shift()!, { externalId: key });
    expect(booked.status).toBe(201);
  };

  test('a booking wakes the town in both, its confirmation goes out, and both let it sleep again', async () => {
    await asleep();
    await bookFor('anna');
    expect((await mails.mailTo('anna@vilaclara.example', 1)).text).toContain('Prova');
    await asleep();
  });

  test('a mail that becomes due while nobody visits is sent', async () => {
    await asleep();
    await query(
      { connectionString: url },
      `update notice set sent_at = null, admitted_at = null, attempts = 0, expires_at = null,
         not_before = now(), next_try_at = now() + interval '14 seconds'
       where kind = 'confirmation'`,
    );
    expect((await mails.mailTo('anna@vilaclara.example', 2)).text).toContain('Prova');
  });

  test('a process that is killed right after it has taken a booking loses nothing', async () => {
    await asleep();
    await bookFor('blai');
    await web.kill9();
    expect((await mails.mailTo('blai@vilaclara.example', 1)).text).toContain('Prova');
    web = await startWeb();
    await asleep();
  });

  test('the other town was left alone, and monitoring says how many sleep', async () => {
    await asleep();
    const headers = { Authorization: `Bearer ${'x'.repeat(32)}` };
    const metrics = async () =>
      (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).text();
    await expect.poll(metrics).toContain('finestreta_towns{state="asleep"} 2');
    expect(web.output() + worker.output()).not.toMatch(/"level":50/);
  });
});
