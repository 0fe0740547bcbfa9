import { sql } from 'kysely';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { populate } from '../../../lib/backup/testing/town.ts';
import { handClock } from '../../../lib/clock.ts';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { registryOf } from '../../../web/operation/measured.ts';
import { MEASURES, NOTING } from './rules.ts';
import { testOperating } from './testing.ts';
import { QUEUES } from './types.ts';
import { queueQuery } from './views.ts';

let database: TestDatabase;
let clock: ReturnType<typeof handClock>;

beforeAll(async () => {
  database = await testDatabase();
  await populate(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  clock = handClock('2026-11-30T12:00:00Z');
  await database.asOwner('delete from job_run', 'delete from backup_run');
});

const open = (more: Parameters<typeof testOperating>[1] = {}) =>
  testOperating({ db: database.kysely, clock }, more);

/** The lines of the metrics that are about this name. */
async function linesOf(facts: Awaited<ReturnType<ReturnType<typeof open>['facts']>>, name: string) {
  const text = await Registry.merge([registryOf(facts)]).metrics();
  return text.split('\n').filter((each) => each.startsWith(name));
}

test('what waits is counted as plain SQL counts it', async () => {
  const facts = await open().facts();
  const counted = await within(database.kysely, INSTALLATION, (tx) =>
    tx
      .selectFrom('notice')
      .select(({ fn }) => [fn.countAll<number>().as('count')])
      .where('channel', '=', 'email')
      .where('sent_at', 'is', null)
      .where('dropped_at', 'is', null)
      .where('failed_at', 'is', null)
      .where('not_before', '<=', clock.now().toString() as never)
      .executeTakeFirstOrThrow(),
  );
  expect(facts.stored?.queues.mail.waiting).toBe(counted.count);
  expect(counted.count).toBeGreaterThan(0);
  expect(facts.stored?.queues.staff_mail.waiting).toBe(1);
  expect(facts.stored?.databaseVersion).toMatch(/^1\d/);
  const [line] = await linesOf(facts, 'finestreta_queue_waiting{queue="mail"}');
  expect(line).toBe(`finestreta_queue_waiting{queue="mail"} ${counted.count}`);
});

test('each measure has its samples, and those of a database that is away have none', async () => {
  const operating = open();
  await operating.keepNotes();
  const facts = await operating.facts();
  const empty = MEASURES.filter(({ read }) => read(facts).length === 0).map(({ name }) => name);
  // There was no backup, nor a drill.
  expect(empty).toEqual([
    'finestreta_backup_last_success_timestamp_seconds',
    'finestreta_backup_last_bytes',
    'finestreta_drill_last_success_timestamp_seconds',
  ]);
  const away = { ...facts, stored: null, database: 'away' as const };
  expect(await linesOf(away, 'finestreta_database_up')).toEqual(['finestreta_database_up 0']);
  expect(await linesOf(away, 'finestreta_queue_waiting')).toEqual([]);
  expect(await linesOf(away, 'finestreta_streams_open')).toEqual(['finestreta_streams_open 2']);
});

test('a pool without a free connection says nothing about whether the database answers', async () => {
  const [line] = await linesOf(await open().facts(), 'finestreta_database_up ');
  expect(line).toBe('finestreta_database_up 1');
  const late = Object.assign(new Error('timeout exceeded when trying to connect'));
  const db = { transaction: () => ({ execute: () => Promise.reject(late) }) } as unknown as Db;
  const full = { pool: () => ({ total: 16, idle: 0, waiting: 9, most: 16 }) };
  const busy = await testOperating({ db, clock }, full).facts();
  expect(busy).toMatchObject({ stored: null, database: 'busy' });
  expect(await linesOf(busy, 'finestreta_database_up ')).toEqual([]);
  const away = await testOperating({ db, clock }).facts();
  expect(await linesOf(away, 'finestreta_database_up ')).toEqual(['finestreta_database_up 0']);
});

test('many readers in some seconds are one reading', async () => {
  const operating = open();
  const before = (await operating.facts()).stored;
  expect((await operating.facts()).stored).toBe(before);
  clock.advance({ seconds: 10 });
  expect((await operating.facts()).stored).not.toBe(before);
});

test.each(QUEUES)(
  'what of %s waits or failed is found by an index, however many were sent',
  async (name) => {
    const plan = await within(database.kysely, INSTALLATION, async (tx) => {
      await sql`set local enable_seqscan = off`.execute(tx);
      const { rows } = await sql<
        Record<string, string>
      >`explain ${queueQuery(name, clock.now())}`.execute(tx);
      return rows.map((each) => Object.values(each)[0]).join('\n');
    });
    const table = {
      mail: 'notice',
      sms: 'notice',
      staff_mail: 'staff_mail',
      webhooks: 'webhook_delivery',
    }[name];
    expect(plan).toContain(`${table}_due`);
    expect(plan).toContain(`${table}_failed`);
  },
);

test('jobs are noted together, each with its failures since it last went well', async () => {
  const operating = open();
  operating.noteJob('to back up', 'ENOSPC');
  operating.noteJob('to back up', 'EIO');
  operating.noteJob('to seal the audit trail', null);
  await operating.keepNotes();
  clock.advance({ minutes: 1 });
  operating.noteJob('to back up', 'EIO');
  await operating.keepNotes();
  const jobs = async () => (await operating.facts()).stored?.jobs;
  expect(await jobs()).toMatchObject([
    { what: 'to back up', failures: 3, trouble: 'EIO', ranAt: null, failedAt: clock.now() },
    { what: NOTING, failures: 0 },
    { what: 'to seal the audit trail', failures: 0, failedAt: null },
  ]);
  clock.advance({ minutes: 1 });
  operating.noteJob('to back up', null);
  await operating.keepNotes();
  expect((await jobs())?.[0]).toMatchObject({ failures: 0, ranAt: clock.now(), trouble: 'EIO' });
  // A job that no process has run for a week is one of an earlier version.
  clock.advance({ hours: 24 * 8 });
  operating.noteJob('to back up', null);
  await operating.keepNotes();
  expect((await jobs())?.map(({ what }) => what)).toEqual(['to back up', NOTING]);
});

test('notes that could not be kept are kept later', async () => {
  const operating = open();
  operating.noteJob('to back up', 'EIO');
  await database.asOwner('alter table job_run rename to away');
  await expect(operating.keepNotes()).rejects.toThrow();
  await database.asOwner('alter table away rename to job_run');
  await operating.keepNotes();
  expect((await operating.facts()).stored?.jobs).toMatchObject([{ failures: 1 }, {}]);
});

test('what ran is kept with when it began, and without anything new nothing is written', async () => {
  const operating = open();
  const began = clock.now();
  clock.advance({ minutes: 3 });
  operating.noteJob('to back up', null, began);
  operating.noteJob('to make figures', 'EIO', began);
  await operating.keepNew();
  const { stored } = await operating.facts();
  expect(stored?.jobs).toMatchObject([
    { what: 'to back up', ranAt: began },
    { what: 'to make figures', ranAt: null, failedAt: clock.now() },
  ]);
  await database.asOwner('delete from job_run');
  await operating.keepNew();
  clock.advance({ minutes: 1 });
  expect((await operating.facts()).stored?.jobs).toEqual([]);
});
