import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { handClock } from '../../../../lib/clock.ts';
import { within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import type { CaseDesk } from '../desk/service.ts';
import { openDesk } from '../desk/testing.ts';
import { handedInTo, holderOf, type TestCases } from '../testing.ts';
import { MESSAGE_LENGTH, MOST_A_DAY } from './rules.ts';
import { type CaseMessages, createCaseMessages } from './service.ts';

const MORNING = '2027-02-01T09:00:00+01:00';
const clock = handClock(MORNING);
let database: TestDatabase;
let town: TestCases;
let desk: CaseDesk;
let messages: CaseMessages;
let coordinator: StaffViewer;
let nuria: StaffViewer;
let pere: StaffViewer;

beforeAll(async () => {
  database = await testDatabase();
  ({ town, desk, coordinator, nuria, pere } = await openDesk(database, clock));
  messages = createCaseMessages(town);
});
afterAll(() => database.close());
beforeEach(() => clock.set(MORNING));

const take = async (id: string, who = nuria) => {
  const { seen } = (await desk.work(who, town.office, id))!;
  await desk.give(who, town.office, id, { assignee: who.staff, seen });
};
const ask = (id: string, text: string) => messages.write(holderOf(id), town.office, id, text);
const answer = (id: string, text: string, who = nuria) =>
  messages.write(who, town.office, id, text);
const read = (id: string, who: StaffViewer | ReturnType<typeof holderOf> = holderOf(id)) =>
  messages.ofCase(who, town.office, id);
const isNewFor = async (id: string) => {
  const page = await desk.inbox(coordinator, town.office, { group: 'open' }, null);
  return page?.rows.find((each) => each.id === id)?.hasMessage;
};

describe('messages about a case', () => {
  test('go both ways, are told without what they say, and once for several', async () => {
    const id = await handedInTo(town, town.office);
    await take(id);
    expect(await ask(id, ' Quan ho sabré? ')).toEqual({ ok: true, isTold: true });
    expect(await answer(id, 'Dijous.')).toEqual({ ok: true, isTold: true });
    expect(await answer(id, 'Potser divendres.')).toMatchObject({ ok: true });
    const said = (await read(id))!.messages.map(({ side, text }) => [side, text]);
    expect(said).toEqual([
      ['person', 'Quan ho sabré?'],
      ['office', 'Dijous.'],
      ['office', 'Potser divendres.'],
    ]);
    const told = await within(town.db, town.office.id, (tx) =>
      tx
        .selectFrom('notice')
        .select('facts')
        .where('case_id', '=', id)
        .where('dropped_at', 'is', null)
        .execute(),
    );
    expect(told.map(({ facts }) => (facts as { news?: string }).news)).toEqual(['message']);
    expect(JSON.stringify(told)).not.toContain('ivendres');
  });

  test.each([
    ['an official', (id: string, text: string) => answer(id, text), ask],
    ['a person', ask, (id: string, text: string) => answer(id, text)],
  ])('of %s that are sent twice at once are one, and told once', async (_, write, reply) => {
    const id = await handedInTo(town, town.office);
    await take(id);
    const texts = async () => (await read(id))!.messages.map(({ text }) => text);
    const told = () =>
      within(town.db, town.office.id, (tx) =>
        tx.selectFrom('notice').select('id').where('case_id', '=', id).execute(),
      );
    const before = await told();
    await write(id, 'Bon dia');
    const first = await told();
    expect(first.length - before.length).toBe(write === ask ? 0 : 1);
    for (const again of await Promise.all([write(id, 'Bon dia'), write(id, ' Bon dia\n')]))
      expect(again).toEqual({ ok: true, isTold: true });
    expect(await texts()).toEqual(['Bon dia']);
    expect(await told()).toEqual(first);
    await reply(id, 'Digui');
    await write(id, 'Bon dia');
    clock.set('2027-02-01T09:30:00+01:00');
    await write(id, 'Bon dia');
    expect(await texts()).toEqual(['Bon dia', 'Digui', 'Bon dia', 'Bon dia']);
  });

  test('in the same words by another official are two', async () => {
    const id = await handedInTo(town, town.office);
    await take(id);
    for (const who of [nuria, coordinator, nuria]) await answer(id, 'Bon dia', who);
    expect((await read(id))!.messages).toHaveLength(3);
  });

  test('that are sent twice are one too when the second comes after the most of a day', async () => {
    const id = await handedInTo(town, town.office);
    for (let nth = 1; nth <= MOST_A_DAY; nth++) await ask(id, `${nth}`);
    expect(await ask(id, `${MOST_A_DAY}`)).toMatchObject({ ok: true });
  });

  test('say to who has no address that nobody can tell them', async () => {
    const id = await handedInTo(town, town.office, { 'qui.correu': undefined });
    expect(await ask(id, 'Hola?')).toEqual({ ok: true, isTold: false });
    expect((await read(id))?.isTold).toBe(false);
    expect(await answer(id, 'Hola', coordinator)).toEqual({ ok: true, isTold: false });
  });

  test('are kept sealed, and end with their case', async () => {
    const id = await handedInTo(town, town.office);
    await ask(id, 'La meva veïna es diu Aurora');
    const rows = await within(town.db, town.office.id, (tx) =>
      tx.selectFrom('case_message').select('text').where('case_id', '=', id).execute(),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.text.toString('latin1')).not.toContain('Aurora');
  });

  test('are new in the inbox until whoever handles the case has them', async () => {
    const id = await handedInTo(town, town.office);
    expect(await isNewFor(id)).toBe(false);
    await ask(id, 'Hola?');
    await read(id, coordinator);
    expect(await isNewFor(id)).toBe(true);
    await take(id);
    await read(id, nuria);
    expect(await isNewFor(id)).toBe(false);
  });

  test('stay new for whoever handles the case when another official answers', async () => {
    const id = await handedInTo(town, town.office);
    await take(id);
    await ask(id, 'Hola?');
    await answer(id, 'Ara t’ho miren.', coordinator);
    expect(await isNewFor(id)).toBe(true);
    await read(id, nuria);
    expect(await isNewFor(id)).toBe(false);
  });

  test('are shown the newest first where they are many, and all when they are asked for', async () => {
    const id = await handedInTo(town, town.office);
    for (const text of ['1', '2', '3']) await ask(id, text);
    const last = (await messages.ofCase(holderOf(id), town.office, id, 1))!;
    expect([last.messages.map(({ text }) => text), last.older]).toEqual([['3'], 2]);
    expect((await read(id))?.older).toBe(0);
  });

  test('are written by whoever handles the case or coordinates, and read by nobody else', async () => {
    const id = await handedInTo(town, town.office);
    expect(await answer(id, 'Hola')).toEqual({ ok: false, reason: 'untaken' });
    expect((await read(id, nuria))?.obstacle).toBe('untaken');
    expect(await answer(id, 'Hola', coordinator)).toMatchObject({ ok: true });
    await take(id, pere);
    expect(await answer(id, 'Hola')).toEqual({ ok: false, reason: 'not_found' });
    expect(await read(id, nuria)).toBeNull();
    const other = await handedInTo(town, town.office);
    expect(await read(id, holderOf(other))).toBeNull();
    expect(await messages.write(holderOf(other), town.office, id, 'Jo')).toMatchObject({
      reason: 'not_found',
    });
    expect(await messages.ofCase(nuria, town.elsewhere, id)).toBeNull();
  });

  test('are not about a draft', async () => {
    const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
    const id = (await town.cases.begin(holderOf(''), town.office, what))!;
    expect(await ask(id, 'Hola')).toMatchObject({ reason: 'not_found' });
  });

  test.each([
    ['empty', '  \n '],
    ['long', 'a'.repeat(MESSAGE_LENGTH + 1)],
  ])('that are %s are not sent', async (reason, text) => {
    const id = await handedInTo(town, town.office);
    expect(await ask(id, text)).toEqual({ ok: false, reason });
  });

  test('of a person are so many a day, and more the day after', async () => {
    const id = await handedInTo(town, town.office);
    for (let nth = 0; nth < MOST_A_DAY; nth++)
      expect(await ask(id, `${nth}`)).toMatchObject({ ok: true });
    expect(await ask(id, 'i una altra')).toEqual({ ok: false, reason: 'many' });
    clock.set('2027-02-02T09:00:01+01:00');
    expect(await ask(id, 'i una altra')).toMatchObject({ ok: true });
  });

  test('about a closed case are answered, and not begun', async () => {
    const id = await handedInTo(town, town.office);
    await within(town.db, town.office.id, (tx) =>
      tx.updateTable('case_file').set({ closed_at: MORNING }).where('id', '=', id).execute(),
    );
    expect(await ask(id, 'Encara hi sou?')).toEqual({ ok: false, reason: 'over' });
    await answer(id, 'Vols que t’ho tornem?', coordinator);
    expect(await ask(id, 'Sí')).toMatchObject({ ok: true });
    expect(await ask(id, 'I més')).toEqual({ ok: false, reason: 'over' });
  });
});
