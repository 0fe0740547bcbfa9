import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { readConfig } from '../../config.ts';
import { fingerprint, populate } from '../../lib/backup/testing/town.ts';
import { openDatabase } from '../../lib/db/database.ts';
import { findNative } from '../../lib/db/embedded/binaries.ts';
import { type Embedded, startEmbedded } from '../../lib/db/embedded.ts';
import { prepareSchema } from '../../lib/db/prepare.ts';
import { MIGRATIONS, ROOT } from '../../paths.ts';
import { aboutKeptDatabases, aboutVersion } from '../doctor/embedded.ts';
import { upgradeDatabase, upgradeTo } from './upgrade.ts';

/** The next major version, which scripts/lib/test-programs.mjs installs for this test. */
const NEXT = join(ROOT, 'node_modules', '.postgres-next', 'package', 'native');
const LACKS = existsSync(NEXT) ? null : 'PostgreSQL 18 is not there: npm test installs it on Linux';
const FIXTURE = join(import.meta.dirname, 'upgrade.fixture.ts');
const log = { info() {}, warn() {} };

let place: string;
/** A town’s data folder, as PostgreSQL 17 wrote it; each test has a copy. */
let written: string;
let before: Awaited<ReturnType<typeof fingerprint>>;
let dataDir: string;
let said = '';
const running: Embedded[] = [];

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'finestreta-upgrade-'));
  chmodSync(place, 0o755);
  written = join(place, 'written');
  const embedded = await startEmbedded({ dataDir: written, log });
  const { owner, runtime, superuser } = embedded.logins;
  await prepareSchema(owner, runtime, MIGRATIONS);
  const database = await openDatabase({ connection: runtime, pool: 2, onIdleError() {} });
  await populate(database);
  await database.close();
  before = await fingerprint(superuser);
  await embedded.stop();
  writeFileSync(join(written, 'postgres', 'cluster', 'local.conf'), "work_mem = '5MB'\n");
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

beforeEach(() => {
  dataDir = join(mkdtempSync(join(place, 'one-')), 'data');
  chmodSync(join(dataDir, '..'), 0o755);
  cpSync(written, dataDir, { recursive: true, preserveTimestamps: true });
  said = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const each of running.splice(0)) await each.stop();
});

const home = () => join(dataDir, 'postgres');
const majorIn = (cluster: string) =>
  readFileSync(join(home(), cluster, 'PG_VERSION'), 'utf8').trim();
const programs = () => ({ old: findNative(), next: NEXT });
const start = async (native?: string) => {
  const embedded = await startEmbedded({ dataDir, log, ...(native && { native }) });
  running.push(embedded);
  return embedded;
};

describe.skipIf(LACKS)('from PostgreSQL 17 to 18', () => {
  test('everything is there as it was, the old one is kept, and says that it isn’t for this one', async () => {
    await expect(start(NEXT)).rejects.toThrow(/by PostgreSQL 17, .*finestreta database upgrade/);
    const where = { dataDir, databaseUrl: null };
    const [found] = aboutVersion(where, () => NEXT);
    expect(found).toMatchObject({ state: 'wrong', todo: expect.stringContaining('upgrade') });
    expect(aboutVersion(where)).toEqual([]);
    await upgradeTo(dataDir, programs());
    expect(aboutVersion(where, () => NEXT)).toEqual([]);
    expect(aboutVersion(where)[0]?.todo).toContain('Install the Finestreta');
    expect(aboutKeptDatabases(where)[0]?.words).toContain('cluster-17');
    expect(said).toMatch(/Copying the database from PostgreSQL 17 to 18/);
    expect(said).toContain(join(home(), 'cluster-17'));
    const { logins } = await start(NEXT);
    expect(await fingerprint(logins.superuser)).toEqual(before);
    expect(majorIn('cluster')).toBe('18');
    expect(majorIn('cluster-17')).toBe('17');
    expect(readFileSync(join(home(), 'cluster', 'local.conf'), 'utf8')).toContain('5MB');
    expect(existsSync(join(home(), 'upgrade'))).toBe(false);
    await running.pop()?.stop();
    await expect(start()).rejects.toThrow(/can't read it. Install the Finestreta that wrote it/);

    // Ended between the two renames: the next start puts the new one in its place.
    mkdirSync(join(home(), 'upgrade'));
    renameSync(join(home(), 'cluster'), join(home(), 'upgrade', 'cluster'));
    writeFileSync(join(home(), 'upgrade', 'ready'), '');
    expect((await start(NEXT)).pid).toBeGreaterThan(0);
    expect(majorIn('cluster')).toBe('18');
    expect(existsSync(join(home(), 'upgrade'))).toBe(false);
    await running.pop()?.stop();

    // Back again, as the guide says.
    renameSync(join(home(), 'cluster'), join(home(), 'cluster-18'));
    renameSync(join(home(), 'cluster-17'), join(home(), 'cluster'));
    expect(await fingerprint((await start()).logins.superuser)).toEqual(before);
  });

  test('killed while it copies, the old one is as it was', async () => {
    const { old, next } = programs();
    const child = spawn(process.execPath, [FIXTURE, dataDir, old, next], {
      env: { PATH: process.env.PATH, HOME: '/nonexistent' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    expect(existsSync(join(home(), 'upgrade', 'cluster'))).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await fingerprint((await start()).logins.superuser)).toEqual(before);
    expect(existsSync(join(home(), 'upgrade'))).toBe(false);
  });

  test('a new one that can’t be made leaves the old one as it was', async () => {
    const broken = join(place, 'broken', 'bin');
    mkdirSync(broken, { recursive: true });
    symlinkSync(join(NEXT, 'bin', 'postgres'), join(broken, 'postgres'));
    writeFileSync(join(broken, 'initdb'), '#!/bin/sh\necho No such luck; exit 1\n', {
      mode: 0o755,
    });
    const { old } = programs();
    const refused = upgradeTo(dataDir, { old, next: join(place, 'broken') });
    await expect(refused).rejects.toThrow('No such luck');
    expect((await start()).pid).toBeGreaterThan(0);
    expect(existsSync(join(home(), 'upgrade'))).toBe(false);
  });

  test('a server that runs, and a kept database, are said before anything is done', async () => {
    await start();
    await expect(upgradeTo(dataDir, programs())).rejects.toThrow('already using the data folder');
    await running.pop()?.stop();
    mkdirSync(join(home(), 'cluster-17'));
    await expect(upgradeTo(dataDir, programs())).rejects.toThrow('An earlier database is kept');
  });
});

const call = (env: NodeJS.ProcessEnv, options = {}) =>
  upgradeDatabase({ config: readConfig(env), options, words: [] });

test('where there is nothing to do, it says why', async () => {
  expect(await call({ DATA_DIR: dataDir })).toBe(0);
  expect(said).toContain('already');
  const url = 'postgres://user:password@localhost/finestreta';
  await expect(call({ DATABASE_URL: url })).rejects.toThrow('DATABASE_URL');
  await expect(call({ DATA_DIR: join(place, 'nothing') })).rejects.toThrow('no database');
  writeFileSync(join(home(), 'cluster', 'PG_VERSION'), '9\n');
  await expect(call({ DATA_DIR: dataDir })).rejects.toThrow('--programs FOLDER');
});
