import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  generateHybridIdentity,
  generateX25519Identity,
  identityToRecipient,
} from 'age-encryption';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { BackupError } from '../../../lib/backup/format.ts';
import { checkBackup } from '../../../lib/backup/load.ts';
import { diskPlace, fileSource } from '../../../lib/backup/places/disk.ts';
import type { BackupPlace } from '../../../lib/backup/places/types.ts';
import type { BackupSettings } from '../../../lib/backup/settings.ts';
import { fingerprint, populate } from '../../../lib/backup/testing/town.ts';
import { writeVerified } from '../../../lib/backup/verified.ts';
import { memoryBlobs } from '../../../lib/blobs/testing/memory.ts';
import { type Moto, NO_MOTO, openMoto } from '../../../lib/blobs/testing/moto.ts';
import type { Blobs } from '../../../lib/blobs/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { MIGRATIONS } from '../../../paths.ts';
import { createBackups, forgetInstallation, standingOf, unremovedNow } from './service.ts';
import { lockBackups } from './store.ts';

const HOST = 'cita.vilaclara.cat';

let database: TestDatabase;
let folder: string;
let clock: ReturnType<typeof handClock>;
let identity: string;
let recipient: string;
let moto: Moto;

beforeAll(async () => {
  database = await testDatabase();
  await populate(database);
  identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
  if (!NO_MOTO) moto = await openMoto();
});
afterAll(async () => {
  await database.close();
  await moto?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await database.asOwner('delete from backup_run');
  folder = mkdtempSync(join(tmpdir(), 'finestreta-scheduled-'));
  clock = handClock('2026-11-30T03:00:00+01:00');
});
afterEach(() => rmSync(folder, { recursive: true }));

const settingsTo = (to: BackupSettings['to']): BackupSettings => ({
  to,
  at: Temporal.PlainTime.from('03:30'),
  keep: { days: 2, weeks: 0, months: 0 },
});

interface Other {
  recipients?: string;
  blobs?: Blobs;
  settings?: BackupSettings;
  place?: BackupPlace;
  of?: TestDatabase;
  host?: string;
}

const backupsTo = (
  to: BackupSettings['to'] = { folder },
  { recipients = recipient, blobs = memoryBlobs(), place, ...others }: Other = {},
) =>
  createBackups({
    ...{ db: (others.of ?? database).kysely, connection: (others.of ?? database).connection },
    ...{ clock, blobs, settings: others.settings ?? settingsTo(to), recipient: recipients },
    ...{ host: others.host ?? HOST, ...(place && { open: () => place }) },
    ...{ version: '0.1.0', migrations: MIGRATIONS, timeZone: async () => 'Europe/Madrid' },
  });

const files = () => readdirSync(folder).sort();

test('a backup is made once a day at its hour, by the login that serves, and only its identity opens it', async () => {
  const backups = backupsTo();
  // The first is made at once.
  const first = await backups.makeIfDue();
  expect(first?.name).toMatch(
    /^finestreta-cita\.vilaclara\.cat-20261130T020000Z-vilaclar\.gz\.age$/,
  );
  expect(await backups.makeIfDue()).toBeNull();
  clock.advance({ minutes: 30 });
  const second = await backups.makeIfDue();
  expect(second?.rows).toBeGreaterThan(100);
  expect(await backups.makeIfDue()).toBeNull();
  const source = fileSource(join(folder, second!.name));
  await expect(checkBackup(source, MIGRATIONS)).rejects.toThrow('is encrypted');
  const { rows } = await checkBackup(source, MIGRATIONS, [identity]);
  const before = await fingerprint(database.owner);
  // It was noted after it was made.
  const counts = Object.entries(before.rows)
    .filter(([name]) => name !== 'public.backup_run')
    .map(([name, { count }]) => [name, count]);
  expect(rows).toMatchObject(Object.fromEntries(counts));
  const last = await backups.last();
  expect(last.backup).toMatchObject({ name: second?.name, bytes: second?.bytes, trouble: null });
  expect(last.failed).toBeNull();
});

test('old ones are removed after a new one was verified, and nothing else in the folder', async () => {
  const backups = backupsTo();
  writeFileSync(
    join(folder, 'finestreta-cita.vilanova.cat-20200101T020000Z-vilaclar.gz.age'),
    'another town',
  );
  writeFileSync(
    join(folder, `finestreta-${HOST}-20200101T020000Z-vilaclar.gz.age.unfinished`),
    'killed',
  );
  const made: string[] = [];
  for (let day = 0; day < 4; day++) {
    made.push((await backups.make())!.name);
    clock.advance({ hours: 24 });
  }
  expect(files()).toEqual([
    ...made.slice(-2),
    'finestreta-cita.vilanova.cat-20200101T020000Z-vilaclar.gz.age',
  ]);
});

test('what another installation of the address has made or writes is never touched', async () => {
  const backups = backupsTo();
  const theirs = [
    `finestreta-${HOST}-20261201T020000Z-k3f2x7qa.gz.age`,
    `finestreta-${HOST}-20261202T020000Z-k3f2x7qa.gz.age.unfinished`,
  ];
  for (const each of theirs) writeFileSync(join(folder, each), 'theirs');
  const made: string[] = [];
  for (let day = 0; day < 4; day++) {
    made.push((await backups.make())!.name);
    clock.advance({ hours: 24 });
  }
  // Theirs of a later day takes no place of ours.
  expect(files()).toEqual([...made.slice(-2), ...theirs].sort());
});

