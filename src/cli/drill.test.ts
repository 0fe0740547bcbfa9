import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type Config, readConfig } from '../config.ts';
import { type Context, openContext } from '../context.ts';
import { testOffice } from '../features/foundation/offices/testing.ts';
import { removeDrill } from '../lib/backup/drill-folder.ts';
import { bookingDesk, fingerprint } from '../lib/backup/testing/town.ts';
import { within } from '../lib/db/database.ts';
import { notingAnswers } from '../lib/db/testing/answers.ts';
import { testDatabase } from '../lib/db/testing.ts';
import { keyFile } from '../lib/secrets.ts';
import { backUpTowns } from './backup.ts';
import { aboutDataFolder } from './doctor/machine.ts';
import { countPieces, restoreDrill } from './drill.ts';
import { exportKey } from './key.ts';
import { restore } from './restore.ts';

let place: string;
let config: Config;
let context: Context;
let identity: string;
let said = '';

/** A town with real keys, appointments and a sealed trail, whose server runs. */
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'finestreta-drill-'));
  chmodSync(place, 0o755);
  const secret = await generateIdentity();
  identity = join(place, 'identity.txt');
  writeFileSync(identity, secret);
  config = readConfig({
    DATA_DIR: join(place, 'data'),
    BACKUP_FOLDER: join(place, 'kept'),
    BACKUP_RECIPIENT: await identityToRecipient(secret),
    LOG_LEVEL: 'silent',
  });
  context = await openContext(config);
  const office = await testOffice(context.database.kysely, { code: 'oac' });
  const desk = await bookingDesk(context.database, 'oac');
  for (let nth = 0; nth < 3; nth++) await desk.book();
  await context.auditSeals.seal(office);
});
afterAll(async () => {
  await context.close();
  rmSync(place, { recursive: true });
});

