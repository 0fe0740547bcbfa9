import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Config, readConfig } from '../config.ts';
import { changeHost } from '../features/foundation/offices/service.ts';
import { isAge } from '../lib/backup/age.ts';
import { bookingDesk, fingerprint, populate } from '../lib/backup/testing/town.ts';
import { connectDatabase } from '../lib/db/connect.ts';
import { INSTALLATION, openDatabase, within } from '../lib/db/database.ts';
import { DataFolderInUse } from '../lib/db/embedded.ts';
import { addressesOf, testLogins } from '../lib/db/testing.ts';
import { fileProvider } from '../lib/keys/provider.ts';
import { PlainError } from '../lib/plain-error.ts';
import { keyFile, makeKeyFile, readStoredKey } from '../lib/secrets.ts';
import { MIGRATIONS } from '../paths.ts';
import { backUp, backUpTowns } from './backup.ts';
import { exportKey } from './key.ts';
import { restore } from './restore.ts';

const log = { info: () => {}, warn: () => {}, error: () => {} };

/** A folder for all tests of the file: its server runs while backups are made. */
let place: string;
let config: Config;
let server: Awaited<ReturnType<typeof connectDatabase>>;
let file: string;
let nth = 0;
let said = '';

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'finestreta-cli-'));
  chmodSync(place, 0o755);
  config = readConfig({ DATA_DIR: join(place, 'data') });
  server = await open(config);
  await populate(server);
  makeKeyFile(config.dataDir);
  const root = fileProvider(readStoredKey(config.dataDir)!).id;
  await within(server.kysely, INSTALLATION, (tx) =>
    tx.updateTable('purpose_key').set({ root }).execute(),
  );
});
afterAll(async () => {
  await server.close();
  rmSync(place, { recursive: true });
});

