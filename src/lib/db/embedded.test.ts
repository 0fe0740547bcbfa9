import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findNative, prepareBinaries } from './embedded/binaries.ts';
import { explain } from './embedded/errors.ts';
import { openFolder } from './embedded/folder.ts';
import { chooseIdentity } from './embedded/identity.ts';
import { DataFolderInUse, type Embedded, findEmbedded, startEmbedded } from './embedded.ts';

const OWNER = join(import.meta.dirname, 'embedded', 'owner.fixture.ts');
const isRoot = process.getuid?.() === 0;
const NOBODY = 65534;
const WITHIN = { timeout: 30_000, interval: 10 };

let place: string;
let dataDir: string;
const started: Embedded[] = [];
const children: ChildProcess[] = [];

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'finestreta-test-'));
  chmodSync(place, 0o755);
  dataDir = join(place, 'data');
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  for (const embedded of started.splice(0)) await embedded.stop();
  rmSync(place, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

const start = async (folder = dataDir) => {
  const log = { info: vi.fn<(line: string) => void>(), warn: vi.fn<(line: string) => void>() };
  const embedded = await startEmbedded({ dataDir: folder, log });
  started.push(embedded);
  return { embedded, log };
};

const ask = async <T extends pg.QueryResultRow>(embedded: Embedded, sql: string) => {
  const client = new pg.Client(embedded.logins.owner);
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
};

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Runs the fixture until it has written a few rows. */
const owner = async (folder = dataDir, user: { uid?: number; gid?: number } = {}) => {
  const child = spawn(process.execPath, [OWNER, folder], {
    ...user,
    cwd: '/',
    env: { PATH: process.env.PATH, HOME: '/nonexistent' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const state = { child, database: 0, acknowledged: 0 };
  createInterface(child.stdout).on('line', (line) => {
    const [word, number] = line.split(' ');
    if (word === 'database') state.database = Number(number);
    if (word === 'acknowledged') state.acknowledged = Number(number);
  });
  await vi.waitFor(() => expect(state.acknowledged, errors).toBeGreaterThan(20), {
    timeout: 25_000,
    interval: 10,
  });
  return state;
};

describe('an embedded database', () => {
  it('keeps its data over a stop and a start, and stops without leaving anything', async () => {
    const { embedded, log } = await start();
    await ask(embedded, `CREATE TABLE kept AS SELECT 'àrea' AS word`);
    expect(log.info).toHaveBeenCalledOnce();
    await embedded.stop();
    expect(isAlive(embedded.pid)).toBe(false);
    // pg_control's state: 1 is "shut down", nothing to recover.
    const control = readFileSync(join(dataDir, 'postgres', 'cluster', 'global', 'pg_control'));
    expect(control.readInt32LE(16)).toBe(1);
    expect(readdirSync(join(dataDir, 'postgres')).sort()).toEqual(['cluster', 'lock', 'run']);

    const again = await start();
    expect(again.log.info).not.toHaveBeenCalled();
    expect(await ask(again.embedded, 'SELECT word FROM kept')).toEqual([{ word: 'àrea' }]);
  });

  it('is durable, uses UTC and sorts as people do', async () => {
    const { embedded } = await start();
    const settings = await ask<{ name: string; setting: string }>(
      embedded,
      `SELECT name, setting FROM pg_settings WHERE name IN
        ('fsync', 'synchronous_commit', 'full_page_writes', 'jit', 'TimeZone', 'server_encoding',
         'listen_addresses', 'data_checksums')`,
    );
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      jit: 'off',
      TimeZone: 'UTC',
      server_encoding: 'UTF8',
      listen_addresses: '',
      data_checksums: 'on',
    });
    const words = await ask<{ w: string }>(
      embedded,
      `SELECT w FROM unnest(ARRAY['Zuriñe', 'casa', 'Àngels', 'Bosc', 'Çelma', 'àrea']) w ORDER BY w`,
    );
    expect(words.map(({ w }) => w)).toEqual(['Àngels', 'àrea', 'Bosc', 'casa', 'Çelma', 'Zuriñe']);
  });

  it('binds its owner by row-level security, and lets it create the extension for bookings', async () => {
    const { embedded } = await start();
    for (const name of ['btree_gist', 'citext', 'pgcrypto', 'pg_trgm', 'unaccent']) {
      await ask(embedded, `CREATE EXTENSION ${name}`);
    }
    await ask(embedded, 'CREATE TABLE wall AS SELECT 1 AS office');
    await ask(embedded, 'ALTER TABLE wall ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY');
    expect(await ask(embedded, 'SELECT * FROM wall')).toEqual([]);
  });

  it('reaches a socket although the data folder’s path is too long for one', async () => {
    const { embedded } = await start(join(place, 'a-long-name/'.repeat(10), 'data'));
    expect(embedded.logins.owner.host.startsWith(tmpdir())).toBe(true);
    expect(statSync(embedded.logins.owner.host).mode & 0o077).toBe(0);
    expect(await ask(embedded, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await embedded.stop();
    rmSync(embedded.logins.owner.host, { recursive: true });
  });
});

describe('access', () => {
  it('requires a password, which only readers of the keys can get', async () => {
    const { embedded } = await start();
    const { owner, runtime, superuser } = embedded.logins;
    expect(statSync(join(dataDir, 'keys', 'database.json')).mode & 0o777).toBe(0o600);
    for (const { password, ...login } of [owner, runtime, superuser]) {
      expect(password.length).toBeGreaterThan(40);
      for (const wrong of [undefined, '', 'postgres', login.user]) {
        const client = new pg.Client({ ...login, password: wrong });
        await expect(client.connect()).rejects.toThrow(/password/);
      }
    }
    const [row] = await ask<{ super: boolean }>(
      embedded,
      `SELECT bool_or(rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb) AS super
       FROM pg_roles WHERE rolname IN ('${owner.user}', '${runtime.user}')`,
    );
    expect(row).toEqual({ super: false });
    await expect(new pg.Client({ ...runtime, database: 'postgres' }).connect()).rejects.toThrow(
      /permission denied for database/,
    );
  });

  it.runIf(isRoot)(
    'is denied to every account of the machine, including PostgreSQL’s',
    async () => {
      const { embedded } = await start();
      const { host } = embedded.logins.owner;
      for (const { uid, gid } of accounts()) {
        const look = spawnSync('ls', [host], { uid, gid, cwd: '/', encoding: 'utf8' });
        expect([uid, look.status, look.stderr]).toEqual([
          uid,
          2,
          expect.stringContaining('denied'),
        ]);
      }
      expect(accounts().map(({ uid }) => uid)).not.toContain(statSync(host).uid);
    },
  );

  it('is set up for a cluster of an earlier version, and for one without its passwords', async () => {
    const first = await start();
    await ask(first.embedded, `CREATE TABLE kept AS SELECT 7 AS n`);
    const superuser = new pg.Client(first.embedded.logins.superuser);
    await superuser.connect();
    const { owner, runtime } = first.embedded.logins;
    await superuser.query(`DROP OWNED BY ${runtime.user}`);
    await superuser.query(`DROP ROLE ${runtime.user}`);
    await superuser.query(`ALTER ROLE ${owner.user} PASSWORD NULL`);
    await superuser.end();
    await first.embedded.stop();
    rmSync(join(dataDir, 'keys'), { recursive: true });
    rmSync(join(dataDir, 'postgres', 'cluster', 'finestreta.roles'));
    writeFileSync(join(dataDir, 'postgres', 'cluster', 'pg_hba.conf'), 'local all all trust\n');

    const { embedded } = await start();
    expect(await ask(embedded, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    const client = new pg.Client(embedded.logins.runtime);
    await client.connect();
    await client.end();
    await expect(new pg.Client({ ...owner, password: 'x' }).connect()).rejects.toThrow(/password/);
  });
});

/** Returns the machine's accounts of people and programs, without root. */
function accounts(): { uid: number; gid: number }[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([, , uid, gid]) => ({ uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid }) => uid > 0);
}

describe('one data folder serves one process', () => {
  it('refuses a second start and names the owner', async () => {
    const { embedded } = await start();
    const refusal = await start().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DataFolderInUse);
    expect(String(refusal)).toContain(`process ${process.pid}`);
    expect(String(refusal)).toContain(dataDir);
    expect(findEmbedded(dataDir)).toEqual({ pid: process.pid, logins: embedded.logins });
    expect(await ask(embedded, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('refuses it across processes, too', async () => {
    const { child } = await owner();
    await expect(start()).rejects.toThrow(`process ${child.pid}`);
    expect(findEmbedded(dataDir)?.pid).toBe(child.pid);
  });

  it('shows no owner after a stop', async () => {
    expect(findEmbedded(dataDir)).toBe(null);
    const { embedded } = await start();
    await embedded.stop();
    expect(findEmbedded(dataDir)).toBe(null);
  });

  it('recognises an unrelated process that got the number of a dead database', async () => {
    const { embedded } = await start();
    await embedded.stop();
    const stranger = spawn('sleep', ['60']);
    children.push(stranger);
    writeFileSync(
      join(dataDir, 'postgres', 'cluster', 'postmaster.pid'),
      `${stranger.pid}\n${dataDir}\n0\n5432\n`,
    );
    const again = await start();
    expect(await ask(again.embedded, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(isAlive(stranger.pid ?? 0)).toBe(true);
  });
});

describe('sudden deaths', () => {
  it('kill -9 of the owner stops the database; all acknowledged writes are kept', async () => {
    let last = 0;
    for (let round = 0; round < 3; round++) {
      const state = await owner();
      state.child.kill('SIGKILL');
      await once(state.child, 'close');
      expect(state.acknowledged).toBeGreaterThan(last);
      last = state.acknowledged;
      // The next round starts at once, while the old database may still be ending.
      if (round === 2) await vi.waitFor(() => expect(isAlive(state.database)).toBe(false), WITHIN);
    }
    const { embedded } = await start();
    const [row] = await ask<{ rows: string; last: number }>(
      embedded,
      'SELECT count(*) AS rows, max(n) AS last FROM written',
    );
    expect(row?.last).toBeGreaterThanOrEqual(last);
    expect(Number(row?.rows)).toBe(row?.last);
  });

  it('kill -9 of the database: it comes back on the same socket, with its rows', async () => {
    const { embedded, log } = await start();
    await ask(embedded, 'CREATE TABLE kept AS SELECT 7 AS n');
    const first = embedded.pid;
    process.kill(first, 'SIGKILL');
    await vi.waitFor(() => expect(embedded.pid).not.toBe(first), WITHIN);
    expect(await ask(embedded, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    expect(log.warn).toHaveBeenCalled();
  });

  it('a database that dies repeatedly is reported, and the folder is free afterwards', async () => {
    const { embedded } = await start();
    const reason = embedded.exited;
    for (let death = 1; death <= 4; death++) {
      const victim = embedded.pid;
      process.kill(victim, 'SIGKILL');
      if (death < 4) await vi.waitFor(() => expect(embedded.pid).not.toBe(victim), WITHIN);
    }
    expect(await reason).toContain('ended');
    await embedded.stop();
    expect(await ask((await start()).embedded, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('a death during the creation doesn’t block the next start', async () => {
    mkdirSync(join(dataDir, 'postgres', 'cluster-unfinished-abc', 'base'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres', 'cluster-unfinished-abc', 'PG_VERSION'), '17\n');
    const { embedded } = await start();
    expect(await ask(embedded, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(readdirSync(join(dataDir, 'postgres'))).not.toContain('cluster-unfinished-abc');
  });
});

describe('the user who starts it', () => {
  it.runIf(isRoot)('as root, the database runs as an account without rights', async () => {
    const { embedded } = await start();
    const status = readFileSync(`/proc/${embedded.pid}/status`, 'utf8');
    expect(status).not.toMatch(/^Uid:\s+0\s/m);
    expect(statSync(join(dataDir, 'postgres')).mode & 0o077).toBe(0);
  });

  it.runIf(isRoot)('an ordinary user runs it as themselves', async () => {
    mkdirSync(dataDir);
    chownSync(dataDir, NOBODY, NOBODY);
    const { database } = await owner(dataDir, { uid: NOBODY, gid: NOBODY });
    expect(readFileSync(`/proc/${database}/status`, 'utf8')).toMatch(/^Uid:\s+65534\s/m);
  });

  it.runIf(isRoot)(
    'root can keep the data where no other user may enter, and move it out',
    async () => {
      chmodSync(place, 0o700);
      const { embedded } = await start();
      await ask(embedded, 'CREATE TABLE kept AS SELECT 7 AS n');
      await embedded.stop();
      chmodSync(place, 0o755);
      const outside = await start();
      expect(await ask(outside.embedded, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    },
  );

  it.runIf(isRoot)('root can keep the project where no other user may enter', async () => {
    const closed = join(place, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const native = join(closed, 'package', 'native');
    cpSync(findNative(), native, { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(closed, 'package', 'package.json'), '{ "version": "17.10.0-test" }');
    const { home } = openFolder(dataDir);
    const binaries = prepareBinaries(native, home, chooseIdentity(home));
    expect(binaries.postgres).toBe(join(home, 'programs-17.10.0-test', 'native/bin/postgres'));
    expect(binaries.major).toBe(17);
  });
});

describe('impossible settings are reported plainly', () => {
  it('no programs for the platform: asks for DATABASE_URL', () => {
    expect(() => findNative('sunos-sparc')).toThrow(/sunos-sparc.*DATABASE_URL=/s);
  });

  it('data of another major version: names both', async () => {
    const { embedded } = await start();
    await embedded.stop();
    writeFileSync(join(dataDir, 'postgres', 'cluster', 'PG_VERSION'), '16\n');
    await expect(start()).rejects.toThrow(/PostgreSQL 16.*PostgreSQL 17\.10/s);
    expect(findEmbedded(dataDir)).toBe(null);
  });

  it('a data folder that is a file', async () => {
    writeFileSync(dataDir, '');
    await expect(start()).rejects.toThrow(dataDir);
  });

  it.each([
    ['ENOSPC: no space left on device, write', /disk is full.*DATA_DIR/s],
    ['FATAL:  could not write lock file: No space left on device', /disk is full/],
    ["EACCES: permission denied, mkdir '/srv/x'", /No permission.*DATA_DIR/s],
    ['EROFS: read-only file system', /read-only disk/],
    ['something else', /failed while testing:\nsomething else/],
  ])('%s', (text, message) => {
    expect(explain(text, '/srv/x', 'testing').message).toMatch(message);
  });
});
