import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Office } from '../../../../domain/office/types.ts';
import { REQUEST_STEPS } from '../../../../domain/requests/states.ts';
import { handClock } from '../../../../lib/clock.ts';
import { within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import { createOffices } from '../../../foundation/offices/service.ts';
import { testOffice } from '../../../foundation/offices/testing.ts';
import { staffOf } from '../../cases/testing.ts';
import type { Requests } from '../service.ts';
import { requesterOf, testRequests, withRequests } from '../testing.ts';

const MORNING = '2027-02-01T09:00:00+01:00';
const clock = handClock(MORNING);
let database: TestDatabase;
let office: Office;
let requests: Requests;
/** In the team `brigada`. */
let nuria: StaffViewer;
/** In no team: she writes requests down. */
let laia: StaffViewer;

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  office = await createOffices(db).byId(await testOffice(db, { settings: withRequests() }));
  requests = testRequests(database, clock);
  for (const id of [1, 2])
    await within(db, '*', async (tx) => {
      await sql`insert into staff (email, name, user_id) values (${`p${id}@example.cat`}, ${`P${id}`}, ${`u${id}`})`.execute(
        tx,
      );
      await sql`insert into staff_role (office_id, staff_id, role) values (${office.id}, ${id}, 'agent')`.execute(
        tx,
      );
    });
  nuria = { ...staffOf(office, 'agent', 1), otherTeams: ['brigada-eres'] };
  laia = { ...staffOf(office, 'agent', 2), otherTeams: ['brigada', 'brigada-eres'] };
});
afterAll(() => database.close());
beforeEach(() => clock.set(MORNING));

/** Laia writes a request of the team `brigada` down for somebody. */
async function writtenDown(text = 'No va'): Promise<string> {
  const made = await requests.open(laia, office, {
    ...({ type: 'fanal', door: 'phone', language: 'ca', encounter: null } as const),
    ...{ point: { lat: 41.55, lon: 2.15 }, address: '', area: null, text, answers: {} },
    ...{ tellBy: 'email', isAnonymous: false, name: 'Pau', phone: '', email: 'pau@example.cat' },
    id: requests.newId(),
  });
  if (!('row' in made)) throw new Error('It was not made');
  return made.row.id;
}

const rowOf = async (id: string) => (await requests.own(requesterOf(id), office, id))!.row;

describe('whoever only sees a request', () => {
  test('reads it, and can do nothing with it', async () => {
    const id = await writtenDown();
    const other = await writtenDown('És un altre');
    const { reference } = await rowOf(other);
    const before = await rowOf(id);
    const seen = before.version;
    expect(await requests.work(laia, office, id)).toMatchObject({ mayHandle: false, steps: [] });
    const words = { words: 'Fet', reason: 'privat', target: reference };
    const tries = [
      ...REQUEST_STEPS.map((step) => requests.step(laia, office, id, { step, seen, ...words })),
      requests.give(laia, office, id, { assignee: laia.staff, seen }),
      requests.give(laia, office, id, { assignee: null, seen }),
      requests.route(laia, office, id, { team: 'brigada-eres', seen }),
      requests.write(laia, office, id, 'Hola'),
      requests.note(laia, office, id, 'Nota'),
      requests.called(laia, office, id, { seen }),
      requests.show(laia, office, id, { text: true, photos: [], seen }),
    ];
    for (const result of await Promise.all(tries))
      expect(result).toEqual({ ok: false, reason: 'not_allowed' });
    expect(await rowOf(id)).toEqual(before);
    // It is not taken by merging another one with it either.
    const [merged] = await requests.several(laia, office, [{ id, seen }], {
      ...{ do: 'merge', target: reference },
    });
    expect(merged?.result).toEqual({ ok: false, reason: 'not_allowed' });
  });

  test('while whoever is of its team does', async () => {
    const id = await writtenDown('Ara sí');
    const { version: seen } = await rowOf(id);
    expect(await requests.step(nuria, office, id, { step: 'plan', seen })).toMatchObject({
      ok: true,
    });
  });
});

