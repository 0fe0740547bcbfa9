import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { handClock } from '../../../../lib/clock.ts';
import { within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import type { CaseDesk } from '../desk/service.ts';
import { openDesk } from '../desk/testing.ts';
import { handedInTo, holderOf, noticesAbout, officialOf, type TestCases } from '../testing.ts';
import { createReports, type Reports } from './service.ts';
import type { AskedReport } from './types.ts';

const MORNING = '2027-02-01T09:00:00+01:00';
const clock = handClock(MORNING);
let database: TestDatabase;
let town: TestCases;
let desk: CaseDesk;
let reports: Reports;
let nuria: StaffViewer;
let pere: StaffViewer;
let coordinator: StaffViewer;
let joan: StaffViewer;
let head: StaffViewer;

beforeAll(async () => {
  database = await testDatabase();
  ({ town, desk, nuria, pere, coordinator } = await openDesk(database, clock));
  reports = createReports(town);
  joan = await officialOf(town, town.elsewhere, 'agent');
  head = await officialOf(town, town.elsewhere, 'coordinator');
});
afterAll(() => database.close());
beforeEach(() => clock.set(MORNING));

/** A case that Núria has taken. */
async function taken(answers: Record<string, unknown> = { 'local.rotul': 'Cal Nin' }) {
  const id = await handedInTo(town, town.office, answers);
  const { seen } = (await desk.work(nuria, town.office, id))!;
  await desk.give(nuria, town.office, id, { assignee: nuria.staff, seen });
  return id;
}

const asked = (more: Partial<AskedReport> = {}): AskedReport => ({
  to: { office: town.elsewhere.id, staff: null },
  question: 'Hi cap la terrassa?',
  steps: ['local'],
  showsPerson: false,
  workingDays: 10,
  suspends: false,
  ...more,
});
const ask = (id: string, more: Partial<AskedReport> = {}, viewer = nuria) =>
  reports.ask(viewer, town.office, id, asked(more));
const ofCase = async (id: string) => (await desk.work(nuria, town.office, id))!.reports;
/** The id of the request about a case that has one. */
const openOne = async (id: string) => (await ofCase(id))[0]!.id;
const read = (viewer: StaffViewer, id: string) => reports.read(viewer, id, 'ca');
const give = (viewer: StaffViewer, id: string, text = 'Sí, hi cap.') =>
  reports.answer(viewer, id, { opinion: 'for', text });
const refused = (reason: string) => ({ ok: false, reason });
const decideBy = async (id: string) =>
  (await desk.work(nuria, town.office, id))!.opened.case.decideBy?.toString();

test('another office sees the question and what it is shown, and its report goes into the case', async () => {
  const id = await taken();
  expect(await ask(id)).toEqual({ ok: true });
  const { open } = await reports.asked(joan, town.elsewhere);
  const report = await openOne(id);
  expect(open.find((each) => each.id === report)).toMatchObject({
    office: town.office.id,
    // Ten working days: 12 February is a feast day of the other office alone.
    until: Temporal.PlainDate.from('2027-02-15'),
  });
  const shown = (await read(joan, report))!;
  expect(shown).toMatchObject({ person: null, isOpen: true });
  expect(shown.report.request.question).toBe('Hi cap la terrassa?');
  expect(shown.steps.map(({ step }) => step.id)).toEqual(['local']);
  expect(JSON.stringify(shown.steps)).toContain('Cal Nin');
  expect(JSON.stringify(shown)).not.toContain('Rosa Soler');
  expect(await give(joan, report)).toEqual({ ok: true });
  const [given] = await ofCase(id);
  expect(given).toMatchObject({
    ended: { how: 'given', by: `staff:${joan.staff}` },
    answer: { opinion: 'for', text: 'Sí, hi cap.' },
    hash: createHash('sha256').update('{"opinion":"for","text":"Sí, hi cap."}').digest('hex'),
  });
  expect(await give(joan, report, 'No.')).toEqual(refused('ended'));
});

test('who handed it in is shown when it is chosen, and nothing of the case once it is answered', async () => {
  const id = await taken();
  await ask(id, { steps: [], showsPerson: true });
  const report = await openOne(id);
  expect(await read(joan, report)).toMatchObject({ person: 'Rosa Soler', steps: [] });
  await reports.answer(joan, report, { opinion: null, text: 'No és cosa nostra.' });
  expect(await read(joan, report)).toMatchObject({
    person: null,
    steps: [],
    isOpen: false,
    report: { answer: { opinion: null, text: 'No és cosa nostra.' }, hash: null },
  });
  expect((await ofCase(id))[0]).toMatchObject({ ended: { how: 'declined' } });
});

test('only who is asked sees and answers it', async () => {
  const id = await taken();
  await ask(id, { to: { office: town.office.id, staff: pere.staff } });
  const report = await openOne(id);
  const another = await officialOf(town, town.office, 'agent');
  const administrator = await officialOf(town, town.elsewhere, 'administrator');
  for (const viewer of [another, joan, head, administrator]) {
    expect(await read(viewer, report)).toBeNull();
    expect(await give(viewer, report)).toEqual(refused('not_found'));
    expect(await reports.openPaper(viewer, report, report)).toBeNull();
  }
  expect(await reports.count(another, town.office)).toBe(0);
  expect(await reports.count(pere, town.office)).toBe(1);
  expect(await read(coordinator, report)).not.toBeNull();
  expect(await give(pere, report)).toEqual({ ok: true });
  expect(await read(pere, 'no-id')).toBeNull();
});

test('an office that is asked may not touch the case otherwise', async () => {
  const id = await taken();
  await ask(id);
  expect(await desk.work(joan, town.office, id)).toBeNull();
  expect(await town.cases.open(joan, town.office, id)).toBeNull();
  expect(await ask(id, {}, joan)).toEqual(refused('not_found'));
  expect(await reports.withdraw(joan, town.office, id, await openOne(id))).toEqual(
    refused('not_found'),
  );
  // Row-level security shows the request there, and lets it change nothing.
  const report = await openOne(id);
  const change = within(town.db, town.elsewhere.id, (tx) =>
    tx.updateTable('case_report').set({ until: '2030-01-01' }).where('id', '=', report).execute(),
  );
  expect((await change)[0]?.numUpdatedRows).toBe(0n);
});

test('who handles the case asks, and coordinators; nobody gives a report that they asked for', async () => {
  const id = await taken();
  const free = await handedInTo(town, town.office);
  expect(await ask(free)).toEqual(refused('untaken'));
  expect(await ask(id, {}, pere)).toEqual(refused('not_found'));
  expect(await ask(id, {}, coordinator)).toEqual({ ok: true });
  const own = { to: { office: town.office.id, staff: nuria.staff } };
  expect(await ask(id, own)).toMatchObject({ reason: 'invalid', mistakes: ['to'] });
  // A coordinator sees what they asked of a colleague, and gives it for nobody.
  const another = await taken();
  await ask(another, { to: { office: town.office.id, staff: pere.staff } }, coordinator);
  expect(await give(coordinator, await openOne(another))).toEqual(refused('own'));
});

test('what is missing, too long, of nobody or too many is refused with its field', async () => {
  const id = await taken();
  const mistakesOf = async (more: Partial<AskedReport>) => {
    const done = await ask(id, more);
    return 'mistakes' in done ? done.mistakes : done;
  };
  const { office, elsewhere } = town;
  expect(await mistakesOf({ to: { office: 0, staff: null } })).toEqual(['to']);
  expect(await mistakesOf({ to: { office: office.id, staff: null } })).toEqual(['to']);
  expect(await mistakesOf({ to: { office: elsewhere.id, staff: joan.staff } })).toEqual(['to']);
  expect(await mistakesOf({ question: '  ' })).toEqual(['question']);
  expect(await mistakesOf({ question: 'x'.repeat(4001) })).toEqual(['question_long']);
  for (const workingDays of [0, 61, 1.5, Number.NaN])
    expect(await mistakesOf({ workingDays })).toEqual(['days']);
  for (let nth = 0; nth < 10; nth++) expect(await ask(id)).toEqual({ ok: true });
  expect(await ask(id)).toEqual(refused('many'));
  const report = await openOne(id);
  expect(await give(joan, report, ' ')).toEqual(refused('empty'));
  expect(await give(joan, report, 'x'.repeat(20_001))).toEqual(refused('long'));
});

// Counted by hand from Monday 1 February 2027, which is not counted: three months are 1 May, a Saturday and public holiday; 3 May counts.
test('a report that the law demands lets the time to decide stand still, three months at most', async () => {
  const id = await taken();
  expect(await decideBy(id)).toBe('2027-05-03');
  clock.set('2027-02-08T09:00:00+01:00');
  await ask(id, { suspends: true });
  // From 8 February to 8 May are 89 days: 1 May and 89 days are 29 July.
  expect(await decideBy(id)).toBe('2027-07-29');
  clock.set('2027-02-18T09:00:00+01:00');
  await give(joan, await openOne(id));
  // Ten days: 11 May.
  expect(await decideBy(id)).toBe('2027-05-11');
  // The person is told of both (art. 22.1.d).
  expect(await noticesAbout(town, town.office, id)).toHaveLength(2);
  expect(
    (await town.cases.history(holderOf(id), town.office, id))!.map(({ kind }) => kind),
  ).toEqual(expect.arrayContaining(['report_asked', 'report_ended']));
});

test('one that comes too late suspends no longer than three months; one that the law doesn’t demand, not at all', async () => {
  const id = await taken();
  await ask(id);
  expect(await decideBy(id)).toBe('2027-05-03');
  await ask(id, { suspends: true });
  clock.set('2027-06-10T09:00:00+02:00');
  const demanded = (await ofCase(id)).find(({ suspends }) => suspends)!.id;
  expect(await reports.withdraw(nuria, town.office, id, demanded)).toEqual({ ok: true });
  // From 1 February to 1 May are 89 days.
  expect(await decideBy(id)).toBe('2027-07-29');
  expect(await reports.withdraw(nuria, town.office, id, demanded)).toEqual(refused('ended'));
});

test('who asks again gains no more than three months since the first request', async () => {
  const id = await taken();
  clock.set('2027-02-08T09:00:00+01:00');
  await ask(id, { suspends: true });
  const first = (await ofCase(id))[0]!.id;
  expect(await decideBy(id)).toBe('2027-07-29');
  clock.set('2027-03-01T09:00:00+01:00');
  await reports.withdraw(nuria, town.office, id, first);
  await ask(id, { suspends: true });
  expect(await decideBy(id)).toBe('2027-07-29');
  clock.set('2027-05-10T09:00:00+02:00');
  await ask(id, { suspends: true });
  expect((await ofCase(id))[0]?.suspends).toBe(false);
});

test('after the last day to decide, no report takes back what silence has granted', async () => {
  const id = await taken();
  clock.set('2027-05-03T23:00:00+02:00');
  await ask(id, { suspends: true });
  expect((await ofCase(id))[0]?.suspends).toBe(true);
  clock.set(MORNING);
  const late = await taken();
  clock.set('2027-05-04T00:30:00+02:00');
  await ask(late, { suspends: true });
  expect((await ofCase(late))[0]?.suspends).toBe(false);
  expect(await decideBy(late)).toBe('2027-05-03');
  expect((await desk.work(nuria, town.office, late))!.isGranted).toBe(true);
});

test('with the case, its requests end', async () => {
  const id = await taken();
  await ask(id);
  const report = await openOne(id);
  const { seen, steps } = (await desk.work(nuria, town.office, id))!;
  expect(steps.map(({ to }) => to)).toContain('in-review');
  await desk.step(nuria, town.office, id, { to: 'in-review', seen });
  const content = { text: 'Es concedeix.', reasons: '', appeal: 'Un mes.' };
  const before = (await desk.work(nuria, town.office, id))!.seen;
  await desk.write(nuria, town.office, id, {
    outcome: 'granted',
    content,
    before: null,
    seen: before,
  });
  const work = (await desk.work(coordinator, town.office, id))!;
  await desk.issue(coordinator, town.office, id, {
    before: work.decision!.writtenAt.epochMilliseconds,
    seen: work.seen,
  });
  expect((await ofCase(id))[0]).toMatchObject({ ended: { how: 'closed' }, answer: null });
  expect(await give(joan, report)).toEqual(refused('ended'));
  expect(await ask(id)).toEqual(refused('over'));
  expect(await read(joan, report)).toMatchObject({ isOpen: false, steps: [] });
});
