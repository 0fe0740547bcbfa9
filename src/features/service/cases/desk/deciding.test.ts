import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { handClock } from '../../../../lib/clock.ts';
import { within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import { pdfText } from '../../../../lib/testing/pdf.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import { testIssuing } from '../../consent/testing.ts';
import { createNotifying } from '../../notifications/service.ts';
import {
  handedInTo,
  holderOf,
  noticesAbout,
  officialOf,
  sampleForm,
  staffOf,
  type TestCases,
} from '../testing.ts';
import { type CaseDesk, createCaseDesk } from './service.ts';
import { templateOf } from './templates.ts';
import { openDesk } from './testing.ts';
import type { DecisionText } from './types.ts';

const MORNING = '2027-02-01T09:00:00+01:00';
const clock = handClock(MORNING);
let database: TestDatabase;
let town: TestCases;
let desk: CaseDesk;
let nuria: StaffViewer;
let pere: StaffViewer;
let coordinator: StaffViewer;

beforeAll(async () => {
  database = await testDatabase();
  ({ town, desk, coordinator, nuria, pere } = await openDesk(database, clock));
});
afterAll(() => database.close());
beforeEach(() => clock.set(MORNING));

const work = async (id: string, viewer = nuria) => (await desk.work(viewer, town.office, id))!;

const give = async (id: string, assignee: number | null) => {
  const { seen } = await work(id, coordinator);
  return desk.give(coordinator, town.office, id, { assignee, seen });
};

/** A case that is reviewed, and that Núria has taken. */
async function inReview(): Promise<string> {
  const id = await handedInTo(town, town.office, { 'local.rotul': 'Bar Pi' });
  const { seen } = await work(id);
  await desk.step(nuria, town.office, id, { to: 'in-review', seen });
  await give(id, nuria.staff);
  return id;
}

const WORDS: DecisionText = { text: 'Es denega.', reasons: 'No hi cap.', appeal: 'Un mes.' };

const write = async (
  id: string,
  outcome: string,
  { content = WORDS, viewer = nuria }: { content?: DecisionText; viewer?: StaffViewer } = {},
) => {
  const { seen, decision } = await work(id, viewer);
  const before = decision?.writtenAt.epochMilliseconds ?? null;
  return desk.write(viewer, town.office, id, { outcome, content, before, seen });
};

const issue = async (id: string, viewer = coordinator) => {
  const { seen, decision } = await work(id, viewer);
  const before = decision?.writtenAt.epochMilliseconds ?? 0;
  return desk.issue(viewer, town.office, id, { before, seen });
};

const exits = () =>
  within(town.db, town.office.id, (tx) =>
    tx
      .selectFrom('registry_entry')
      .select(['about', 'content'])
      .where('direction', '=', 'exit')
      .execute(),
  );

describe('the words of a decision', () => {
  test('begin with those of the form, filled in; without any, with ours', async () => {
    const ours = templateOf('granted', await work(await inReview()), town.office, clock.now());
    expect(ours.text).toContain('Rosa Soler va demanar');
    expect(ours.text).not.toMatch(/[{}]/);
    expect(ours.appeal).toContain('recurs de reposició');
    const templates = { granted: { ca: 'Es concedeix a {name} el rètol {local.rotul}. {mai}' } };
    await town.publish(
      sampleForm({
        decision: { months: 3, silence: 'granted', templates, appeal: { ca: 'Cap.' } },
      }),
    );
    const own = templateOf('granted', await work(await inReview()), town.office, clock.now());
    expect(own.text).toBe('Es concedeix a Rosa Soler el rètol Bar Pi. {mai}');
    expect(own.appeal).toBe('Cap.');
    await town.publish(sampleForm());
  });

  test('have a text and the appeals, and reasons where it is refused', async () => {
    const id = await inReview();
    for (const [outcome, content] of [
      ['refused', { ...WORDS, reasons: ' ' }],
      ['granted', { ...WORDS, appeal: '' }],
      ['granted', { ...WORDS, text: '' }],
      ['granted', { ...WORDS, text: 'x'.repeat(20_001) }],
    ] as const)
      expect(await write(id, outcome, { content })).toEqual({ ok: false, reason: 'invalid' });
    const content = { ...WORDS, reasons: '' };
    expect(await write(id, 'granted', { content })).toEqual({ ok: true });
    expect(await write(id, 'withdrawn')).toEqual({ ok: false, reason: 'not_allowed' });
  });

  test('decide nothing until they are issued, and tell nobody', async () => {
    const id = await inReview();
    await write(id, 'refused');
    expect((await work(id)).opened.case.state).toBe('in-review');
    expect(await desk.decisionFile(holderOf(id), town.office, id)).toBeNull();
    expect(await noticesAbout(town, town.office, id)).toEqual([]);
  });

  test('are not written over others that appeared meanwhile', async () => {
    const id = await inReview();
    const { seen } = await work(id);
    await write(id, 'granted');
    const asked = { outcome: 'refused', content: WORDS, before: null, seen };
    expect(await desk.write(nuria, town.office, id, asked)).toEqual({
      ok: false,
      reason: 'written',
    });
    expect((await work(id)).decision?.outcome).toBe('granted');
  });
});

describe('a decision that is issued', () => {
  test('closes the case, is a document with its words and code, is registered, and tells the person', async () => {
    const id = await inReview();
    await write(id, 'refused');
    expect(await issue(id)).toEqual({ ok: true, isTold: true });
    const after = await work(id);
    expect(after.opened.case).toMatchObject({ state: 'refused' });
    expect(after.opened.case.closedAt).not.toBeNull();
    expect(after.steps).toEqual([]);
    const file = (await desk.decisionFile(holderOf(id), town.office, id))!;
    const text = (await pdfText(file.bytes)).text.replaceAll(/\s+/g, ' ');
    for (const words of ['Es denega.', 'No hi cap.', 'Un mes.', 'Signat: Núria, Coordinació.'])
      expect(text).toContain(words);
    expect(text).toContain('Persona interessada: Rosa Soler (segons el formulari).');
    const content = createHash('sha256').update(file.bytes).digest('hex');
    const exit = (await exits()).find(({ about }) => about === `case ${id} decision`);
    expect(exit?.content.toString('hex')).toBe(content);
    expect(await noticesAbout(town, town.office, id)).toMatchObject([
      { facts: { news: 'decided' } },
    ]);
  });

  test('is verified by its code, which names nobody, and by no other', async () => {
    const id = await inReview();
    await write(id, 'granted');
    await issue(id);
    const { code } = (await work(id)).decision!.issued!;
    const found = await desk.verify(code);
    expect(found).toMatchObject({ office: town.office.id, what: { standing: 'here' } });
    expect(JSON.stringify(found)).not.toContain('Rosa');
    const opened = (await desk.openByCode(code))!;
    const bytes = Buffer.concat(await Array.fromAsync(opened.read()));
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
    const another = code.startsWith('0') ? '1' : '0';
    expect(await desk.verify(another + code.slice(1))).toBeNull();
  });

  test('is issued once, as it was reviewed, by somebody of the office', async () => {
    const id = await inReview();
    await write(id, 'granted');
    const { seen, decision } = await work(id);
    const before = decision!.writtenAt.epochMilliseconds;
    const as = (viewer: StaffViewer, on = { before, seen }) =>
      desk.issue(viewer, town.office, id, on);
    expect(await as(staffOf(town.elsewhere, 'administrator'))).toMatchObject({ ok: false });
    expect(await as(coordinator, { before: before - 1, seen })).toEqual({
      ok: false,
      reason: 'written',
    });
    const other = await officialOf(town, town.office, 'administrator');
    const [one, two] = await Promise.all([as(coordinator), as(other)]);
    expect([one.ok, two.ok].toSorted()).toEqual([false, true]);
    expect((await exits()).filter(({ about }) => about.includes(id))).toHaveLength(1);
    expect(await write(id, 'refused')).toMatchObject({ ok: false });
  });

  test('is sealed while nobody is kept from the case, and is not kept where it changed meanwhile', async () => {
    const id = await inReview();
    await write(id, 'granted');
    let during: () => Promise<unknown>;
    const { issue: sealed } = testIssuing(town.offices, clock);
    const slow = createCaseDesk({
      ...town,
      notifying: createNotifying(town),
      issuing: {
        async issue(document) {
          await during();
          return sealed(document);
        },
      },
    });
    const issued = async () => {
      const { seen, decision } = await work(id, coordinator);
      const before = decision!.writtenAt.epochMilliseconds;
      return slow.issue(coordinator, town.office, id, { before, seen });
    };
    during = () => give(id, pere.staff);
    expect(await issued()).toEqual({ ok: false, reason: 'changed' });
    expect((await exits()).filter(({ about }) => about.includes(id))).toEqual([]);
    during = () => desk.note(pere, town.office, id, 'Espera.');
    expect(await issued()).toMatchObject({ ok: true });
  });

  test('is nobody’s else', async () => {
    const id = await inReview();
    await write(id, 'granted');
    await issue(id);
    for (const viewer of [holderOf('another'), staffOf(town.elsewhere, 'administrator')])
      expect(await desk.decisionFile(viewer, town.office, id)).toBeNull();
  });
});

describe('two people decide', () => {
  test('one who has taken the case writes, and another whose role can issues', async () => {
    const id = await inReview();
    await give(id, null);
    expect(await write(id, 'granted')).toEqual({ ok: false, reason: 'untaken' });
    expect(await write(id, 'granted', { viewer: coordinator })).toEqual({
      ok: false,
      reason: 'untaken',
    });
    await give(id, nuria.staff);
    expect(await write(id, 'granted')).toEqual({ ok: true });
    expect(await issue(id, nuria)).toEqual({ ok: false, reason: 'role' });
    const { deciders } = await work(id);
    expect(deciders).toContain(coordinator.staff);
    expect(deciders).not.toContain(nuria.staff);
    expect(await issue(id)).toMatchObject({ ok: true });
  });

  test('whoever wrote it last doesn’t issue it, whatever their role', async () => {
    const id = await inReview();
    await write(id, 'granted');
    await give(id, coordinator.staff);
    const viewer = coordinator;
    expect(await write(id, 'granted', { viewer })).toEqual({ ok: true });
    expect(await issue(id, viewer)).toEqual({ ok: false, reason: 'own' });
    expect((await work(id, viewer)).deciders).not.toContain(viewer.staff);
    const other = await officialOf(town, town.office, 'coordinator');
    expect(await issue(id, other)).toMatchObject({ ok: true });
  });
});

describe('after the last day for the decision, where silence means yes', () => {
  const LAST = '2027-05-03T20:00:00+02:00';
  const LATE = '2027-05-04T09:00:00+02:00';

  test('a case can be granted, and not refused', async () => {
    const id = await inReview();
    clock.set(LAST);
    expect((await work(id)).opened.case.decideBy?.toString()).toBe('2027-05-03');
    expect(await write(id, 'refused')).toEqual({ ok: true });
    clock.set(LATE);
    expect((await work(id)).isGranted).toBe(true);
    expect(await issue(id)).toEqual({ ok: false, reason: 'silence' });
    expect(await write(id, 'refused')).toEqual({ ok: false, reason: 'silence' });
    expect(await write(id, 'granted')).toEqual({ ok: true });
    expect(await issue(id)).toMatchObject({ ok: true });
  });

  test('where it means no, it can be refused', async () => {
    await town.publish(sampleForm({ decision: { months: 3, silence: 'refused' } }));
    const id = await inReview();
    clock.set(LATE);
    expect(await write(id, 'refused')).toEqual({ ok: true });
    expect(await issue(id)).toMatchObject({ ok: true });
    await town.publish(sampleForm());
  });
});
