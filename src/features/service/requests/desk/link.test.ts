import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Office } from '../../../../domain/office/types.ts';
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
let elsewhere: Office;
let requests: Requests;
let coordinator: StaffViewer;
/** In the team to which requests of tests come. */
let nuria: StaffViewer;
/** At the counter, in no team. */
let laia: StaffViewer;

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  const offices = createOffices(db);
  office = await offices.byId(await testOffice(db, { settings: withRequests() }));
  elsewhere = await offices.byId(
    await testOffice(db, { code: 'hisenda', settings: withRequests() }),
  );
  requests = testRequests(database, clock);
  for (const id of [1, 2, 3])
    await within(db, '*', (tx) =>
      sql`insert into staff (email, name, user_id) values (${`p${id}@example.cat`}, ${`P${id}`}, ${`u${id}`})`.execute(
        tx,
      ),
    );
  nuria = { ...staffOf(office, 'agent', 1), otherTeams: ['brigada-eres'] };
  coordinator = staffOf(office, 'coordinator', 2);
  laia = { ...staffOf(office, 'agent', 3), otherTeams: ['brigada', 'brigada-eres'] };
});
afterAll(() => database.close());
beforeEach(() => clock.set(MORNING));

const NAMELESS = { tellBy: 'page', isAnonymous: true, name: '', email: '', phone: '' };
const BY_MAIL = { ...NAMELESS, tellBy: 'email', isAnonymous: false, name: 'Rosa' };
const HERE = { point: { lat: 41.55, lon: 2.15 }, address: '', area: null };

/** Has an official write a request down. Returns its id. */
async function writeDown(by: StaffViewer, contact: typeof NAMELESS = NAMELESS): Promise<string> {
  const made = await requests.open(by, office, {
    ...({ type: 'fanal', door: 'in_person', language: 'es', encounter: null } as const),
    ...{ ...HERE, text: 'No va', answers: {}, ...contact },
  });
  if (!('row' in made)) throw new Error('It was not written down');
  expect(made).not.toHaveProperty('secret');
  return made.row.id;
}
const versionOf = async (id: string) =>
  (await requests.own(requesterOf(id), office, id))!.row.version;
const give = async (by: StaffViewer, id: string) =>
  requests.giveLink(by, office, id, { seen: await versionOf(id) });
const secretIn = (given: Awaited<ReturnType<typeof give>>): string => {
  if (!given.ok) throw new Error(given.reason);
  return given.given.secret;
};
const recorded = (id: string) =>
  within(database.kysely, office.id, async (tx) => {
    const rows = await tx
      .selectFrom('audit')
      .select(['actor', 'data'])
      .where('action', '=', 'request_link_given')
      .orderBy('id')
      .execute();
    return rows.filter(({ data }) => (data as { request: string }).request === id);
  });

test('somebody without an address gets the link of what was written down for them, and comes in by it', async () => {
  const id = await writeDown(laia);
  const given = await give(laia, id);
  expect(given).toMatchObject({ ok: true, given: { type: 'fanal', language: 'es' } });
  expect(await requests.bySecret(secretIn(given))).toEqual({ id, office: office.id, isSent: true });
  expect(await recorded(id)).toEqual([{ actor: 'staff:3', data: { request: id } }]);
});

test('a link that is given again ends the one before, also that of messages', async () => {
  const id = await writeDown(nuria, { ...BY_MAIL, email: 'rosa@example.cat' });
  const first = requests.secretOf({ id, link: 0 });
  expect(await requests.bySecret(first)).toMatchObject({ id });
  const second = secretIn(await give(nuria, id));
  const third = secretIn(await give(coordinator, id));
  expect(new Set([first, second, third]).size).toBe(3);
  expect(await requests.bySecret(first)).toBeNull();
  expect(await requests.bySecret(second)).toBeNull();
  expect(await requests.bySecret(third)).toMatchObject({ id });
  expect(await recorded(id)).toHaveLength(2);
  // The address on file is told, with the link that opens.
  const told = await within(database.kysely, office.id, (tx) =>
    tx.selectFrom('notice').select(['facts', 'recipient']).where('request_id', '=', id).execute(),
  );
  expect(told).toContainEqual({
    recipient: 'rosa@example.cat',
    facts: expect.objectContaining({ told: 'link', link: 2 }),
  });
});

test('whoever wrote it down gives it just then alone, and only to somebody who gets no message', async () => {
  const id = await writeDown(laia);
  clock.set('2027-02-01T10:01:00+01:00');
  expect(await give(laia, id)).toEqual({ ok: false, reason: 'not_allowed' });
  expect(await give(nuria, id)).toMatchObject({ ok: true });
  const told = await writeDown(laia, { ...BY_MAIL, email: 'pau@example.cat' });
  expect(await give(laia, told)).toEqual({ ok: false, reason: 'not_allowed' });
  expect(await recorded(told)).toEqual([]);
});

test('it is nobody else’s, and not for who saw an older version', async () => {
  const id = await writeDown(nuria);
  expect(await give(laia, id)).toEqual({ ok: false, reason: 'not_found' });
  const seen = await versionOf(id);
  const other = staffOf(elsewhere, 'coordinator', 2);
  for (const at of [office, elsewhere])
    expect(await requests.giveLink(other, at, id, { seen })).toMatchObject({ ok: false });
  await give(nuria, id);
  expect(await requests.giveLink(nuria, office, id, { seen })).toEqual({
    ...{ ok: false, reason: 'changed' },
  });
  // Of what is destroyed there is nothing to see.
  await requests.step(nuria, office, id, {
    ...{ step: 'answer', words: 'Fet', seen: await versionOf(id) },
  });
  clock.set('2027-08-01T09:00:00+02:00');
  await requests.anonymiseDue(office);
  expect(await give(nuria, id)).toEqual({ ok: false, reason: 'not_allowed' });
});
