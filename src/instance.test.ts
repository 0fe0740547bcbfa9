import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { openContext } from './context.ts';
import { changeHost } from './features/foundation/offices/service.ts';
import { openInstance } from './instance.ts';
import { addressesOf, type TestDatabase, testDatabase } from './lib/db/testing.ts';

let database: TestDatabase;
let dataDir: string;
const log = pino({ level: 'silent' });
beforeAll(async () => {
  database = await testDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'finestreta-own-'));
});
afterAll(async () => {
  await database.close();
  rmSync(dataDir, { recursive: true });
});

const configOf = (baseUrl: string) =>
  readConfig({
    ...addressesOf(database),
    DATA_DIR: dataDir,
    BASE_URL: baseUrl,
    ROLES: 'worker',
    TOWN_FILE: 'towns/vilaclara.yaml',
  });
const serve = async (baseUrl: string) => (await openInstance(configOf(baseUrl), log)).close();
const command = async (baseUrl: string) =>
  (await openContext(configOf(baseUrl), { join: true, log })).close();

test('an empty database gets the town and its forms', async () => {
  const instance = await openInstance(configOf('http://localhost:3000'), log);
  const { offices, forms } = instance.context;
  const office = (await offices.find('oac'))!;
  const files = readdirSync('towns/vilaclara/forms').map((each) => each.replace('.yaml', ''));
  for (const procedure of files)
    expect(await forms.current(office, procedure), procedure).toMatchObject({ number: 1 });
  await instance.close();
});

test('what jobs did is kept before a town falls asleep, however soon that is', async () => {
  const owner = await database.connectAsOwner();
  await owner.query('delete from job_run');
  const instance = await openInstance(configOf('http://localhost:3000'), log);
  const kept = async () => {
    instance.settle();
    const { rows } = await owner.query<{ what: string }>('select what from job_run');
    return rows.map(({ what }) => what);
  };
  await expect.poll(kept, { timeout: 30_000 }).toContain('to forget old mails to staff');
  await instance.close();
  await owner.end();
});

test('a form with a mistake keeps an empty database from being a town', async () => {
  const empty = await testDatabase();
  const place = mkdtempSync(join(tmpdir(), 'finestreta-mistake-'));
  const file = join(place, 'town.yaml');
  cpSync('towns/vilaclara.yaml', file);
  cpSync('towns/vilaclara/areas.geojson', join(place, 'vilaclara/areas.geojson'));
  mkdirSync(join(place, 'vilaclara/forms'), { recursive: true });
  writeFileSync(join(place, 'vilaclara/forms/gos.yaml'), 'procedure: gos\n');
  const config = readConfig({
    ...addressesOf(empty),
    DATA_DIR: place,
    BASE_URL: 'http://localhost:3000',
    ROLES: 'worker',
    TOWN_FILE: file,
  });
  await expect(openInstance(config, log)).rejects.toThrow(/gos\.yaml:1:1 {2}"steps" is missing/);
  expect((await empty.pool.query('select from town')).rowCount).toBe(0);
  await empty.close();
  rmSync(place, { recursive: true });
});

test('a database belongs to the town that it first served, until the operator changes that', async () => {
  await serve('http://localhost:3000'); // a trial on this machine doesn't count
  await command('https://cita.mont.cat'); // nor does a command
  await serve('https://cita.vall.cat');
  for (const other of ['https://cita.mont.cat', 'https://vall.cat']) {
    await expect(serve(other)).rejects.toThrow('The database is that of cita.vall.cat');
    await expect(command(other)).rejects.toThrow('"finestreta town address --yes"');
  }
  await serve('https://cita.vall.cat:8443');
  await command('http://localhost:3000');

  await changeHost(database.kysely, 'https://cita.vall.eus');
  await expect(serve('https://cita.vall.cat')).rejects.toThrow('that of cita.vall.eus');
  await serve('https://cita.vall.eus');

  // A database of another town is refused before it is migrated, which would fail here.
  const owner = await database.connectAsOwner();
  const done = await owner.query('delete from kysely_migration returning *');
  await expect(command('https://cita.vall.cat')).rejects.toThrow('that of cita.vall.eus');
  await expect(command('https://cita.vall.eus')).rejects.toThrow('already exists');
  for (const { name, timestamp } of done.rows)
    await owner.query('insert into kysely_migration values ($1, $2)', [name, timestamp]);
  await owner.end();

  await changeHost(database.kysely, null); // restored
  await serve('https://rehearsal.example');
  await expect(serve('https://cita.vall.eus')).rejects.toThrow('that of rehearsal.example');
});
