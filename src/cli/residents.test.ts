import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { readConfig } from '../config.ts';
import { addressesOf, type TestDatabase, testDatabase } from '../lib/db/testing.ts';
import type { Call } from './commands.ts';
import { importResidents, removeResidents, residentsStatus } from './residents.ts';

const folder = mkdtempSync(join(tmpdir(), 'finestreta-residents-'));
const HEADER = 'given;family;document;dwelling;address;place';
const TODAY = Temporal.Now.plainDateISO('UTC').toString();
let database: TestDatabase;
let said: string;

beforeAll(async () => {
  database = await testDatabase();
});
beforeEach(() => {
  said = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
  return () => vi.restoreAllMocks();
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

function file(content: string | Uint8Array): string {
  const path = join(folder, `${Math.random()}.csv`);
  writeFileSync(path, content);
  return path;
}
const people = (count: number): string[] =>
  Array.from({ length: count }, (_, nth) => `P${nth};Soler;;${nth};Carrer Major, ${nth};Vilaclara`);

const call = (words: string[], options: Call['options'] = {}): Call => ({
  words,
  options,
  config: readConfig({
    ...addressesOf(database),
    DATA_DIR: folder,
    INSTALLATION_KEY: Buffer.alloc(32, 7).toString('base64'),
    LOG_LEVEL: 'silent',
  }),
});
const bring = async (path: string, options: Call['options'] = {}) => {
  said = '';
  const asOf = { 'as-of': TODAY };
  const refused = await importResidents(call([path], { ...asOf, ...options })).then(
    () => null,
    (error: Error) => error.message,
  );
  return refused ?? said;
};

test('a file is imported, its state is printed, and it is removed', async () => {
  const wrong = 'Rosa;Soler;12345678A;x;Major 1;Vilaclara';
  const right = 'Pau;Riu;12345678Z;x;Major 1;Vilaclara';
  expect(await bring(file([HEADER, wrong, right].join('\n')))).toBe(
    `2 people, as of ${TODAY}. 1 have a document, by which they are found.\n` +
      "1 have a document that can't be right (its letter, or its form): these people are not found by it.\n",
  );
  said = '';
  await residentsStatus(call([]));
  expect(said).toMatch(`2 people as of ${TODAY}, 1 of them with a document.`);
  expect(said).toContain('Certificates are issued from it until');
  expect(() => removeResidents(call([]))).toThrow('--yes');
  await removeResidents(call([], { yes: true }));
  said = '';
  await residentsStatus(call([]));
  expect(said).toBe('There is no list of residents.\n');
});

test('a file encrypted by age needs the identity that opens it', async () => {
  const identity = await generateIdentity();
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(identity));
  const path = file(await encrypter.encrypt([HEADER, ...people(3)].join('\n')));
  const key = file(`# made for a test\n${identity}\n`);
  const other = file(`${await generateIdentity()}\n`);
  expect(await bring(path)).toContain('Give the identity that opens it');
  expect(await bring(path, { identity: other })).toContain('No identity that was given opens');
  expect(await bring(path, { identity: key })).toContain('3 people');
});

test('mistakes are printed with their lines, and nothing is imported', async () => {
  await bring(file([HEADER, ...people(10)].join('\n')), { yes: true });
  const bad = Array.from({ length: 30 }, () => ';Soler;;x;Major 1;Vilaclara');
  const message = await bring(file([HEADER, ...people(10), ...bad].join('\n')));
  expect(message).toContain('Line 12: given is empty.');
  expect(message).toContain('… and 10 more.');
  expect(message.split('\n')).toHaveLength(22);
  expect(await bring(file('nom;cognoms\n'))).toContain('there is no column "nom"');
  said = '';
  await residentsStatus(call([]));
  expect(said).toContain('10 people');
});

test('a much shorter file asks first; a day is needed', async () => {
  await bring(file([HEADER, ...people(20)].join('\n')), { yes: true });
  const short = file([HEADER, ...people(5)].join('\n'));
  expect(await bring(short)).toContain('has 5 people; the list that is here has 20');
  expect(await bring(short, { yes: true })).toContain('5 people');
  expect(() => importResidents(call([short], {}))).toThrow('--as-of');
  expect(() => importResidents(call([short], { 'as-of': '2026-02-30' }))).toThrow('--as-of');
  expect(() => importResidents(call([join(folder, 'none.csv')]))).toThrow('There is no file');
});
