import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { handClock } from '../../../../lib/clock.ts';
import { within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import { canonicalJson } from '../../../../lib/envelope/canonical-json.ts';
import { seenOf } from '../rules.ts';
import {
  handedInTo,
  holderOf,
  noticesAbout,
  openCases,
  sampleForm,
  staffOf,
  stepTo,
  type TestCases,
} from '../testing.ts';
import type { AmendmentPoint } from '../types.ts';

// A Monday. Friday 12 February is a feast day, so ten working days end on Tuesday 16.
const MORNING = '2027-02-01T09:00:00+01:00';
const clock = handClock(MORNING);
let database: TestDatabase;
let town: TestCases;

beforeAll(async () => {
  database = await testDatabase();
  town = await openCases(database, clock);
});
afterAll(() => database.close());
beforeEach(() => clock.set(MORNING));

const ROTUL: AmendmentPoint = { question: 'local.rotul', text: 'Com surt a la llicència.' };
const nuria = () => staffOf(town.office, 'coordinator');
const opened = async (id: string) => (await town.cases.open(holderOf(id), town.office, id))!;
const asOffice = async (id: string) => (await town.cases.open(nuria(), town.office, id))!;
const answer = (id: string, change: Record<string, unknown>) =>
  town.cases.answer(holderOf(id), town.office, id, change);
const amend = (id: string, seen?: number) => town.cases.amend(holderOf(id), town.office, id, seen);
const newest = async (id: string) => (await town.cases.amendments(nuria(), town.office, id))![0]!;

/** A case of which something is asked. */
async function asked(points: readonly AmendmentPoint[] = [ROTUL]): Promise<string> {
  const id = await handedInTo(town, town.office, { 'local.rotul': 'Bar' });
  await stepTo(town, nuria(), town.office, id, 'in-review');
  await ask(id, points);
  return id;
}

async function ask(id: string, points: readonly AmendmentPoint[] = [ROTUL]) {
  const seen = seenOf((await asOffice(id)).case);
  const done = await town.cases.askToAmend(nuria(), town.office, id, { points, seen });
  if (!done.ok) throw new Error(done.reason);
}

describe('what is corrected', () => {
  test('is what was asked and nothing else, and nobody else sees it before it is handed in', async () => {
    const id = await asked();
    expect((await opened(id)).corrections?.answers).toEqual((await opened(id)).draft.answers);
    expect(await answer(id, { 'local.rotul': 'Bar Pi', 'qui.nom': 'Una altra' })).toMatchObject({
      ok: true,
    });
    const { corrections, draft, case: of } = await opened(id);
    expect(corrections?.answers).toMatchObject({
      qui: { nom: 'Rosa Soler' },
      local: { rotul: 'Bar Pi' },
    });
    expect(draft.answers).toMatchObject({ local: { rotul: 'Bar' } });
    expect(of.discardAt).toBeNull();
    expect(await asOffice(id)).toMatchObject({
      corrections: null,
      draft: { answers: { local: { rotul: 'Bar' } } },
    });
    // Staff type nothing in it.
    const typed = await town.cases.answer(nuria(), town.office, id, { 'local.rotul': 'x' });
    expect(typed).toEqual({ ok: false, reason: 'not_found' });
  });

  test('is of the person of the case', async () => {
    const id = await asked();
    const another = holderOf(await asked());
    expect(await town.cases.amend(another, town.office, id)).toMatchObject({ reason: 'not_found' });
    expect(await town.cases.reply(another, town.office, id, 'Hola')).toMatchObject({
      reason: 'not_found',
    });
    expect(await town.cases.answer(another, town.office, id, { 'local.rotul': 'x' })).toMatchObject(
      { reason: 'not_found' },
    );
    expect(await town.cases.amend(holderOf(id), town.elsewhere, id)).toMatchObject({
      reason: 'not_found',
    });
  });
});

describe('handing in what was corrected', () => {
  test('seals a record of its own, registers it, and takes the case on; what was there stays', async () => {
    const id = await asked();
    const first = (await opened(id)).record;
    await answer(id, { 'local.rotul': 'Bar Pi', 'qui.correu': 'x' });
    clock.advance({ hours: 24 });
    const done = await amend(id);
    expect(done).toMatchObject({ ok: true });
    const after = await asOffice(id);
    expect(after.case).toMatchObject({ state: 'in-review', stateDue: null });
    expect(after.record).toEqual(first);
    expect(after.record?.answers).toMatchObject({ local: { rotul: 'Bar' } });
    expect(after.draft.answers).toMatchObject({ local: { rotul: 'Bar Pi' } });
    const { answered, closedAt } = await newest(id);
    expect(closedAt?.equals(clock.now())).toBe(true);
    expect(answered).toMatchObject({
      number: done.ok && done.number,
      record: {
        what: 'amendment',
        of: after.case.recordHash,
        asked: [ROTUL],
        changed: ['local.rotul'],
        reply: null,
        answers: { qui: { correu: 'rosa@example.cat' } },
      },
    });
    expect(answered?.number).not.toBe(after.entry?.number);
    const text = canonicalJson(answered!.record);
    expect(answered?.hash).toBe(createHash('sha256').update(text).digest('hex'));
    const entries = await within(town.db, town.office.id, (tx) =>
      tx
        .selectFrom('registry_entry')
        .select(['about', 'direction', 'content'])
        .where('about', '=', `case ${id} amendment 1`)
        .execute(),
    );
    expect(entries).toHaveLength(1);
    expect(entries[0]?.direction).toBe('entry');
    const events = (await town.cases.history(nuria(), town.office, id))!;
    expect(events.map(({ kind }) => kind).slice(-2)).toEqual(['amended', 'moved']);
  });

  test('happens once, and only of what was checked', async () => {
    const id = await asked();
    const { version } = (await opened(id)).case;
    await answer(id, { 'local.rotul': 'Bar Pi' });
    expect(await amend(id, version)).toEqual({ ok: false, reason: 'changed' });
    const both = await Promise.all([amend(id, version + 1), amend(id, version + 1)]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(both.find(({ ok }) => !ok)).toMatchObject({ reason: 'closed' });
    expect(await answer(id, { 'local.rotul': 'Tard' })).toMatchObject({ reason: 'handed_in' });
    expect(await town.cases.reply(holderOf(id), town.office, id, 'Tard')).toMatchObject({
      reason: 'closed',
    });
  });

  test('needs a correction or an answer, and an answer to what is about no question', async () => {
    const id = await asked();
    expect(await amend(id)).toEqual({ ok: false, reason: 'empty' });
    await answer(id, { 'local.rotul': 'Bar' });
    expect(await amend(id)).toEqual({ ok: false, reason: 'empty' });
    const reply = (text: string) => town.cases.reply(holderOf(id), town.office, id, text);
    expect(await reply('x'.repeat(4001))).toEqual({ ok: false, reason: 'invalid' });
    await reply(' Es diu així. ');
    // The answers keep it.
    await answer(id, { 'local.rotul': 'Bar' });
    expect(await amend(id)).toMatchObject({ ok: true });
    expect((await newest(id)).answered?.record.reply).toBe('Es diu així.');

    const other = await asked([ROTUL, { question: null, text: 'El plànol.' }]);
    await answer(other, { 'local.rotul': 'Bar Pi' });
    expect(await amend(other)).toEqual({ ok: false, reason: 'no_reply' });
    await town.cases.reply(holderOf(other), town.office, other, 'El porto demà.');
    expect(await amend(other)).toMatchObject({ ok: true });
  });

  test('demands what the form demands, of what follows from a correction too', async () => {
    const text = { type: 'text', label: { ca: 'Text' } };
    await town.publish(
      sampleForm({
        steps: [
          { id: 'qui', questions: [{ id: 'nom', ...text }] },
          {
            id: 'local',
            questions: [
              { id: 'rotul', ...text, required: true },
              { id: 'musica', type: 'yesno', label: { ca: 'Música?' } },
              { id: 'hores', ...text, required: true, when: { var: 'local.musica' } },
            ],
          },
        ],
      }),
    );
    const id = await asked([ROTUL, { question: 'local.musica', text: 'N’hi ha.' }]);
    await answer(id, { 'local.rotul': undefined });
    expect(await amend(id)).toMatchObject({
      reason: 'invalid',
      mistakes: [{ name: 'local.rotul' }],
    });
    await answer(id, { 'local.rotul': 'Bar Pi', 'local.musica': true });
    expect(await amend(id)).toMatchObject({
      reason: 'invalid',
      mistakes: [{ name: 'local.hores' }],
    });
    await answer(id, { 'local.hores': 'Fins a les deu' });
    expect(await amend(id)).toMatchObject({ ok: true });
    await town.publish(sampleForm());
  });

  test('can follow a second time, from what was handed in last, with an entry of its own', async () => {
    const id = await asked();
    await answer(id, { 'local.rotul': 'Bar Pi' });
    await amend(id);
    const { answered: first } = await newest(id);
    clock.advance({ hours: 24 });
    await ask(id, [{ question: 'local.rotul', text: 'I el segon cognom?' }]);
    expect((await opened(id)).corrections?.answers).toMatchObject({ local: { rotul: 'Bar Pi' } });
    await answer(id, { 'local.rotul': 'Bar Pi i Puig' });
    expect(await amend(id)).toMatchObject({ ok: true });
    const { answered } = await newest(id);
    expect(answered?.record.of).toBe(first?.hash);
    expect(answered?.number).not.toBe(first?.number);
    expect((await asOffice(id)).draft.answers).toMatchObject({ local: { rotul: 'Bar Pi i Puig' } });
  });

  test('an address that was corrected is told from then on', async () => {
    const id = await asked([{ question: 'qui.correu', text: 'Torna.' }]);
    await answer(id, { 'qui.correu': 'nou@example.cat' });
    await amend(id);
    await ask(id);
    const recipients = (await noticesAbout(town, town.office, id)).map(
      ({ recipient }) => recipient,
    );
    expect(recipients).toEqual(['rosa@example.cat', 'nou@example.cat']);
  });

  test('is closed where the form’s table lets its person take no such step', async () => {
    const transitions = [
      { from: 'registered', to: 'in-review', who: 'office' },
      { from: 'in-review', to: 'to-amend', who: 'office' },
      { from: 'to-amend', to: 'in-review', who: 'office', deadline: 10 },
    ];
    await town.publish(sampleForm({ states: { transitions } }));
    const id = await asked();
    await answer(id, { 'local.rotul': 'Bar Pi' });
    expect(await amend(id)).toEqual({ ok: false, reason: 'not_allowed' });
    await town.publish(sampleForm());
  });
});

describe('after the last day', () => {
  test('it has lapsed: the person is told, and what was not handed in is gone', async () => {
    const id = await asked();
    await answer(id, { 'local.rotul': 'Bar Pi' });
    clock.set('2027-02-17T00:30:00+01:00');
    await town.cases.passDeadlines();
    expect(await amend(id)).toEqual({ ok: false, reason: 'closed' });
    const { case: of, corrections, draft } = await opened(id);
    expect(of.state).toBe('lapsed');
    expect(corrections).toBeNull();
    expect(draft.answers).toMatchObject({ local: { rotul: 'Bar' } });
    const row = await within(town.db, town.office.id, (tx) =>
      tx.selectFrom('case_file').select('draft').where('id', '=', id).executeTakeFirstOrThrow(),
    );
    expect(row.draft).toBeNull();
    const told = await noticesAbout(town, town.office, id);
    expect(told.map(({ facts }) => (facts as { news?: string }).news)).toEqual(['amend', 'moved']);
  });

  // Ley 39/2015, art. 73.3.
  test('what the system has not ended yet can be handed in', async () => {
    const id = await asked();
    await answer(id, { 'local.rotul': 'Bar Pi' });
    clock.set('2027-02-17T00:30:00+01:00');
    expect(await amend(id)).toMatchObject({ ok: true });
  });
});
