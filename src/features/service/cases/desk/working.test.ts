import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { handClock } from '../../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import {
  begunWith,
  handedInTo,
  holderOf,
  noticesAbout,
  officialOf,
  sampleForm,
  staffOf,
  type TestCases,
} from '../testing.ts';
import type { CaseDesk } from './service.ts';
import { openDesk } from './testing.ts';

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
beforeEach(() => clock.set(MORNING));

const work = (id: string, viewer = nuria) => desk.work(viewer, town.office, id);
const seen = async (id: string, viewer = nuria) => (await work(id, viewer))!.seen;
const step = async (id: string, to: string, viewer = nuria) =>
  desk.step(viewer, town.office, id, { to, seen: await seen(id, viewer) });

test('a step of habilitated officials is theirs alone, on the days of the register', async () => {
  const transitions = [{ from: 'registered', to: 'copia', who: 'habilitated' }];
  const names = { copia: { ca: 'Còpia feta' } };
  await town.publish(sampleForm({ states: { start: 'registered', names, transitions } }));
  const id = await handedInTo(town, town.office);
  await town.publish(sampleForm());
  expect((await work(id))?.steps).toEqual([]);
  const mail = await within(town.db, INSTALLATION, (tx) =>
    tx.selectFrom('staff').select('email').where('id', '=', nuria.staff).executeTakeFirstOrThrow(),
  );
  const { habilitated } = town.office.settings;
  const of = { name: 'Núria Roca', post: 'Cap', order: 'Decret 1', email: mail.email };
  habilitated.push({ ...of, since: '2026-01-01', until: '2027-01-31' });
  expect((await work(id))?.steps).toEqual([]);
  habilitated.push({ ...of, since: '2027-02-01' });
  expect((await work(id))?.steps).toEqual([{ to: 'copia', how: 'end' }]);
  expect((await work(id, pere))?.steps).toEqual([]);
  expect(await step(id, 'copia', pere)).toMatchObject({ ok: false, reason: 'not_allowed' });
  expect(await step(id, 'copia')).toMatchObject({ ok: true });
  habilitated.splice(0);
});

describe('a case on one screen', () => {
  test('has answers, whose hand they are, who it is, history and the next steps', async () => {
    const id = await handedInTo(town, town.office, { 'local.rotul': 'Bar Pi' });
    const found = (await work(id))!;
    expect(found.opened.record?.answers).toMatchObject({ local: { rotul: 'Bar Pi' } });
    expect(found.opened.record?.hands['local.rotul']).toMatchObject({ by: 'citizen' });
    expect(found.applicant).toMatchObject({ name: 'Rosa Soler', email: 'rosa@example.cat' });
    expect(found.events.map(({ kind }) => kind)).toEqual(['opened', 'handed_in']);
    expect(found.steps).toEqual([{ to: 'in-review', how: 'step' }]);
    await step(id, 'in-review');
    expect((await work(id))?.steps).toEqual([
      { to: 'to-amend', how: 'amend' },
      { to: 'granted', how: 'decide' },
      { to: 'refused', how: 'decide' },
    ]);
  });

  test('is looked at on the record, and is nobody’s else', async () => {
    const id = await handedInTo(town, town.office);
    await desk.give(coordinator, town.office, id, {
      assignee: nuria.staff,
      seen: await seen(id, coordinator),
    });
    await work(id);
    const looks = await within(town.db, town.office.id, (tx) =>
      tx.selectFrom('audit').select('actor').where('action', '=', 'case_read').execute(),
    );
    expect(looks.at(-1)).toEqual({ actor: `staff:${nuria.staff}` });
    expect(await work(id, pere)).toBeNull();
    expect(await work(id, staffOf(town.elsewhere, 'administrator'))).toBeNull();
    expect(await work('no-uuid')).toBeNull();
  });

  test('is not there before it is handed in', async () => {
    const id = await begunWith(town, town.office, coordinator);
    expect(await work(id)).toBeNull();
    const asked = { to: 'in-review', seen: '' };
    expect(await desk.step(nuria, town.office, id, asked)).toMatchObject({ reason: 'not_found' });
  });
});

describe('two officials at once', () => {
  test('the second one is told, and nothing is overwritten', async () => {
    const id = await handedInTo(town, town.office);
    const before = await seen(id, coordinator);
    await step(id, 'in-review');
    for (const refused of [
      await desk.step(coordinator, town.office, id, { to: 'in-review', seen: before }),
      await desk.give(coordinator, town.office, id, { assignee: pere.staff, seen: before }),
      await desk.undo(coordinator, town.office, id, before),
    ])
      expect(refused).toEqual({ ok: false, reason: 'changed' });
    expect((await work(id))?.opened.case).toMatchObject({ state: 'in-review', assignee: null });
  });
});

