import { createHash, randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { memoryBlobs } from '../blobs/testing/memory.ts';
import { openDatabase, within } from '../db/database.ts';
import { migrate, migrationNames } from '../db/migrate.ts';
import { prepareSchema } from '../db/prepare.ts';
import { dropDatabase, type TestDatabase, testDatabase, testLogins } from '../db/testing.ts';
import { writeBackup } from './dump.ts';
import { BackupError } from './format.ts';
import { checkBackup, othersConnected, restoreBackup, whatStands } from './load.ts';
import { fileSource } from './places/disk.ts';
import { bookingDesk, fingerprint, populate } from './testing/town.ts';

const MIGRATIONS = 'migrations';
const FACTS = {
  madeAt: '2026-11-30T08:00:00Z',
  version: '0.1.0',
};

let source: TestDatabase;
let folder: string;
let file: string;
const made: string[] = [];

beforeAll(async () => {
  source = await testDatabase();
  await populate(source);
});
afterAll(() => source.close());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'finestreta-backup-'));
  file = join(folder, 'all.gz');
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  for (const name of made.splice(0)) await dropDatabase(name);
});

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client(testLogins().owner);
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** Makes an empty database. */
async function emptyDatabase(): Promise<pg.ConnectionConfig> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(`create database ${name}`);
  made.push(name);
  return testLogins(name).owner;
}

/** The document of populate(), and an id without a document. */
const PIECE = '00000000-0000-4000-8000-000000000021';
const kept = memoryBlobs(
  new Map([
    [PIECE, randomBytes(300_000)],
    ['00000000-0000-4000-8000-000000000099', randomBytes(9)],
  ]),
);

const backUp = (from = source.owner) =>
  writeBackup({ connection: from, path: file, facts: FACTS, recipients: [], blobs: kept });

async function restoreInto(
  connection: pg.ConnectionConfig,
  path = file,
  blobs = memoryBlobs(),
): Promise<void> {
  const contents = await checkBackup(fileSource(path), MIGRATIONS);
  await restoreBackup({
    connection,
    source: fileSource(path),
    contents,
    migrations: MIGRATIONS,
    blobs,
  });
}

/** Changes the backup's text, and corrects its sum. */
function forge(change: (text: string) => string): void {
  const text = change(gunzipSync(readFileSync(file)).toString());
  const at = text.lastIndexOf('-- end ');
  const end = JSON.parse(text.slice(at + 7));
  end.sha256 = createHash('sha256').update(text.slice(0, at)).digest('hex');
  writeFileSync(file, gzipSync(`${text.slice(0, at)}-- end ${JSON.stringify(end)}\n`));
}

const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => 'it went through',
    (error: unknown) => {
      if (error instanceof BackupError) return error.message;
      throw error;
    },
  );

describe('a backup', () => {
  test('brings every row of every table, the sequences and the policies into an empty database', async () => {
    const rows = await backUp();
    const target = await emptyDatabase();
    await restoreInto(target);
    const before = await fingerprint(source.owner);
    expect(await fingerprint(target)).toEqual(before);
    // A new table must be filled in populate(), so that this test covers it.
    const counts = Object.entries(before.rows).map(([name, { count }]) => [name, count]);
    expect(counts.filter(([, count]) => count === 0)).toEqual([]);
    expect(rows).toEqual(Object.fromEntries(counts));
  });

  test('brings the documents’ pieces unchanged, and no others', async () => {
    await backUp();
    const blobs = memoryBlobs();
    await restoreInto(await emptyDatabase(), file, blobs);
    expect([...blobs.all.keys()]).toEqual([PIECE]);
    expect(blobs.all.get(PIECE)?.equals(kept.all.get(PIECE)!)).toBe(true);
  });

  test('names the root key and does not hold it; only its owner can read it', async () => {
    await backUp();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await checkBackup(fileSource(file), MIGRATIONS)).about.roots).toEqual([
      'file of a test',
    ]);
    expect(readdirSync(folder)).toEqual(['all.gz']);
  });

  test('never overwrites a file, and leaves none behind when it fails', async () => {
    writeFileSync(file, 'mine');
    expect(await refusalOf(backUp())).toContain('is there already');
    expect(readFileSync(file, 'utf8')).toBe('mine');
    rmSync(file);
    const empty = await emptyDatabase();
    expect(await refusalOf(backUp(empty))).toContain('nothing to back up');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('can be loaded by psql’s rules: it is SQL in gzip', async () => {
    await backUp();
    const text = gunzipSync(readFileSync(file)).toString();
    expect(text).toMatch(/\nCOPY "public"."office" \("id", [^)]+\) FROM stdin;\n1\toac\t/);
    expect(text).toMatch(/\nSELECT setval\('public.office_id_seq', 2\);\n/);
  });

  test('shows one moment, although bookings continue', async () => {
    const busy = await testDatabase();
    try {
      await populate(busy);
      const desk = await bookingDesk(busy, 'hisenda');
      let writing = true;
      let booked = 0;
      const booking = (async () => {
        // The number of available times.
        while (writing && booked < 100) {
          await desk.book();
          booked++;
        }
      })();
      const rows = await backUp(busy.owner).finally(() => {
        writing = false;
      });
      await booking;
      expect(booked).toBeGreaterThan(0);
      const target = await emptyDatabase();
      await restoreInto(target);
      await expectWhole(target, rows['public.appointment'] ?? 0);
    } finally {
      await busy.close();
    }
  });
});