beforeEach(() => {
  file = join(place, `backup-${++nth}.gz`);
  said = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

/** Returns what a backup brings: all but the note about itself, which is made afterwards. */
async function contentsOf(owner: pg.ConnectionConfig) {
  const all = await fingerprint(owner);
  delete all.rows['public.backup_run'];
  // A restored database is another installation.
  delete all.rows['public.installation'];
  delete all.sequences['public.backup_run_id_seq'];
  return all;
}

function open({ dataDir, databaseUrl, databaseOwnerUrl }: Config) {
  return connectDatabase({
    databaseUrl,
    databaseOwnerUrl,
    dataDir,
    pool: 4,
    migrations: MIGRATIONS,
    log,
  });
}

const another = (env: Record<string, string> = {}): Config =>
  readConfig({ DATA_DIR: join(place, `data-${++nth}`), ...env });
const make = (of = config, options: Options = { unencrypted: true }) =>
  backUp({ config: of, options, words: [file] });
/** Loads a backup, with the root key from its place. */
const load = (into: Config, options: Options = {}) => {
  const key = keyFile(config.dataDir);
  return restore({ config: into, options: { key, ...options }, words: [file] });
};
type Options = Record<string, string | boolean | undefined>;

/** Makes a recipient of age, and the file with the matching identity. */
async function recipient(): Promise<{ to: string; identity: string }> {
  const secret = await generateIdentity();
  const to = await identityToRecipient(secret);
  const identity = join(place, `identity-${++nth}.txt`);
  writeFileSync(identity, `# public key: ${to}\n${secret}\n`);
  return { to, identity };
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PlainError);
  return (error as Error).message;
}

/** Makes a separate database server as the environment describes it, with two logins: the test run's server, on a socket. */
async function emptyServer() {
  const name = `test_cli_${process.pid}_${++nth}`;
  const client = new pg.Client(testLogins().owner);
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const { owner, runtime } = testLogins(name);
  return { env: addressesOf({ owner, connection: runtime }), owner, runtime };
}

describe('backup and restore', () => {
  test('move a running town into another folder, with its key', async () => {
    expect(await make()).toBe(0);
    expect(said).toContain('5 appointments');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const target = another();
    expect(await load(target)).toBe(0);
    const restored = await open(target);
    expect(await contentsOf(restored.embedded!.logins.owner)).toEqual(
      await contentsOf(server.embedded!.logins.owner),
    );
    await restored.close();
    expect(readFileSync(keyFile(target.dataDir))).toEqual(readFileSync(keyFile(config.dataDir)));
    expect(statSync(keyFile(target.dataDir)).mode & 0o777).toBe(0o600);
  });

  test('move it into a server and out of it again', async () => {
    await make();
    const { env, owner } = await emptyServer();
    const there = another(env);
    await load(there);
    const before = await contentsOf(server.embedded!.logins.owner);
    expect(await contentsOf(owner)).toEqual(before);
    file = join(place, 'from-server.gz');
    await make(there);
    const back = another();
    await load(back);
    const restored = await open(back);
    expect(await contentsOf(restored.embedded!.logins.owner)).toEqual(before);
    await restored.close();
  });

  test('replace existing data only when asked to', async () => {
    await make();
    const target = another();
    await load(target);
    let restored = await open(target);
    await (await bookingDesk(restored, 'hisenda')).book();
    await restored.close();
    expect(await refusal(load(target))).toMatch(/not empty: Vilaprova, 6 appointments.*--yes/s);
    await load(target, { yes: true });
    restored = await open(target);
    expect(await contentsOf(restored.embedded!.logins.owner)).toEqual(
      await contentsOf(server.embedded!.logins.owner),
    );
    await restored.close();
  });

  test('refuse a folder that a server uses, and a server that others use', async () => {
    await make();
    await expect(load(config, { yes: true })).rejects.toBeInstanceOf(DataFolderInUse);
    const { env, runtime } = await emptyServer();
    const user = await openDatabase({ connection: runtime, pool: 1, onIdleError: () => {} });
    await user.pool.query('select 1');
    expect(await refusal(load(another(env)))).toContain('Stop every server');
    await user.close();
  });

  test('refuse another town’s database', async () => {
    await make();
    const { env } = await emptyServer();
    const vall = another({ ...env, BASE_URL: 'https://cita.vall.cat' });
    await load(vall);
    const restored = await open(vall);
    await changeHost(restored.kysely, vall.baseUrl);
    await restored.close();
    const mont = another({ ...env, BASE_URL: 'https://cita.mont.cat' });
    const refused = 'The database is that of cita.vall.cat, and BASE_URL says cita.mont.cat';
    await expect(load(mont, { yes: true })).rejects.toThrow(refused);
    file = join(place, 'of-another.gz');
    await expect(make(mont)).rejects.toThrow(refused);
    expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined();
    await make(vall);
    await load(vall, { yes: true });
  });

  test('change nothing when the environment has another key', async () => {
    await make();
    const target = another({ INSTALLATION_KEY: Buffer.alloc(32, 9).toString('base64') });
    expect(await refusal(load(target))).toContain('INSTALLATION_KEY');
    expect(statSync(target.dataDir, { throwIfNoEntry: false })).toBeUndefined();
  });

  test('name the missing part: a name, a file, a database', async () => {
    expect(await refusal(backUp({ config, options: {}, words: [] }))).toContain('backup FILE');
    expect(await refusal(restore({ config, options: {}, words: [] }))).toContain('restore FILE');
    expect(await refusal(load(another()))).toContain('There is no file');
    expect(await refusal(make(another()))).toContain('nothing to back up');
  });

  test('restore into an installation that was started and never used', async () => {
    await make();
    const target = another();
    await (await open(target)).close();
    makeKeyFile(target.dataDir);
    expect(await load(target)).toBe(0);
    expect(readFileSync(keyFile(target.dataDir))).toEqual(readFileSync(keyFile(config.dataDir)));
  });
});

describe('an encrypted backup', () => {
  test('is readable only by its recipient, who restores it with the separately kept root key', async () => {
    const { to, identity } = await recipient();
    expect(await make(config, { to })).toBe(0);
    const bytes = readFileSync(file);
    expect(isAge(bytes)).toBe(true);
    expect(() => gunzipSync(bytes)).toThrow();
    const kept = join(place, `root-${++nth}.age`);
    expect(await exportKey({ config, options: { to }, words: [kept] } as never)).toBe(0);
    expect(readFileSync(kept, 'utf8')).not.toContain(
      readFileSync(keyFile(config.dataDir), 'utf8').trim(),
    );

    const target = another();
    expect(await load(target, { identity, key: kept })).toBe(0);
    expect(readFileSync(keyFile(target.dataDir))).toEqual(readFileSync(keyFile(config.dataDir)));
    const restored = await open(target);
    expect(await contentsOf(restored.embedded!.logins.owner)).toEqual(
      await contentsOf(server.embedded!.logins.owner),
    );
    await restored.close();
  });

  test('names the missing part: the identity, the right one, the root key', async () => {
    const [mine, other] = [await recipient(), await recipient()];
    await make(config, { to: mine.to });
    const target = another();
    expect(await refusal(load(target))).toContain('--identity FILE');
    expect(await refusal(load(target, { identity: other.identity }))).toMatch(/another recipient/);
    const { identity } = mine;
    expect(await refusal(load(target, { identity, key: undefined }))).toMatch(/--key FILE/);
    const wrong = join(place, `wrong-${++nth}.key`);
    writeFileSync(wrong, Buffer.alloc(32, 3).toString('base64'));
    expect(await refusal(load(target, { identity, key: wrong }))).toContain(
      'not the one that was given',
    );
    expect(statSync(target.dataDir, { throwIfNoEntry: false })).toBeUndefined();
  });

  test('that is cut short restores nothing', async () => {
    const { to, identity } = await recipient();
    await make(config, { to });
    writeFileSync(file, readFileSync(file).subarray(0, -40));
    expect(await refusal(load(another(), { identity }))).toContain('damaged or not whole');
  });

  test('is the default outside demo mode', async () => {
    const { to } = await recipient();
    const real = { ...config, demo: false };
    expect(await refusal(make(real, {}))).toContain('To whom is the backup encrypted?');
    expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined();
    await make({ ...real, backupRecipient: to }, {});
    expect(isAge(readFileSync(file))).toBe(true);
    expect(await refusal(make(real, { to: 'age1nobody' }))).toContain('not an age recipient');
  });
});

describe('a schedule of all towns', () => {
  const scheduled = (to: string, folder: string) =>
    another({
      BACKUP_FOLDER: folder,
      BACKUP_RECIPIENT: to,
      BASE_URL: 'https://cita.vilaclara.cat',
    });

  test('is also made by hand, for each town; one town’s failure stops no other’s', async () => {
    const { to } = await recipient();
    const folder = join(place, `kept-${++nth}`);
    const vila = { ...scheduled(to, folder), dataDir: config.dataDir };
    const call = { options: {}, words: [], config: vila };
    const towns = [
      { name: 'lost', config: scheduled(to, folder) },
      { name: 'vila', config: vila },
    ];
    expect(await backUpTowns({ ...call, towns })).toBe(1);
    expect(said).toContain('lost: There is nothing to back up');
    expect(said).toMatch(/vila: finestreta-cita\.vilaclara\.cat-.+ rows, .+ read again to its end/);
    expect(readdirSync(folder)).toHaveLength(1);
    const only = { ...call, towns: [{ name: null, config }] };
    await expect(backUpTowns(only)).rejects.toThrow('BACKUP_FOLDER');
    const to2 = backUpTowns({ ...call, towns, options: { to } });
    await expect(to2).rejects.toThrow('Into which file?');
  });
});