test('a database that was restored is another installation', async () => {
  const backups = backupsTo();
  const before = await backups.installation();
  expect(await backups.installation()).toBe(before);
  await forgetInstallation(database.kysely);
  expect(await backups.installation()).not.toBe(before);
  await database.asOwner(
    'delete from installation',
    "insert into installation (id) values ('vilaclar')",
  );
});

/** A folder that takes files and gives them back, and refuses to remove any. */
const locked = (): BackupPlace => {
  const refuse = () => Promise.reject(new BackupError('The bucket removes no file: AccessDenied'));
  return { ...diskPlace(folder), remove: refuse, tidy: refuse };
};

test('a place that removes nothing has good backups, and what it refuses is said apart', async () => {
  const backups = backupsTo({ folder }, { place: locked() });
  for (let day = 0; day < 3; day++) {
    const made = await backups.make();
    const refused = 'The bucket removes no file: AccessDenied';
    expect(made?.warnings).toEqual(day < 2 ? [refused] : [refused, refused]);
    clock.advance({ hours: 24 });
  }
  expect(files()).toHaveLength(3);
  const last = await backups.last();
  expect(last.failed).toBeNull();
  expect(standingOf(last, true, last.backup!.endedAt)).toBe('right');
  expect(unremovedNow(last)?.trouble).toContain('AccessDenied');
});

test('a place is asked for no removal where all are kept', async () => {
  const kept = { ...settingsTo({ folder }), keep: null };
  const backups = backupsTo({ folder }, { settings: kept, place: locked() });
  for (let day = 0; day < 3; day++) {
    await backups.make();
    clock.advance({ hours: 24 });
  }
  expect(files()).toHaveLength(3);
  expect((await backups.last()).unremoved).toBeNull();
});

test('a file by hand does not make the schedule’s next one wait', async () => {
  const backups = backupsTo();
  const run = { name: 'x', startedAt: clock.now(), endedAt: clock.now(), bytes: 1, rows: 1 };
  await backups.note('file', { ...run, trouble: null });
  expect((await backups.last()).file?.name).toBe('x');
  expect(await backups.makeIfDue()).not.toBeNull();
});

test.skipIf(NO_MOTO)('old ones are removed from a bucket too', async () => {
  const to = { s3: moto.settings };
  const backups = backupsTo(to);
  for (let day = 0; day < 3; day++) {
    const made = await backups.make();
    expect(made?.removed).toHaveLength(day === 2 ? 1 : 0);
    clock.advance({ hours: 24 });
  }
  expect((await backups.last()).backup?.bytes).toBeGreaterThan(1_000);
});

test('recipients that outlast quantum computers stay alone', async () => {
  const secret = await generateHybridIdentity();
  const made = await backupsTo(
    { folder },
    { recipients: await identityToRecipient(secret) },
  ).make();
  const source = fileSource(join(folder, made!.name));
  expect(readFileSync(join(folder, made!.name), 'latin1')).not.toContain('-> X25519 ');
  expect((await checkBackup(source, MIGRATIONS, [secret])).about.version).toBe('0.1.0');
});

test('a failure is noted and said, keeps what is there, and is tried again after half an hour', async () => {
  const backups = backupsTo();
  await backups.make();
  const before = files();
  clock.advance({ hours: 24 });
  const blobs = memoryBlobs();
  const broken = { ...blobs, get: () => Promise.reject(new Error('The bucket is away')) };
  const failing = backupsTo({ folder }, { blobs: broken });
  await expect(failing.makeIfDue()).rejects.toThrow('The bucket is away');
  expect(files()).toEqual(before);
  expect((await backups.last()).failed?.trouble).toBe('Error');
  expect(await backups.makeIfDue()).toBeNull();
  clock.advance({ minutes: 30 });
  expect(await backups.makeIfDue()).not.toBeNull();
});

test('a place that gives back less than it was given is found out', async () => {
  const place = diskPlace(folder);
  const forgetful: BackupPlace = {
    ...place,
    read: (name) => ({
      name,
      async *open() {
        yield readFileSync(join(folder, name)).subarray(0, -20);
      },
    }),
  };
  const dump = {
    ...{ connection: database.connection, migrations: MIGRATIONS, blobs: memoryBlobs() },
    ...{ facts: { madeAt: '2026-11-30T08:00:00Z', version: '0.1.0' } },
  };
  for (const recipients of [[recipient], []]) {
    const name = `of ${recipients.length}`;
    const written = writeVerified(forgetful, name, { ...dump, recipients });
    await expect(written).rejects.toThrow(`${name} was written, and can't be read again`);
    expect(
      (await writeVerified(place, `${name} whole`, { ...dump, recipients })).rows,
    ).toBeGreaterThan(100);
  }
});

test('a process makes the backup of one town at once; the others have their turn later', async () => {
  const other = await testDatabase();
  const began = Promise.withResolvers<void>();
  const open = Promise.withResolvers<void>();
  const slow: BackupPlace = {
    ...diskPlace(folder),
    tidy: () => {
      began.resolve();
      return open.promise;
    },
  };
  const first = backupsTo({ folder }, { place: slow }).makeIfDue();
  await began.promise;
  const second = backupsTo({ folder }, { of: other, host: 'cita.vilanova.cat' });
  expect(await second.makeIfDue()).toBeNull();
  open.resolve();
  expect(await first).not.toBeNull();
  expect(await second.makeIfDue()).not.toBeNull();
  await other.close();
});

test('two processes never make one at once', async () => {
  const release = await lockBackups(database.connection);
  expect(await backupsTo().make()).toBeNull();
  expect(files()).toEqual([]);
  await release!();
  expect(await backupsTo().make()).not.toBeNull();
});
