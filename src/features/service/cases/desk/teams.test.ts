import { afterAll, beforeAll, expect, test } from 'vitest';
import { handClock } from '../../../../lib/clock.ts';
import { within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import { handedInTo, type TestCases } from '../testing.ts';
import type { CaseDesk } from './service.ts';
import { openDesk } from './testing.ts';
import type { InboxFilter } from './types.ts';

const clock = handClock('2027-02-01T09:00:00+01:00');
let database: TestDatabase;
let town: TestCases;
let desk: CaseDesk;
let coordinator: StaffViewer;
/** In the team `padro`. */
let nuria: StaffViewer;
/** In the team `obres`. */
let pere: StaffViewer;

const team = (code: string, procedures: string[]) => ({
  ...{ code, procedures, people: [] },
  name: { ca: code },
});

beforeAll(async () => {
  database = await testDatabase();
  const opened = await openDesk(database, clock);
  ({ town, desk, coordinator } = opened);
  nuria = { ...opened.nuria, otherTeams: ['obres'] };
  pere = { ...opened.pere, otherTeams: ['padro'] };
  town.office.settings.teams.push(team('padro', ['volant-padro']), team('obres', []));
});
afterAll(() => database.close());

const listed = async (viewer: StaffViewer, more: Partial<InboxFilter> = {}) =>
  (await desk.inbox(viewer, town.office, { group: 'open', ...more }, null))?.rows.map(
    ({ id }) => id,
  );
const work = (viewer: StaffViewer, id: string) => desk.work(viewer, town.office, id);
const route = async (viewer: StaffViewer, id: string, to: string | null) => {
  const { seen } = (await work(coordinator, id))!;
  return desk.route(viewer, town.office, id, { team: to, seen });
};
const give = async (viewer: StaffViewer, id: string, assignee: number | null) => {
  const { seen } = (await work(coordinator, id))!;
  return desk.give(viewer, town.office, id, { assignee, seen });
};

test('what is handed in comes to the team of its procedure, and is nobody else’s', async () => {
  const id = await handedInTo(town, town.office);
  for (const viewer of [nuria, coordinator]) {
    expect(await listed(viewer)).toContain(id);
    expect(await work(viewer, id)).not.toBeNull();
  }
  expect(await listed(pere)).not.toContain(id);
  expect(await work(pere, id)).toBeNull();
  expect((await desk.numbered(pere, town.office)).map((each) => each.id)).not.toContain(id);
  expect(await give(pere, id, pere.staff)).toEqual({ ok: false, reason: 'not_found' });
  const { counts } = (await desk.inbox(pere, town.office, { group: 'open' }, null))!;
  expect(counts.take).toBe(0);
});

test('who coordinates gives one of another team to somebody, who sees that one', async () => {
  const id = await handedInTo(town, town.office);
  expect(await give(coordinator, id, pere.staff)).toEqual({ ok: true });
  expect(await listed(pere)).toContain(id);
  expect(await work(nuria, id)).toBeNull();
});

test('whoever handles one gives it to another team, and then it is that team’s', async () => {
  const id = await handedInTo(town, town.office);
  expect(await route(nuria, id, 'obres')).toEqual({ ok: false, reason: 'not_allowed' });
  await give(nuria, id, nuria.staff);
  expect(await route(nuria, id, 'no-hi-es')).toEqual({ ok: false, reason: 'not_allowed' });
  expect(await route(nuria, id, 'obres')).toEqual({ ok: true });
  expect(await work(nuria, id)).toBeNull();
  expect(await listed(pere, { team: 'obres' })).toEqual([id]);
  const found = (await work(pere, id))!;
  expect(found.opened.case).toMatchObject({ team: 'obres', assignee: null });
  expect(found.events.at(-1)).toMatchObject({
    kind: 'assigned',
    data: { assignee: null, team: 'obres' },
  });
  await give(pere, id, pere.staff);
  expect(await route(pere, id, null)).toEqual({ ok: true });
  for (const viewer of [nuria, pere]) expect(await work(viewer, id)).not.toBeNull();
});

test('what an official handed in for somebody is theirs too, until a step is taken', async () => {
  const id = await handedInTo(town, town.office);
  await within(town.db, town.office.id, (tx) =>
    tx.updateTable('case_file').set({ handed_in_by: pere.staff }).where('id', '=', id).execute(),
  );
  for (const assignee of [null, nuria.staff]) {
    if (assignee !== null) await give(nuria, id, assignee);
    expect(await work(pere, id)).not.toBeNull();
    expect(await listed(pere)).toContain(id);
  }
  clock.advance({ minutes: 1 });
  const { seen } = (await work(nuria, id))!;
  await desk.step(nuria, town.office, id, { to: 'in-review', seen });
  expect(await work(pere, id)).toBeNull();
  expect(await listed(pere)).not.toContain(id);
});

test('who looked up no teams sees no case of one', async () => {
  const id = await handedInTo(town, town.office);
  const { otherTeams: _, ...unknown } = nuria;
  expect(await work(unknown, id)).toBeNull();
  expect(await listed(unknown)).not.toContain(id);
});

test('a team that is not declared any more is the whole office’s', async () => {
  const id = await handedInTo(town, town.office);
  expect(await work({ ...pere, otherTeams: [] }, id)).not.toBeNull();
});
