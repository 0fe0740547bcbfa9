import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

const SETTINGS = withRequests();
for (const team of SETTINGS.teams) if (team.code === 'brigada') team.people.push('p1@example.cat');

const MORNING = '2027-02-01T09:00:00+01:00';
const clock = handClock(MORNING);
let database: TestDatabase;
let office: Office;
let requests: Requests;
/** In the team `brigada`. */
let nuria: StaffViewer;

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  office = await createOffices(db).byId(await testOffice(db, { settings: SETTINGS }));
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
});
afterAll(() => database.close());

const HERE = { point: { lat: 41.55, lon: 2.15 }, address: '', area: null };
let people = 0;

/** Somebody sends a request of the team `brigada`. */
async function send() {
  const { id } = (await requests.begin(office, { type: 'fanal', language: 'ca' }))!;
  const own = requesterOf(id);
  await requests.writePlace(own, office, id, HERE);
  await requests.writeText(own, office, id, { text: 'Està apagat', answers: {} });
  people++;
  const contact = { tellBy: 'email', isAnonymous: false, name: 'Rosa', phone: '' };
  await requests.writeContact(own, office, id, { ...contact, email: `r${people}@example.cat` });
  await requests.send(own, office, id);
  return { id, own };
}

const rowOf = async (id: string) => (await requests.own(requesterOf(id), office, id))!.row;
const step = async (id: string, name: 'ask' | 'lapse' | 'resume', words = '') =>
  requests.step(nuria, office, id, { step: name, words, seen: (await rowOf(id)).version });
const at = (day: string, hour = '09:00') => clock.set(`${day}T${hour}:00+01:00`);
const mails = () =>
  within(database.kysely, '*', async (tx) => {
    const rows = await tx
      .selectFrom('staff_mail')
      .select(['staff_id as staff', 'facts'])
      .where('kind', '=', 'requests_waiting')
      .orderBy('created_at')
      .execute();
    return rows.map(({ staff, facts }) => ({ staff, ...(facts as object) }));
  });
const newsOf = (id: string) =>
  within(database.kysely, office.id, async (tx) => {
    const rows = await tx
      .selectFrom('notice')
      .select('facts')
      .where('request_id', '=', id)
      .orderBy('created_at')
      .execute();
    return rows.map(({ facts }) => (facts as { told: string }).told);
  });

describe('officials', () => {
  test('hear once, in the morning of a working day, that a request is late', async () => {
    at('2027-02-01');
    const { id } = await send();
    await send();
    expect((await rowOf(id)).due?.toString()).toBe('2027-02-15');
    for (const [day, hour] of [
      ['2027-02-15', '20:00'],
      ['2027-02-16', '07:59'],
      ['2027-02-20', '09:00'],
    ] as const) {
      at(day, hour);
      expect([day, await requests.remind()]).toEqual([day, 0]);
    }
    at('2027-02-22');
    expect(await requests.remind()).toBe(1);
    const one = { staff: 1, office: office.code, late: 2, asked: 0, call: 0 };
    expect(await mails()).toEqual([one]);
    at('2027-02-23');
    expect(await requests.remind()).toBe(0);
    // It moves on, and is late again: they hear of it again.
    await step(id, 'ask', 'On és?');
    await step(id, 'resume');
    expect((await rowOf(id)).due?.toString()).toBe('2027-02-15');
    expect(await requests.remind()).toBe(1);
    expect(await mails()).toEqual([one, { ...one, late: 1 }]);
  });
});

describe('what its person was asked', () => {
  test('is told once more after ten working days, and may be closed after ten more', async () => {
    at('2027-03-01');
    const { id, own } = await send();
    await step(id, 'ask', 'On és?');
    at('2027-03-15');
    await requests.remind();
    expect(await newsOf(id)).toEqual(['received', 'asked']);
    expect(await step(id, 'lapse')).toEqual({ ok: false, reason: 'not_now' });
    at('2027-03-16');
    const before = (await mails()).length;
    await requests.remind();
    await requests.remind();
    expect(await newsOf(id)).toEqual(['received', 'asked', 'last_call']);
    expect((await mails()).slice(before)).toMatchObject([{ staff: 1, asked: 1 }]);
    const shown = (await requests.own(own, office, id))!;
    expect(shown.lapsesAfter?.toString()).toBe('2027-03-30');
    at('2027-03-30');
    expect((await requests.work(nuria, office, id))?.steps).not.toContain('lapse');
    expect(await step(id, 'lapse')).toEqual({ ok: false, reason: 'not_now' });
    at('2027-03-31');
    expect((await requests.work(nuria, office, id))?.steps).toContain('lapse');
    expect(await step(id, 'lapse')).toMatchObject({ ok: true, isTold: true });
    expect(await rowOf(id)).toMatchObject({ state: 'refused', reason: 'unanswered' });
    expect((await newsOf(id)).at(-1)).toBe('refused');
  });

  test('and who answers meanwhile is not closed out', async () => {
    at('2027-05-03');
    const { id, own } = await send();
    await step(id, 'ask', 'On és?');
    at('2027-05-20');
    await requests.remind();
    expect((await rowOf(id)).lastCallAt).not.toBeNull();
    await requests.say(own, office, id, 'A la plaça');
    expect(await rowOf(id)).toMatchObject({ state: 'received', lastCallAt: null });
    at('2027-07-20');
    expect(await step(id, 'lapse')).toEqual({ ok: false, reason: 'not_now' });
  });
});