describe('what is sent twice at once', () => {
  const said = async (id: string) => {
    const { messages, notes } = (await requests.work(nuria, office, id))!;
    return { messages: messages.map(({ text }) => text), notes: notes.map(({ text }) => text) };
  };
  const told = (id: string) =>
    within(database.kysely, office.id, (tx) =>
      tx.selectFrom('notice').select('id').where('request_id', '=', id).execute(),
    );

  test('is one message, and its person is told once', async () => {
    const id = await writtenDown();
    const write = (text: string) => requests.write(nuria, office, id, text);
    const before = await told(id);
    const both = await Promise.all([write('Hi anem'), write(' Hi anem ')]);
    expect(both).toEqual([
      { ok: true, isTold: true },
      { ok: true, isTold: true },
    ]);
    expect((await said(id)).messages).toEqual(['Hi anem']);
    expect((await told(id)).length - before.length).toBe(1);
    await requests.say(requesterOf(id), office, id, 'Gràcies');
    await write('Hi anem');
    clock.set('2027-02-01T09:30:00+01:00');
    await write('Hi anem');
    expect((await said(id)).messages).toEqual(['Hi anem', 'Gràcies', 'Hi anem', 'Hi anem']);
  });

  test('is one note; much later it is another', async () => {
    const id = await writtenDown();
    const note = () => requests.note(nuria, office, id, 'Ha trucat');
    for (const done of await Promise.all([note(), note()]))
      expect(done).toMatchObject({ ok: true });
    expect((await said(id)).notes).toEqual(['Ha trucat']);
    clock.set('2027-02-01T09:30:00+01:00');
    await note();
    expect((await said(id)).notes).toEqual(['Ha trucat', 'Ha trucat']);
  });
});

test('a list shows the beginning of what was written, and no more', async () => {
  const secret = 'el nom de la veïna';
  const id = await writtenDown(`${'Fa soroll cada nit. '.repeat(6)}${secret}`);
  const near = await writtenDown(`${'Ara també de dia. '.repeat(6)}${secret}`);
  const found = await requests.near(nuria, office, id);
  const inbox = await requests.inbox(nuria, office, { group: 'open' }, null);
  expect(found.map((each) => each.id)).toContain(near);
  expect(inbox?.rows.map((each) => each.id)).toContain(near);
  for (const shown of [found, inbox]) {
    expect(JSON.stringify(shown)).toContain('Ara també de dia.');
    expect(JSON.stringify(shown)).not.toContain(secret);
  }
});

test('whoever wants to be called is shown with their number until somebody notes that they called', async () => {
  const { id } = (await requests.begin(office, { type: 'fanal', language: 'ca' }))!;
  const own = requesterOf(id);
  const place = { point: { lat: 41.55, lon: 2.15 }, address: '', area: null };
  await requests.writePlace(own, office, id, place);
  await requests.writeText(own, office, id, { text: 'Truqueu-me', answers: {} });
  const contact = { tellBy: 'call', isAnonymous: false, name: 'Rosa', email: '', phone: '' };
  expect(await requests.writeContact(own, office, id, contact)).toEqual({
    ...{ ok: false, mistakes: { phone: 'missing' } },
  });
  await requests.writeContact(own, office, id, { ...contact, phone: '93 555 12 12' });
  await requests.send(own, office, id);
  const owed = async () => {
    const { row } = (await requests.work(nuria, office, id))!;
    return [row.phone, row.callOwedAt !== null];
  };
  const called = async (who = nuria) =>
    requests.called(who, office, id, { seen: (await rowOf(id)).version });
  expect(await owed()).toEqual(['+34935551212', false]);
  expect(await called()).toEqual({ ok: false, reason: 'not_now' });
  const { version: seen } = await rowOf(id);
  // No message goes anywhere: the official hears that the person was not told.
  expect(await requests.step(nuria, office, id, { step: 'answer', words: 'Fet', seen })).toEqual({
    ...{ ok: true, isTold: false },
  });
  expect(await owed()).toEqual(['+34935551212', true]);
  expect(await called(laia)).toMatchObject({ reason: 'not_found' });
  expect(await called()).toMatchObject({ ok: true });
  expect(await owed()).toEqual(['+34935551212', false]);
  expect(await called()).toEqual({ ok: false, reason: 'not_now' });
  // Whoever follows a public one is not called.
  const other = await writtenDown('Un altre fanal');
  const { reference } = await rowOf(other);
  const follow = { tellBy: 'call', email: '', phone: '93 555 12 12', language: 'ca' } as const;
  expect(await requests.follow(office, reference, follow)).toMatchObject({ ok: false });
});
