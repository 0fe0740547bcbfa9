import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { formSchema } from '../../../../domain/form/schema.ts';
import { handClock } from '../../../../lib/clock.ts';
import { within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import { seenOf } from '../rules.ts';
import { begunWith, handedInTo, sampleForm, staffOf, stepTo, type TestCases } from '../testing.ts';
import { ON_A_PAGE } from './inbox.ts';
import type { CaseDesk } from './service.ts';
import { openDesk } from './testing.ts';
import type { InboxFilter } from './types.ts';

// A Monday.
const MORNING = '2027-02-01T09:00:00+01:00';
const clock = handClock(MORNING);
let database: TestDatabase;
let town: TestCases;
let desk: CaseDesk;
let coordinator: StaffViewer;
let nuria: StaffViewer;
let pere: StaffViewer;

beforeAll(async () => {
  database = await testDatabase();
  ({ town, desk, coordinator, nuria, pere } = await openDesk(database, clock));
});
afterAll(() => database.close());
beforeEach(async () => {
  clock.set(MORNING);
  // Cases of the tests before are out of the way.
  await within(town.db, town.office.id, (tx) =>
    tx
      .updateTable('case_file')
      .set({ closed_at: '2020-01-01T00:00:00Z', state_due: null, decide_by: null })
      .execute(),
  );
});

const see = (viewer: StaffViewer, filter: Partial<InboxFilter> = {}, after: string | null = null) =>
  desk.inbox(viewer, town.office, { group: 'open', ...filter }, after);

const idsOf = async (viewer: StaffViewer, filter: Partial<InboxFilter> = {}) =>
  (await see(viewer, filter))?.rows.map(({ id }) => id);

/** A case that is to be decided within this many working days. */
async function dueIn(workingDays: number, name = 'Rosa Soler') {
  await town.publish(sampleForm({ decision: { workingDays, silence: 'granted' } }));
  return handedInTo(town, town.office, { 'qui.nom': name });
}

const give = async (id: string, to: StaffViewer | null) => {
  const opened = (await town.cases.open(coordinator, town.office, id))!;
  const asked = { assignee: to?.staff ?? null, seen: seenOf(opened.case) };
  const given = await desk.give(coordinator, town.office, id, asked);
  if (!given.ok) throw new Error(given.reason);
};

const trail = (action: string) =>
  within(town.db, town.office.id, async (tx) => {
    const rows = await tx
      .selectFrom('audit')
      .select('data')
      .where('action', '=', action)
      .orderBy('id', 'desc')
      .execute();
    return rows.map(({ data }) => data);
  });

describe('the inbox', () => {
  test('has what is due first, with names, and without drafts', async () => {
    const [late, early] = [await dueIn(20, 'Amina Haddad'), await dueIn(3)];
    const { decision: _, ...rest } = sampleForm();
    await town.publish(formSchema.parse(rest));
    const never = await handedInTo(town, town.office);
    await begunWith(town, town.office, coordinator);
    const page = (await see(coordinator))!;
    expect(page.rows.map(({ id }) => id)).toEqual([early, late, never]);
    expect(page.rows.map(({ name }) => name)).toEqual(['Rosa Soler', 'Amina Haddad', 'Rosa Soler']);
    expect(page.rows.map(({ due }) => due?.toString())).toEqual([
      '2027-02-04',
      '2027-03-02',
      undefined,
    ]);
    expect(page.next).toBeNull();
  });

  test('keeps the names sealed in the database', async () => {
    await dueIn(3, 'Nomdistintiu');
    const rows = await within(town.db, town.office.id, (tx) =>
      tx.selectFrom('case_file').selectAll().execute(),
    );
    expect(JSON.stringify(rows)).not.toContain('Nomdistintiu');
    const text = rows.map((row) => Buffer.concat([row.applicant ?? Buffer.alloc(0)]).toString());
    expect(text.join()).not.toContain('Nomdistintiu');
  });

  test('has its parts, with how many each has', async () => {
    const [mine, free, soon, overdue, waiting] = [
      await dueIn(30),
      await dueIn(30),
      await dueIn(4),
      await dueIn(1),
      await dueIn(30),
    ];
    await give(mine, nuria);
    await stepTo(town, coordinator, town.office, waiting, 'in-review');
    await stepTo(town, coordinator, town.office, waiting, 'to-amend');
    clock.set('2027-02-04T09:00:00+01:00');
    const parts = { take: 4, mine: 1, waiting: 1, soon: 1, overdue: 1, open: 5 };
    expect((await see(nuria))?.counts).toMatchObject(parts);
    expect(await idsOf(nuria, { group: 'mine' })).toEqual([mine]);
    expect(await idsOf(nuria, { group: 'waiting' })).toEqual([waiting]);
    expect(await idsOf(nuria, { group: 'soon' })).toEqual([soon]);
    expect(await idsOf(nuria, { group: 'overdue' })).toEqual([overdue]);
    expect(await idsOf(nuria, { group: 'take' })).toContain(free);
  });

  test('is filtered by procedure, assignee, day and reference', async () => {
    const first = await dueIn(5);
    await give(first, nuria);
    clock.advance({ hours: 24 });
    const second = await dueIn(5);
    const day = Temporal.PlainDate.from('2027-02-01');
    expect(await idsOf(coordinator, { day })).toEqual([first]);
    expect(await idsOf(coordinator, { assignee: nuria.staff })).toEqual([first]);
    expect(await idsOf(coordinator, { assignee: null })).toEqual([second]);
    expect(await idsOf(coordinator, { procedure: 999 })).toEqual([]);
    const reference = (await see(coordinator))!.rows[1]!.reference;
    expect(await idsOf(coordinator, { reference })).toEqual([second]);
  });

  test('goes on from page to page, without a gap and without anything twice', async () => {
    const days = Array.from({ length: ON_A_PAGE + 3 }, (_, nth) => 3 + (nth % 3));
    for (const each of days) await dueIn(each);
    const first = (await see(coordinator))!;
    expect(first.rows).toHaveLength(ON_A_PAGE);
    const second = (await see(coordinator, {}, first.next))!;
    expect(second.rows).toHaveLength(3);
    expect(second.next).toBeNull();
    const all = [...first.rows, ...second.rows];
    expect(new Set(all.map(({ id }) => id)).size).toBe(days.length);
    const due = all.map((each) => each.due!.toString());
    expect(due).toEqual(due.toSorted());
  });

  test('has the closed ones, the newest first', async () => {
    const [one, two] = [await dueIn(5), await dueIn(5)];
    for (const id of [one, two]) {
      await stepTo(town, coordinator, town.office, id, 'in-review');
      await stepTo(town, coordinator, town.office, id, 'granted');
      clock.advance({ minutes: 1 });
    }
    expect((await idsOf(coordinator, { group: 'closed' }))?.slice(0, 2)).toEqual([two, one]);
    expect(await idsOf(coordinator)).toEqual([]);
  });
});

describe('whose the inbox is', () => {
  test('agents see what nobody handles and what they do, and coordinators all', async () => {
    const [own, other, free] = [await dueIn(5), await dueIn(5), await dueIn(5)];
    await give(own, nuria);
    await give(other, pere);
    expect((await idsOf(nuria))?.toSorted()).toEqual([own, free].toSorted());
    expect((await see(nuria))?.counts.open).toBe(2);
    expect(await idsOf(nuria, { assignee: pere.staff })).toEqual([]);
    expect(await idsOf(coordinator)).toHaveLength(3);
  });

  test('another office sees nothing of it', async () => {
    await dueIn(5);
    const stranger = staffOf(town.elsewhere, 'administrator');
    expect(await see(stranger)).toBeNull();
    expect(await desk.inboxFile(stranger, town.office, { group: 'open' })).toBeNull();
    const theirs = await desk.inbox(stranger, town.elsewhere, { group: 'open' }, null);
    expect(theirs?.rows).toEqual([]);
  });
});

describe('the list as a file', () => {
  test('has names for those who see every document, and none for others; it is on the trail', async () => {
    await dueIn(5);
    const all = await desk.inboxFile(coordinator, town.office, { group: 'open' });
    expect(all).toMatchObject({ hasNames: true, rows: [{ name: 'Rosa Soler' }] });
    const some = await desk.inboxFile(nuria, town.office, { group: 'open' });
    expect(some).toMatchObject({ hasNames: false, rows: [{ name: '' }] });
    expect((await trail('cases_exported')).slice(0, 2)).toEqual([
      { group: 'open', cases: 1, names: false },
      { group: 'open', cases: 1, names: true },
    ]);
  });
});

test('open cases are found by their number, by whoever may open them', async () => {
  const [own, taken] = [await dueIn(5), await dueIn(5)];
  await give(taken, nuria);
  const idsFor = async (viewer: StaffViewer) =>
    (await desk.numbered(viewer, town.office)).map(({ id }) => id).toSorted();
  expect(await idsFor(coordinator)).toEqual([own, taken].toSorted());
  expect(await idsFor(nuria)).toEqual([own, taken].toSorted());
  expect(await idsFor(pere)).toEqual([own]);
  const [first] = await desk.numbered(pere, town.office);
  const { entry } = (await town.cases.open(coordinator, town.office, own))!;
  expect(first?.number).toBe(entry?.number);
  expect(await desk.numbered(staffOf(town.elsewhere, 'coordinator'), town.office)).toEqual([]);
});
