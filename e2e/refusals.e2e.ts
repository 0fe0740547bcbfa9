import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_POSTGRES, POSTGRES_BIN, type Postgres, startPostgres } from './support/postgres.ts';
import { freePort, isRoot, NOBODY, temporaryFolder } from './support/processes.ts';
import { writeTown } from './support/proving-town.ts';
import {
  type RunningServer,
  runServer,
  type ServerOptions,
  startServer,
} from './support/server.ts';
import { finestreta } from './support/town.ts';
import { query } from './support/truth.ts';

/** A town that is made in half the time of the demo's. */
const folder = temporaryFolder();
const env = { TOWN_FILE: writeTown(folder.path, 1) };
afterAll(() => folder.remove());

/** Checks a refusal: an end with a code, words, and no internal details. */
async function refusal(options: ServerOptions): Promise<string> {
  const { code, output } = await runServer(options);
  expect(code, output).toBe(1);
  expect(output).not.toMatch(/^\s+at .*\(|node:internal|AggregateError/m);
  expect(output).not.toContain('hunter2');
  return output;
}

const aliveAt = async ({ baseUrl }: RunningServer) => (await fetch(`${baseUrl}/readyz`)).status;

describe('a second server', () => {
  let first: RunningServer;
  beforeAll(async () => {
    first = await startServer({ env });
  });
  afterAll(() => first?.stop());

  it('on the same data folder is refused, with the name of the holder; the first goes on', async () => {
    const output = await refusal({ dataDir: first.dataDir });
    expect(output).toContain(`process ${first.pid}`);
    expect(output).toContain(first.dataDir);
    expect(output).toMatch(/already using the data folder.*DATA_DIR=/s);
    expect(await aliveAt(first)).toBe(200);
  });

  it('on the same port is refused; the first goes on, and nothing of the second is left', async () => {
    const { path, remove } = temporaryFolder();
    const dataDir = join(path, 'data');
    expect(await refusal({ dataDir, port: first.port, env })).toMatch(/Port \d+ is in use.*PORT/);
    expect(await aliveAt(first)).toBe(200);
    // Its folder is free again at once.
    await using third = await startServer({ dataDir, env });
    expect(await aliveAt(third)).toBe(200);
    await third.stop();
    expect(third.databaseProcesses()).toEqual([]);
    remove();
  });
});

describe('the environment', () => {
  it('names every variable that is mistaken, and shows no secret', async () => {
    const env = { CLOCK: 'tomorrow', ROLES: 'cook', DATABASE_URL: 'mysql://me:hunter2@db/x' };
    const output = await refusal({ env });
    for (const name of Object.keys(env)) expect(output).toContain(`${name} must be`);
  });

  it('refuses the demo on a public address', async () => {
    expect(await refusal({ env: { BASE_URL: 'https://cita.vilaclara.cat' } })).toMatch(
      /DEMO=1 .*BASE_URL/,
    );
  });

  it('a town file that isn’t there', async () => {
    expect(await refusal({ env: { TOWN_FILE: '/nowhere/town.yaml' } })).toMatch(
      /TOWN_FILE names \/nowhere\/town.yaml, which can't be read \(ENOENT\)/,
    );
  });

  it('a town file with mistakes: each with its line', async () => {
    const { path, remove } = temporaryFolder();
    const file = join(path, 'town.yaml');
    writeFileSync(
      file,
      'town: { name: X, timeZone: Europe/Madrit, languages: [ca] }\noffices: {}\n',
    );
    expect(await refusal({ env: { TOWN_FILE: file } })).toMatch(/line 1: .*Madrit/);
    remove();
  });
});

describe('the data folder', () => {
  const user = isRoot ? { uid: NOBODY, gid: NOBODY } : undefined;

  it('can’t be written', async () => {
    const { path, remove } = temporaryFolder();
    const dataDir = join(path, 'data');
    mkdirSync(dataDir);
    chmodSync(dataDir, 0o555);
    const output = await refusal({ dataDir, ...(user && { user }) });
    expect(output).toMatch(/No permission.*DATA_DIR/s);
    expect(output).toContain(dataDir);
    remove();
  });

  it('can’t be written, with a database elsewhere: the key has no place', async ({ skip }) => {
    if (!POSTGRES_BIN) return skip(NO_POSTGRES);
    await using postgres = await startPostgres();
    const { path, remove } = temporaryFolder();
    const dataDir = join(path, 'data');
    mkdirSync(dataDir);
    chmodSync(dataDir, 0o555);
    const env = { DATABASE_URL: await postgres.createDatabase() };
    const output = await refusal({ dataDir, env, ...(user && { user }) });
    expect(output).toMatch(/key.*DATA_DIR \(EACCES\)/);
    remove();
  });

  it.skipIf(!isRoot)(
    'of root is given to somebody without rights, as whom the server runs',
    async () => {
      const { path, remove } = temporaryFolder();
      const dataDir = join(path, 'data');
      const rightsOf = (pid: number) => readFileSync(`/proc/${pid}/status`, 'utf8');
      {
        await using server = await startServer({ dataDir, env });
        expect(server.output()).toMatch(/Runs as user .*[1-9]\d*:[1-9]\d*.* from now on/);
        expect(rightsOf(server.pid)).toMatch(/^Uid:\t([1-9]\d*)\t\1\t\1\t\1$/m);
        expect(rightsOf(server.pid)).toMatch(/^CapEff:\t0+$/m);
        expect(statSync(join(dataDir, 'keys')).uid).toBeGreaterThan(0);
      }
      // A command of root's, with no server to join, leaves nothing that the server couldn't open.
      expect(finestreta(['token', 'list', '--office', 'oac'], dataDir).said).toContain('Demo');
      await using server = await startServer({ dataDir, env });
      expect((await fetch(server.baseUrl)).status).toBe(200);
      expect(await server.stop()).toBe(0);
      remove();
    },
  );

  it.skipIf(!isRoot)('of an ordinary user serves them, under their own account', async () => {
    const { path, remove } = temporaryFolder();
    const dataDir = join(path, 'data');
    mkdirSync(dataDir);
    chownSync(dataDir, NOBODY, NOBODY);
    await using server = await startServer({
      dataDir,
      env,
      user: { uid: NOBODY, gid: NOBODY },
    });
    expect((await fetch(server.baseUrl)).status).toBe(200);
    expect(await server.stop()).toBe(0);
    expect(server.databaseProcesses()).toEqual([]);
    remove();
  });
});

describe('DATABASE_URL', () => {
  it('the address doesn’t answer', async () => {
    const DATABASE_URL = `postgres://me:hunter2@127.0.0.1:${await freePort()}/finestreta`;
    expect(await refusal({ env: { DATABASE_URL } })).toMatch(/^DATABASE_URL: .*ECONNREFUSED/m);
  });

  it('another server than PostgreSQL answers there', async () => {
    const stranger = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const port = await freePort();
    await new Promise<void>((resolve) => stranger.listen(port, '127.0.0.1', resolve));
    const DATABASE_URL = `postgres://me:hunter2@127.0.0.1:${port}/finestreta`;
    expect(await refusal({ env: { DATABASE_URL } })).toMatch(/^DATABASE_URL: /m);
    stranger.close();
  });

  describe.skipIf(!POSTGRES_BIN)(`a server${POSTGRES_BIN ? '' : `: ${NO_POSTGRES}`}`, () => {
    let postgres: Postgres;
    beforeAll(async () => {
      postgres = await startPostgres();
    });
    afterAll(() => postgres?.[Symbol.asyncDispose]());

    it('refuses the password', async () => {
      const url = (await postgres.createDatabase()).replace(':secret@', ':hunter2@');
      expect(await refusal({ env: { DATABASE_URL: url } })).toMatch(
        /^DATABASE_URL: .*refuses this user or password.*28P01/m,
      );
    });

    it('has no such database', async () => {
      const url = (await postgres.createDatabase()).replace(/\/\w+$/, '/nowhere');
      expect(await refusal({ env: { DATABASE_URL: url } })).toMatch(
        /^DATABASE_URL: .*no such database/m,
      );
    });

    it('gives no right to create anything', async () => {
      await postgres.createDatabase('owner_of_it');
      const stranger = (await postgres.createDatabase('stranger')).replace(/\w+$/, 'owner_of_it');
      expect(await refusal({ env: { DATABASE_URL: stranger } })).toMatch(
        /^DATABASE_URL: .*may not change the tables/m,
      );
    });

    it('lets a superuser in, and makes the role that is bound by the walls between offices', async () => {
      await postgres.createDatabase('by_superuser');
      const { host, port, user, password } = postgres.superuser;
      const DATABASE_URL = `postgres://${user}:${password}@${host}:${port}/by_superuser`;
      await using server = await startServer({ env: { ...env, DATABASE_URL } });
      expect(await aliveAt(server)).toBe(200);
      const roles = await query<{ role: string }>(
        { connectionString: DATABASE_URL },
        `select rolname as role from pg_roles
         where rolname like 'finestreta_confined_%' and not rolsuper and not rolbypassrls`,
      );
      expect(roles).toHaveLength(1);
      expect(server.output()).toMatch(/could change the tables.*DATABASE_OWNER_URL/);
    });
  });
});
