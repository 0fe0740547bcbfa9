import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { handClock } from '../../../../lib/clock.ts';
import { within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import { createNotifications } from '../../notifications/service.ts';
import { IN_FOLDER } from '../../notifications/testing.ts';
import type { CaseDesk } from '../desk/service.ts';
import { openDesk } from '../desk/testing.ts';
import { handedInTo, holderOf, officialOf, sampleForm, type TestCases } from '../testing.ts';
import { type Archive, createArchive } from './service.ts';

const MORNING = '2027-02-01T09:00:00+01:00';
/** Five years later: the last day, and the one after it. */
const LAST_DAY = '2032-02-01T23:59:00+01:00';
const DAY_AFTER = '2032-02-02T00:01:00+01:00';
const clock = handClock(MORNING);
let database: TestDatabase;
let town: TestCases;
let desk: CaseDesk;
let archive: Archive;
let nuria: StaffViewer;
let coordinator: StaffViewer;
let notifications: ReturnType<typeof createNotifications>;

beforeAll(async () => {
  database = await testDatabase();
  const opened = await openDesk(database, clock);
  ({ town, desk, coordinator, nuria } = opened);
  archive = createArchive({ ...town, log: console });
  notifications = createNotifications({ ...town, ...IN_FOLDER, issuing: opened.issuing });
});
afterAll(() => database.close());
beforeEach(async () => {
  clock.set(DAY_AFTER);
  await archive.destroy(town.office);
  clock.set(MORNING);
});

/** A case with a note and a decision that was issued. `isNotified`: by post, the same day. */
async function decided({ isNotified = true } = {}): Promise<{ id: string; code: string }> {
  const { office } = town;
  const id = await handedInTo(town, office);
  const seen = async () => (await desk.work(nuria, office, id))!.seen;
  await desk.note(nuria, office, id, 'Ha trucat.');
  await desk.step(nuria, office, id, { to: 'in-review', seen: await seen() });
  await desk.give(nuria, office, id, { assignee: nuria.staff, seen: await seen() });
  const content = { text: 'Es concedeix.', reasons: '', appeal: 'Un mes.' };
  await desk.write(nuria, office, id, {
    outcome: 'granted',
    content,
    before: null,
    seen: await seen(),
  });
  const { seen: last, decision } = (await desk.work(coordinator, office, id))!;
  const before = decision!.writtenAt.epochMilliseconds;
  await desk.issue(coordinator, office, id, { before, seen: last });
  if (isNotified) {
    const done = await notifications.record(nuria, office, id, {
      result: 'delivered',
      on: Temporal.PlainDate.from('2027-02-01'),
    });
    expect(done).toEqual({ ok: true });
  }
  return { id, code: (await desk.work(coordinator, office, id))!.decision!.issued!.code };
}

/** The tables that still have something of a case. */
async function tablesWith(id: string): Promise<string[]> {
  const tables = await within(town.db, '*', (tx) =>
    sql<{ name: string }>`select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`.execute(tx),
  );
  const found: string[] = [];
  for (const { name } of tables.rows) {
    const { rows } = await within(town.db, '*', (tx) =>
      sql<{
        has: boolean;
      }>`select exists (select from ${sql.table(name)} t where t::text like ${`%${id}%`}) as has`.execute(
        tx,
      ),
    );
    if (rows[0]?.has) found.push(name);
  }
  return found;
}

const endingOf = async (id: string) =>
  (await archive.page(coordinator, town.office))?.ending.find((each) => each.id === id);

test('a case is kept for the years of its form, and then nothing of it stays but that it was', async () => {
  const { id, code } = await decided();
  expect(await archive.keeping(nuria, town.office, id)).toMatchObject({
    until: Temporal.PlainDate.from('2032-02-01'),
    held: null,
  });
  expect(await tablesWith(id)).toEqual(
    expect.arrayContaining([
      'case_file',
      'case_note',
      'case_decision',
      'notification',
      'space_key',
    ]),
  );
  clock.set(LAST_DAY);
  expect(await archive.destroy(town.office)).toBe(0);
  clock.set(DAY_AFTER);
  expect(await archive.destroy(town.office)).toBe(1);
  expect(await tablesWith(id)).toEqual(['audit', 'case_destruction', 'registry_entry']);
  expect(await archive.destroy(town.office)).toBe(0);
  expect(await desk.work(coordinator, town.office, id)).toBeNull();
  expect(await town.cases.open(holderOf(id), town.office, id)).toBeNull();
  expect(await desk.verify(code)).toBeNull();
  expect(await archive.verify(code)).toMatchObject({
    madeAt: Temporal.Instant.from(MORNING),
    what: { standing: 'expired', since: Temporal.Instant.from(DAY_AFTER) },
  });
});

test('its link opens nothing any more, and its number in the registry stays', async () => {
  const { id } = await decided();
  const secret = town.cases.secretOf({ id, link: 0 });
  clock.set(DAY_AFTER);
  await archive.destroy(town.office);
  expect(await town.cases.bySecret(secret)).toBeNull();
});

test('a code of what stands is answered by nobody here', async () => {
  const { code } = await decided();
  expect(await archive.verify(code)).toBeNull();
  expect(await archive.verify('AAAA-BBBB-CCCC')).toBeNull();
});

test('what is open ends on no day', async () => {
  const id = await handedInTo(town, town.office);
  expect(await archive.keeping(nuria, town.office, id)).toMatchObject({ until: null });
  clock.set('2099-01-01T09:00:00+01:00');
  expect(await archive.destroy(town.office)).toBe(0);
});

test('what a form keeps for good ends on no day either', async () => {
  await town.publish(sampleForm({ retention: { permanent: true } }));
  const { id } = await decided();
  await town.publish(sampleForm());
  expect(await archive.keeping(nuria, town.office, id)).toMatchObject({
    until: null,
    isForGood: true,
  });
  clock.set('2099-01-01T09:00:00+01:00');
  expect(await archive.destroy(town.office)).toBe(0);
});

test('a coordinator holds it for a reason, which agents don’t read; let go, it stays for a week more', async () => {
  const { id } = await decided();
  const { office } = town;
  const hold = (viewer: StaffViewer, reason: string | null, seen: Temporal.Instant | null = null) =>
    archive.hold(viewer, office, id, { reason, seen });
  const refused = (reason: string) => ({ ok: false, reason });
  expect(await hold(nuria, 'Recurs')).toEqual(refused('not_found'));
  const foreign = await officialOf(town, town.elsewhere, 'coordinator');
  expect(await hold(foreign, 'Recurs')).toEqual(refused('not_found'));
  expect(await hold(coordinator, '  ')).toEqual(refused('no_reason'));
  expect(await hold(coordinator, 'x'.repeat(301))).toEqual(refused('too_long'));
  expect(await hold(coordinator, ' Recurs 12/2031 ')).toEqual({ ok: true });
  const by = `staff:${coordinator.staff}`;
  const heldFor = async (viewer: StaffViewer) => (await archive.keeping(viewer, office, id))?.held;
  expect(await heldFor(coordinator)).toMatchObject({ by, reason: 'Recurs 12/2031' });
  expect(await heldFor(nuria)).toMatchObject({ by, reason: '' });
  // Who did not see that it is held changes nothing.
  expect(await hold(coordinator, 'Un altre')).toEqual(refused('changed'));
  expect(await hold(coordinator, null)).toEqual(refused('changed'));
  clock.set(DAY_AFTER);
  expect(await archive.destroy(office)).toBe(0);
  expect(await endingOf(id)).toMatchObject({ stays: 'held' });
  expect(await hold(coordinator, null, Temporal.Instant.from(MORNING))).toEqual({ ok: true });
  expect(await endingOf(id)).toMatchObject({
    stays: null,
    until: Temporal.PlainDate.from('2032-02-09'),
  });
  expect(await archive.destroy(office)).toBe(0);
  clock.set('2032-02-10T09:00:00+01:00');
  expect(await archive.destroy(office)).toBe(1);
});

test('everything that is of a case goes with its row, but its papers, which are removed before', async () => {
  const { rows } = await within(town.db, '*', (tx) =>
    sql<{ table: string }>`select conrelid::regclass::text as "table" from pg_constraint
      where confrelid = 'case_file'::regclass and contype = 'f' and confdeltype not in ('c', 'n') order by 1`.execute(
      tx,
    ),
  );
  expect(rows.map(({ table }) => table)).toEqual(['document']);
});

test('it stays while its decision counts as notified on no day', async () => {
  const { id } = await decided({ isNotified: false });
  clock.set(DAY_AFTER);
  expect(await archive.destroy(town.office)).toBe(0);
  expect(await endingOf(id)).toMatchObject({ stays: 'unnotified' });
});

test('it stays while something that was paid for it is not given back', async () => {
  const { id } = await decided();
  const pay = (set: string) => within(town.db, town.office.id, (tx) => sql.raw(set).execute(tx));
  await pay(`insert into payment (id, office_id, case_id, reference, procedure_id, order_number, cents, version, begun_at, begun_by, state, decided_at, settled_at, refund)
    select gen_random_uuid(), office_id, id, reference, procedure_id, '2702ABCDEFGH', 2500, 1, now(), 'citizen', 'paid', now(), now(), 'double' from case_file where id = '${id}'`);
  clock.set(DAY_AFTER);
  expect(await archive.destroy(town.office)).toBe(0);
  await pay(`update payment set state = 'refunded', refunded_at = now() where case_id = '${id}'`);
  expect(await archive.destroy(town.office)).toBe(1);
});

test('coordinators see what ends within ninety days, and what was destroyed, without a name', async () => {
  await town.publish(sampleForm({ retention: { closedYears: 1, schedule: 'TAAD 812' } }));
  const { id } = await decided();
  await town.publish(sampleForm());
  expect(await archive.page(nuria, town.office)).toBeNull();
  clock.set('2027-11-02T09:00:00+01:00');
  expect(await endingOf(id)).toBeUndefined();
  clock.set('2027-11-03T09:00:00+01:00');
  expect(await endingOf(id)).toMatchObject({
    stays: null,
    until: Temporal.PlainDate.from('2028-02-01'),
  });
  const reference = (await endingOf(id))?.reference;
  clock.set('2028-02-02T09:00:00+01:00');
  expect(await archive.destroy(town.office)).toBe(1);
  const { destroyed } = (await archive.page(coordinator, town.office))!;
  expect(destroyed).toContainEqual({
    reference,
    procedure: town.office.procedure('volant-padro')?.id,
    schedule: 'TAAD 812',
    handedInAt: Temporal.Instant.from(MORNING),
    closedAt: Temporal.Instant.from(MORNING),
    destroyedAt: clock.now(),
  });
});