beforeEach(() => {
  said = '';
  const hear = (text: string | Uint8Array) => {
    said += text;
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(hear);
  vi.spyOn(process.stderr, 'write').mockImplementation(hear);
});
afterEach(() => vi.restoreAllMocks());

const call = (options: Record<string, string | boolean> = {}, ...words: string[]) => ({
  ...{ config, options, words },
  towns: [{ name: null, config }],
});
const drill = (...words: string[]) => restoreDrill(call({ identity }, ...words));
const owner = () => context.database.embedded!.logins.owner;

async function emptyDatabase() {
  const database = await testDatabase();
  return { ...database, [Symbol.asyncDispose]: database.close };
}

/** Everything but what is noted about backups. */
async function contents() {
  const all = await fingerprint(owner());
  delete all.rows['public.backup_run'];
  // A restored database is another installation.
  delete all.rows['public.installation'];
  delete all.sequences['public.backup_run_id_seq'];
  return all;
}

async function asSuperuser(...statements: string[]): Promise<void> {
  const client = new pg.Client(context.database.embedded!.logins.superuser);
  await client.connect();
  for (const each of statements) await client.query(each);
  await client.end();
}

test('a drill needs a backup', async () => {
  await expect(drill()).rejects.toThrow('There is no backup of localhost in');
});

test('a drill restores the newest backup beside the running server, and leaves nothing but a note', async () => {
  await backUpTowns(call());
  const before = await contents();
  expect(await drill()).toBe(0);
  expect(said).toMatch(/was restored: 3 appointments, \d+ rows of \d+ tables, as many as it says/);
  expect(said).toContain('Its keys open with the root key.');
  expect(said).toMatch(/oac: \d+ entries under 1 seals, as they were written/);
  expect(said).toContain('nothing is lost or changed');
  expect(await contents()).toEqual(before);
  expect(existsSync(join(config.dataDir, 'drill'))).toBe(false);
  expect((await context.backups.last()).drill?.name).toContain('finestreta-localhost-');
});

test('a drill takes the exported root key alone, and refuses another one', async () => {
  await backUpTowns(call());
  const key = join(place, 'root.age');
  await exportKey(call({ to: config.backupRecipient! }, key));
  expect(await restoreDrill(call({ identity, key }))).toBe(0);
  const other = join(place, 'other-key');
  writeFileSync(other, Buffer.alloc(32, 7).toString('base64'));
  await expect(restoreDrill(call({ identity, key: other }))).rejects.toThrow('is not the one');
  expect((await context.backups.last()).failedDrill?.trouble).toContain('is not the one');
});

test('the right key in the environment makes no wrong one pass', async () => {
  await backUpTowns(call());
  const right = readFileSync(keyFile(config.dataDir), 'utf8').trim();
  const inEnvironment = { ...config, installationKey: right };
  const key = join(place, 'stale-key');
  writeFileSync(key, Buffer.alloc(32, 9).toString('base64'));
  const withKey = { ...call({ identity, key }), config: inEnvironment };
  await expect(restoreDrill(withKey)).rejects.toThrow('is not the one that was given');
  writeFileSync(key, right);
  expect(await restoreDrill(withKey)).toBe(0);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('a drill that %s ends leaves no data and no key', async (signal, code) => {
  await backUpTowns(call());
  const key = join(place, `ended-by-${signal}`);
  await exportKey(call({ to: config.backupRecipient! }, key));
  const folder = join(config.dataDir, 'drill');
  const left: string[] = [];
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => {
    left.push(...(existsSync(folder) ? readdirSync(folder) : []));
    return undefined as never;
  });
  const ended = restoreDrill(call({ identity, key })).catch(() => 'ended');
  const running = join(folder, 'postgres', 'cluster', 'postmaster.pid');
  await vi.waitUntil(() => existsSync(running), { timeout: 60_000, interval: 5 });
  expect(existsSync(keyFile(folder))).toBe(false);
  process.listeners(signal).at(-1)?.(signal);
  expect(exit).toHaveBeenCalledWith(code);
  expect(left).toEqual([]);
  await ended;
  expect(existsSync(folder)).toBe(false);
});

test('doctor tells of what a killed drill has left', () => {
  const about = () => aboutDataFolder(config).map(({ words }) => words);
  expect(about().join()).not.toContain('restored database');
  mkdirSync(join(config.dataDir, 'drill', 'postgres'), { recursive: true });
  expect(about()).toContainEqual(expect.stringContaining('has left a restored database'));
  removeDrill(config.dataDir);
  expect(about().join()).not.toContain('restored database');
});

test('pieces of documents are counted in parts, each once', async () => {
  await using database = await emptyDatabase();
  const office = await testOffice(database.kysely);
  const blob = (nth: number) => `00000000-0000-4000-8000-00000000000${nth}`;
  await database.asOwner(
    'alter table document_piece drop constraint document_piece_document_id_fkey',
    `insert into document_piece (document_id, first, segments, office_id, blob)
     select gen_random_uuid(), 0, 1, ${office}, ('00000000-0000-4000-8000-00000000000' || nth % 5)::uuid from generate_series(0, 9) nth`,
  );
  const { kysely, largest } = notingAnswers(database.kysely);
  const there = new Set([0, 1, 3].map(blob));
  const counted = await within(kysely, '*', (tx) => countPieces(tx, there, 2));
  expect(counted).toEqual({ needed: 5, lost: 2 });
  expect(largest('blob')).toBe(2);
});

test('a drill finds what was taken away before the backup was made', async () => {
  await asSuperuser(
    'create schema elsewhere',
    'create table elsewhere.kept as select * from audit',
    'alter table audit disable trigger user',
    'delete from audit where id = (select max(id) from audit)',
  );
  await backUpTowns(call());
  await asSuperuser(
    'insert into audit overriding system value select * from elsewhere.kept where id not in (select id from audit)',
    'alter table audit enable trigger user',
    'drop schema elsewhere cascade',
  );
  expect(await drill()).toBe(1);
  expect(said).toContain('oac: seal 1 is broken: something of what it covers is missing');
  expect(said).toContain('WRONG');
});

test('backed up, destroyed, restored: nothing is lost', async () => {
  const key = join(place, 'root-again.age');
  await exportKey(call({ to: config.backupRecipient! }, key));
  const before = await contents();
  for (const each of readdirSync(join(place, 'kept'))) rmSync(join(place, 'kept', each));
  await backUpTowns(call());
  await context.close();
  rmSync(config.dataDir, { recursive: true });
  const [newest = ''] = readdirSync(join(place, 'kept'));
  expect(await restore(call({ identity, key }, join(place, 'kept', newest)))).toBe(0);
  context = await openContext(config);
  expect(await contents()).toEqual(before);
  expect((await context.auditSeals.verify((await context.offices.find('oac'))!.id)).ok).toBe(true);

  // What it makes from now on is told apart from what the one before it made.
  await backUpTowns(call());
  const makers = readdirSync(join(place, 'kept')).map((name) => name.split('-').at(-1));
  expect(makers).toHaveLength(2);
  expect(new Set(makers).size).toBe(2);
});