describe('who handles a case', () => {
  const give = async (id: string, assignee: number | null, viewer = nuria) =>
    desk.give(viewer, town.office, id, { assignee, seen: await seen(id, viewer) });

  test('an agent takes one and gives it back; those who coordinate give it to anybody here', async () => {
    const id = await handedInTo(town, town.office);
    expect(await give(id, pere.staff)).toEqual({ ok: false, reason: 'not_allowed' });
    expect(await give(id, nuria.staff)).toEqual({ ok: true });
    expect(await give(id, null)).toEqual({ ok: true });
    expect(await give(id, pere.staff, coordinator)).toEqual({ ok: true });
    const mayor = await officialOf(town, town.office, 'councillor');
    for (const other of [999_999, mayor.staff])
      expect(await give(id, other, coordinator)).toEqual({ ok: false, reason: 'not_allowed' });
  });

  test('nobody does when they have left or only govern, and then it waits for anybody', async () => {
    const anna = await officialOf(town, town.office, 'agent');
    const [kept, left] = [await handedInTo(town, town.office), await handedInTo(town, town.office)];
    await give(kept, nuria.staff);
    await give(left, anna.staff, coordinator);
    expect(await desk.freeLeft()).toBe(0);
    await database.asOwner(
      `update staff_role set role = 'councillor' where staff_id = ${anna.staff}`,
    );
    expect(await Promise.all([desk.freeLeft(), desk.freeLeft()])).toContain(1);
    expect((await work(left))?.opened.case.assignee).toBeNull();
    expect((await work(left))?.events.at(-1)).toMatchObject({ kind: 'assigned', actor: 'system' });
    expect((await work(kept))?.opened.case.assignee).toBe(nuria.staff);
  });
});

describe('a step', () => {
  test('that decides or asks to amend is not taken without its words', async () => {
    const id = await handedInTo(town, town.office);
    await step(id, 'in-review');
    for (const to of ['granted', 'refused', 'to-amend', 'withdrawn', 'nowhere'])
      expect(await step(id, to)).toEqual({ ok: false, reason: 'not_allowed' });
  });

  test('can be taken back for some minutes by whoever took it, with the terms it had', async () => {
    const id = await handedInTo(town, town.office);
    const { decideBy } = (await work(id))!.opened.case;
    clock.advance({ minutes: 1 });
    await step(id, 'in-review');
    expect((await work(id, coordinator))?.undo).toBeNull();
    clock.advance({ minutes: 10 });
    expect((await work(id))?.undo).toMatchObject({ from: 'registered', to: 'in-review' });
    expect(await desk.undo(nuria, town.office, id, await seen(id))).toEqual({ ok: true });
    const after = (await work(id))!;
    expect(after.opened.case).toMatchObject({ state: 'registered', closedAt: null });
    expect(after.opened.case.decideBy?.toString()).toBe(decideBy?.toString());
    expect(after.events.at(-1)).toMatchObject({ kind: 'undone' });
    await step(id, 'in-review');
    clock.advance({ minutes: 11 });
    const late = await desk.undo(nuria, town.office, id, await seen(id));
    expect(late).toEqual({ ok: false, reason: 'not_allowed' });
  });

  test('that ends the case leaves its person told', async () => {
    const transitions = [{ from: 'registered', to: 'arxivat', who: 'office' }];
    await town.publish(sampleForm({ states: { transitions } }));
    const id = await handedInTo(town, town.office);
    expect((await work(id))?.steps).toEqual([{ to: 'arxivat', how: 'end' }]);
    expect(await step(id, 'arxivat')).toEqual({ ok: true });
    expect(await noticesAbout(town, town.office, id)).toMatchObject([{ facts: { news: 'moved' } }]);
    await town.publish(sampleForm());
  });
});

describe('a note', () => {
  const note = (id: string, text: string, viewer = nuria) =>
    desk.note(viewer, town.office, id, text);

  test('is for colleagues, sealed, and not for the citizen', async () => {
    const id = await handedInTo(town, town.office);
    expect(await note(id, '  Parlat amb el pare.  ')).toEqual({ ok: true });
    expect((await work(id, coordinator))?.notes).toMatchObject([
      { by: `staff:${nuria.staff}`, text: 'Parlat amb el pare.' },
    ]);
    const opened = await town.cases.open(holderOf(id), town.office, id);
    const history = await town.cases.history(holderOf(id), town.office, id);
    expect(JSON.stringify([opened, history])).not.toContain('pare');
    const rows = await within(town.db, town.office.id, (tx) =>
      tx.selectFrom('case_note').select('text').execute(),
    );
    expect(Buffer.concat(rows.map(({ text }) => text)).toString()).not.toContain('pare');
  });

  test('that is sent twice at once is one; much later it is another', async () => {
    const id = await handedInTo(town, town.office);
    const both = await Promise.all([note(id, 'Ha trucat'), note(id, 'Ha trucat')]);
    expect(both).toEqual([{ ok: true }, { ok: true }]);
    const notes = async () => (await work(id, coordinator))?.notes.map(({ text }) => text);
    expect(await notes()).toEqual(['Ha trucat']);
    clock.advance({ minutes: 30 });
    await note(id, 'Ha trucat');
    expect(await notes()).toEqual(['Ha trucat', 'Ha trucat']);
  });

  test('has words, and not too many', async () => {
    const id = await handedInTo(town, town.office);
    for (const text of [' ', 'x'.repeat(4001)])
      expect(await note(id, text)).toEqual({ ok: false, reason: 'invalid' });
    expect(await note(id, 'Hola', staffOf(town.elsewhere, 'agent'))).toMatchObject({ ok: false });
  });
});