/** Checks that every appointment has its time, its event and its notice, and that the days are as their trigger keeps them. */
async function expectWhole(connection: pg.ConnectionConfig, appointments: number) {
  const database = await openDatabase({ connection, pool: 1, onIdleError: () => {} });
  const { rows } = await within(database.kysely, '*', (tx) =>
    sql`select
        (select count(*)::int from appointment) as appointments,
        (select count(*)::int from appointment a join desk_time t on t.id = a.time_id) as times,
        (select count(*)::int from appointment a where exists (select from event e where e.appointment_id = a.id)) as events,
        (select count(*)::int from appointment a where exists (select from notice n where n.appointment_id = a.id)) as notices,
        (select count(*)::int from (
           select desk_id, sum(upper(r) - lower(r)) as minutes from desk_day, unnest(busy) r group by desk_id
         ) kept full join (
           select desk_id, sum(extract(epoch from upper(during) - lower(during)) / 60) as minutes from desk_time group by desk_id
         ) plain using (desk_id) where kept.minutes is distinct from plain.minutes) as wrong_days`.execute(
      tx,
    ),
  );
  await database.close();
  const all = appointments;
  expect(rows).toEqual([
    { appointments: all, times: all, events: all, notices: all, wrong_days: 0 },
  ]);
}

describe('a restored database', () => {
  let target: TestDatabase;
  beforeEach(async () => {
    await backUp();
    target = await testDatabase();
    await restoreInto(target.owner);
    await prepareSchema(target.owner, target.connection, MIGRATIONS);
  });
  afterEach(() => target.close());

  test('works: books new times, refuses taken ones, continues its numbers', async () => {
    const desk = await bookingDesk(target, 'oac');
    await desk.book();
    await expectWhole(target.owner, 6);
    const twice = within(target.kysely, '*', (tx) =>
      sql`insert into desk_time (office_id, desk_id, starts, ends, during)
        select office_id, desk_id, starts, ends, during from desk_time limit 1`.execute(tx),
    );
    await expect(twice).rejects.toMatchObject({ code: '23P01' });
  });

  test('keeps its history closed and its offices apart', async () => {
    const edit = target.asOwner("update event set actor = 'nobody'");
    await expect(edit).rejects.toThrow('append-only');
    const { rows } = await target.pool.query('select from appointment');
    expect(rows).toEqual([]);
  });

  test('replaces the earlier content, when asked to', async () => {
    expect(await whatStands(target.owner)).toEqual({
      kind: 'finestreta',
      town: 'Vilaprova',
      appointments: 5,
    });
    await (await bookingDesk(target, 'hisenda')).book();
    await target.asOwner('create table public.left_over (id int)');
    await restoreInto(target.owner);
    expect(await fingerprint(target.owner)).toEqual(await fingerprint(source.owner));
  });

  test('stays unchanged when a row of the backup is refused in the middle', async () => {
    await (await bookingDesk(target, 'hisenda')).book();
    const before = await fingerprint(target.owner);
    forge((text) => text.replace(/\tbooked\t/, '\tlost\t'));
    await expect(restoreInto(target.owner)).rejects.toMatchObject({ code: '23514' });
    expect(await fingerprint(target.owner)).toEqual(before);
  });

  test('counts other connections, without its own', async () => {
    const database = await emptyDatabase();
    expect(await othersConnected(database)).toBe(0);
    const user = new pg.Client(database);
    await user.connect();
    expect(await othersConnected(database)).toBe(1);
    await user.end();
  });
});

describe('a wrong file', () => {
  beforeEach(async () => {
    await backUp();
  });
  const check = () => refusalOf(checkBackup(fileSource(file), MIGRATIONS));

  test('is detected wherever it is cut', async () => {
    const whole = readFileSync(file);
    for (const part of [0, 0.01, 0.3, 0.7, 0.99]) {
      writeFileSync(file, whole.subarray(0, Math.floor(whole.length * part)));
      expect(await check()).toContain('damaged or not whole');
    }
    writeFileSync(file, whole.subarray(0, -1));
    expect(await check()).toContain('damaged or not whole');
    // Cut before it was compressed.
    const text = gunzipSync(whole).toString();
    writeFileSync(file, gzipSync(text.slice(0, text.lastIndexOf('-- end '))));
    expect(await check()).toContain('damaged or not whole');
  });

  test('is detected when a byte changed, in the compressed file or the text', async () => {
    const whole = readFileSync(file);
    const flipped = Buffer.from(whole);
    const middle = Math.floor(whole.length / 2);
    flipped[middle] = (flipped[middle] ?? 0) ^ 1;
    writeFileSync(file, flipped);
    expect(await check()).toContain('damaged or not whole');
    const text = gunzipSync(whole).toString().replace('+34600000001', '+34600000002');
    writeFileSync(file, gzipSync(text));
    expect(await check()).toContain('damaged or not whole');
  });

  test('is detected when a row is missing although the sum is right', async () => {
    forge((text) => text.replace(/(COPY "public"."office" .*\n)1\t.*\n/, '$1'));
    expect(await check()).toContain('damaged or not whole');
  });

  test('is no backup at all', async () => {
    writeFileSync(file, 'a letter');
    expect(await check()).toContain('is no backup');
    writeFileSync(file, gzipSync('a letter\nof two lines\n'));
    expect(await check()).toContain('is no backup of Finestreta');
  });

  test('has another format, or comes from a newer Finestreta', async () => {
    forge((text) => text.replace('Finestreta backup 2', 'Finestreta backup 3'));
    expect(await check()).toContain('format 3');
    forge((text) =>
      text.replace('backup 3', 'backup 2').replace(/"migrations":\["0001/, '"migrations":["0000'),
    );
    expect(await check()).toContain('Upgrade');
  });

  test('has a piece whose name would lead elsewhere', async () => {
    for (const name of ['../../keys/installation.key', '', `${PIECE}/../x`]) {
      rmSync(file);
      await backUp();
      forge((text) => text.replace(`-- blob ${PIECE} `, `-- blob ${name} `));
      expect(await check()).toContain('damaged or not whole');
    }
  });

  test('has tables that the migrations don’t make', async () => {
    forge((text) =>
      text.replace('"name":"closure","columns":["id",', '"name":"closure","columns":["nr",'),
    );
    const target = await emptyDatabase();
    expect(await refusalOf(restoreInto(target))).toContain('public.closure');
    expect(await whatStands(target)).toEqual({ kind: 'empty' });
  });
});

test('a backup of an older Finestreta is brought up to date', async () => {
  const older = join(folder, 'older');
  cpSync(join(MIGRATIONS, 'functions'), join(older, 'functions'), { recursive: true });
  const names = migrationNames(MIGRATIONS);
  for (const name of names.slice(0, -1))
    cpSync(join(MIGRATIONS, `${name}.sql`), join(older, `${name}.sql`));
  const then = await emptyDatabase();
  await migrate(then, older);
  const client = new pg.Client(then);
  await client.connect();
  await client.query("select set_config('app.office', '*', false)");
  await client.query(
    `insert into office (code, position, name, settings) values ('oac', 0, '{}', '{}')`,
  );
  await client.end();
  await backUp(then);
  const target = await emptyDatabase();
  await restoreInto(target);
  expect(await migrate(target, MIGRATIONS)).toEqual({ tables: names.slice(-1), functions: [] });
  const { rows, migrations, functions } = await fingerprint(target);
  expect(rows['public.office']?.count).toBe(1);
  expect(await fingerprint(source.owner)).toMatchObject({ migrations, functions });
});

test('restoring doesn’t repeat the effects of triggers', async () => {
  const more = join(folder, 'more');
  cpSync(MIGRATIONS, more, { recursive: true });
  writeFileSync(
    join(more, '9999_doubling.sql'),
    `create table doubled (n integer not null);
     create function double() returns trigger language plpgsql as $$ begin new.n := new.n * 2; return new; end $$;
     create trigger doubling before insert on doubled for each row execute function double();
     insert into doubled values (7);`,
  );
  const from = await emptyDatabase();
  await migrate(from, more);
  await backUp(from);
  const target = await emptyDatabase();
  const contents = await checkBackup(fileSource(file), more);
  await restoreBackup({
    connection: target,
    source: fileSource(file),
    contents,
    migrations: more,
    blobs: memoryBlobs(),
  });
  const client = new pg.Client(target);
  await client.connect();
  await client.query('insert into doubled values (1)');
  const { rows } = await client.query('select n from doubled order by n');
  await client.end();
  expect(rows).toEqual([{ n: 2 }, { n: 14 }]);
});

test('row-level security binds a superuser’s backup and database too', async () => {
  const superuserOf = ({ database }: pg.ConnectionConfig) => testLogins(database).superuser;
  await backUp(superuserOf(source.owner));
  const target = superuserOf(await emptyDatabase());
  await restoreInto(target);
  await prepareSchema(target, target, MIGRATIONS);
  const database = await openDatabase({ connection: target, pool: 2, onIdleError: () => {} });
  const inside = await within(database.kysely, '*', (tx) =>
    sql`select from appointment`.execute(tx),
  );
  const outside = await database.pool.query('select from appointment');
  await database.close();
  expect([inside.rows.length, outside.rowCount]).toEqual([5, 0]);
});

test('another application’s database is recognised as such', async () => {
  const other = await emptyDatabase();
  expect(await whatStands(other)).toEqual({ kind: 'empty' });
  const client = new pg.Client(other);
  await client.connect();
  await client.query('create table bills (id int)');
  await client.end();
  expect(await whatStands(other)).toEqual({ kind: 'foreign' });
  expect(existsSync(file)).toBe(false);
});
