import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { sameReferenceTwice } from '../../booking/appointments/testing/references.ts';
import { createOffices } from '../../foundation/offices/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { staffOf } from '../cases/testing.ts';
import type { Requests } from './service.ts';
import { requesterOf, testRequests, withRequests } from './testing.ts';

const MORNING = '2027-02-01T09:00:00+01:00';
const clock = handClock(MORNING);
let database: TestDatabase;
let office: Office;
let elsewhere: Office;
let requests: Requests;
let coordinator: StaffViewer;
let nuria: StaffViewer;

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  const offices = createOffices(db);
  office = await offices.byId(await testOffice(db, { settings: withRequests() }));
  elsewhere = await offices.byId(
    await testOffice(db, { code: 'hisenda', settings: withRequests() }),
  );
  requests = testRequests(database, clock);
  for (const [id, name, role] of [
    [1, 'Núria', 'agent'],
    [2, 'Carme', 'coordinator'],
  ] as const)
    await within(db, '*', async (tx) => {
      await sql`insert into staff (email, name, user_id) values (${`p${id}@example.cat`}, ${name}, ${`u${id}`})`.execute(
        tx,
      );
      await sql`insert into staff_role (office_id, staff_id, role) values (${office.id}, ${id}, ${role})`.execute(
        tx,
      );
    });
  nuria = { ...staffOf(office, 'agent'), otherTeams: ['brigada-eres'] };
  coordinator = staffOf(office, 'coordinator', 2);
});
afterAll(() => database.close());
beforeEach(() => clock.set(MORNING));

const HERE = { point: { lat: 41.55, lon: 2.15 }, address: '', area: null };
const BY_MAIL = { tellBy: 'email', isAnonymous: false, name: 'Rosa Soler', phone: '' };
let people = 0;

/** Writes a request to the end, without sending it. */
async function write(type = 'fanal', place: typeof HERE | null = HERE) {
  const { id, secret } = (await requests.begin(office, { type, language: 'ca' }))!;
  const own = requesterOf(id);
  if (place) await requests.writePlace(own, office, id, place);
  await requests.writeText(own, office, id, { text: 'Està apagat', answers: {} });
  people++;
  const email = `rosa.${people}@example.cat`;
  await requests.writeContact(own, office, id, { ...BY_MAIL, email });
  return { id, own, secret, email };
}

async function send(type = 'fanal', place: typeof HERE | null = HERE) {
  const made = await write(type, place);
  const sent = await requests.send(made.own, office, made.id);
  if (!sent.ok) throw new Error(sent.reason);
  return { ...made, reference: sent.row.reference };
}

const rowOf = async (id: string) => (await requests.own(requesterOf(id), office, id))!.row;
const step = async (
  id: string,
  what: Omit<Parameters<Requests['step']>[3], 'seen'>,
  who = coordinator,
) => requests.step(who, office, id, { ...what, seen: (await rowOf(id)).version });

const newsOf = (id: string) =>
  within(database.kysely, office.id, async (tx) => {
    const rows = await tx
      .selectFrom('notice')
      .select(['facts', 'recipient'])
      .where('request_id', '=', id)
      .where('dropped_at', 'is', null)
      .orderBy('created_at')
      .execute();
    return rows.map(({ facts, recipient }) => [(facts as { told: string }).told, recipient]);
  });

describe('a request', () => {
  test('is seen by nobody until it is sent, and then has its team, term and reference', async () => {
    const { id, own } = await write();
    expect(await requests.work(coordinator, office, id)).toBeNull();
    expect(await requests.own(own, office, id)).toBeNull();
    const sent = await requests.send(own, office, id);
    expect(sent).toMatchObject({
      ok: true,
      row: { state: 'received', team: 'brigada', version: 1 },
    });
    // Ten working days after Monday 1 February.
    expect((await rowOf(id)).due?.toString()).toBe('2027-02-15');
    expect((await rowOf(id)).area).toBe('centre');
    expect(await requests.work(nuria, office, id)).toMatchObject({ mayHandle: true });
    expect(await requests.work(nuria, elsewhere, id)).toBeNull();
  });

  test('sent twice is one, and its person is told once', async () => {
    const { id, own, email } = await write();
    const [one, two] = await Promise.all([
      requests.send(own, office, id),
      requests.send(own, office, id),
    ]);
    expect(one.ok && two.ok && one.row.reference === two.row.reference).toBe(true);
    expect(await newsOf(id)).toEqual([['received', email]]);
  });

  test('gets another reference when the first is somebody’s already', async () => {
    using drawn = sameReferenceTwice();
    const [one, other] = [await send(), await send()];
    expect(one.reference).toBe(drawn.reference);
    expect(other.reference).not.toBe(drawn.reference);
  });

  test('lacks what its type demands: where, what, how to be told', async () => {
    const { id } = (await requests.begin(office, { type: 'fanal', language: 'ca' }))!;
    const own = requesterOf(id);
    expect(await requests.send(own, office, id)).toMatchObject({ reason: 'where' });
    await requests.writePlace(own, office, id, { point: null, address: 'Plaça 1', area: null });
    expect(await requests.send(own, office, id)).toMatchObject({ reason: 'what' });
    await requests.writeText(own, office, id, { text: 'Fosc', answers: {} });
    expect(await requests.send(own, office, id)).toMatchObject({ reason: 'contact' });
    await requests.writeContact(own, office, id, { ...BY_MAIL, email: '', isAnonymous: true });
    expect(await requests.send(own, office, id)).toMatchObject({
      ok: true,
      row: { name: '', isAnonymous: true, tellBy: 'page' },
    });
  });

  test('outside the districts is no place of this town', async () => {
    const { id, own } = await write();
    const far = { ...HERE, point: { lat: 40, lon: 2.15 } };
    expect(await requests.writePlace(own, office, id, far)).toEqual({
      ok: false,
      mistakes: { place: 'outside' },
    });
  });

  test('comes to the team of its district', async () => {
    const { id } = await send('clot', { ...HERE, point: { lat: 41.55, lon: 2.25 } });
    expect(await rowOf(id)).toMatchObject({ team: 'brigada-eres', area: 'eres' });
    expect(await requests.work(nuria, office, id)).toBeNull();
  });

  test('of another type, office or link is nobody’s here', async () => {
    expect(await requests.begin(office, { type: 'res', language: 'ca' })).toBeNull();
    const { id, own, secret } = await send();
    expect(await requests.own(own, elsewhere, id)).toBeNull();
    expect(await requests.own(requesterOf((await send()).id), office, id)).toBeNull();
    expect(await requests.bySecret(secret)).toEqual({ id, office: office.id, isSent: true });
    expect(await requests.bySecret(`${secret}x`)).toBeNull();
  });

  test('that nobody goes on writing is deleted after a day, with its link', async () => {
    const { secret } = await write();
    clock.set('2027-02-02T08:59:00+01:00');
    expect(await requests.discardUnsent()).toBe(0);
    clock.set('2027-02-02T09:01:00+01:00');
    expect(await requests.discardUnsent()).toBeGreaterThan(0);
    expect(await requests.bySecret(secret)).toBeNull();
  });
});

describe('an official', () => {
  test('asks: the term stands still until its person answers, and goes on where it was', async () => {
    const { id, own } = await send();
    await step(id, { step: 'begin' }, nuria);
    clock.set('2027-02-03T09:00:00+01:00');
    expect(await step(id, { step: 'ask', words: 'Quin fanal?' }, nuria)).toEqual({
      ok: true,
      isTold: true,
    });
    expect((await rowOf(id)).due).toBeNull();
    clock.set('2027-02-08T09:00:00+01:00');
    expect(await requests.say(own, office, id, 'El del mig')).toEqual({ ok: true });
    const row = await rowOf(id);
    expect(row.state).toBe('in_progress');
    expect(row.due?.toString()).toBe('2027-02-18');
  });

  test.each([
    // The days of the question don't count: 3 to 5 February, and what is late already stays late.
    ['2027-02-03', '2027-02-08', '2027-02-18'],
    ['2027-02-17', '2027-02-19', '2027-02-15'],
  ])('who asks on %s and closes it on %s leaves it the last day %s', async (asks, closes, due) => {
    const closings = [
      { step: 'answer', words: 'Reparat' },
      { step: 'refuse', reason: 'privat' },
    ] as const;
    for (const closing of closings) {
      clock.set(MORNING);
      const { id } = await send();
      clock.set(`${asks}T09:00:00+01:00`);
      await step(id, { step: 'ask', words: 'Quin fanal?' });
      clock.set(`${closes}T09:00:00+01:00`);
      expect(await step(id, closing)).toMatchObject({ ok: true });
      expect((await rowOf(id)).due?.toString()).toBe(due);
    }
  });

  test('answers, with words that its person reads and no notice has', async () => {
    const { id, own, email } = await send();
    expect(await step(id, { step: 'answer' })).toMatchObject({ reason: 'missing', need: 'answer' });
    expect(await step(id, { step: 'answer', words: 'Reparat' })).toMatchObject({ ok: true });
    const look = (await requests.own(own, office, id))!;
    expect(look).toMatchObject({ row: { state: 'answered' }, mayReopen: true, mayWithdraw: false });
    expect(look.messages.map(({ side, text }) => [side, text])).toEqual([['office', 'Reparat']]);
    expect(await newsOf(id)).toEqual([
      ['received', email],
      ['answered', email],
    ]);
  });

  test('refuses with a reason of the office, and with no other one', async () => {
    const { id } = await send();
    expect(await step(id, { step: 'refuse', reason: 'perquè sí' })).toMatchObject({
      reason: 'no_reason',
    });
    expect(await step(id, { step: 'refuse', reason: 'privat' })).toMatchObject({ ok: true });
    expect(await rowOf(id)).toMatchObject({ state: 'refused', reason: 'privat' });
  });

  test('who saw an older version changes nothing', async () => {
    const { id } = await send();
    await step(id, { step: 'plan' });
    const late = requests.step(coordinator, office, id, { step: 'begin', seen: 1 });
    expect(await late).toEqual({ ok: false, reason: 'changed' });
  });

  test('merges: both are told, what follows one follows the other, and it can be taken back', async () => {
    const kept = await send();
    const same = await send();
    expect(await step(same.id, { step: 'merge', target: same.reference })).toMatchObject({
      reason: 'no_target',
    });
    await step(same.id, { step: 'merge', target: kept.reference.toLowerCase() });
    expect(await rowOf(same.id)).toMatchObject({ state: 'merged', mergedInto: kept.id });
    await step(kept.id, { step: 'answer', words: 'Reparat' });
    expect((await newsOf(same.id)).map(([told]) => told)).toEqual(['received', 'merged', 'moved']);
    // The one that stayed is closed: nothing is merged with it any more.
    const third = await send();
    expect(await step(third.id, { step: 'merge', target: kept.reference })).toMatchObject({
      reason: 'no_target',
    });
    await step(same.id, { step: 'separate' });
    expect(await rowOf(same.id)).toMatchObject({ state: 'received', mergedInto: null });
  });

  test('gives it to a team and to somebody, with its history', async () => {
    const { id } = await send();
    const seen = (await rowOf(id)).version;
    expect(await requests.give(nuria, office, id, { assignee: 2, seen })).toMatchObject({
      reason: 'not_allowed',
    });
    expect(await requests.give(nuria, office, id, { assignee: 1, seen })).toMatchObject({
      ok: true,
    });
    const again = (await rowOf(id)).version;
    const to = { team: 'brigada-eres', reason: 'privat', seen: again };
    expect(await requests.route(nuria, office, id, to)).toMatchObject({ ok: true });
    expect(await rowOf(id)).toMatchObject({ team: 'brigada-eres', assignee: null });
    const { events, names } = (await requests.work(coordinator, office, id))!;
    expect(events.filter(({ kind }) => kind === 'assigned').map(({ data }) => data)).toEqual([
      { assignee: 1, assigneeBefore: null },
      {
        ...{ team: 'brigada-eres', teamBefore: 'brigada', reason: 'privat' },
        ...{ assignee: null, assigneeBefore: 1 },
      },
    ]);
    expect(names.get(1)).toBe('Persona 1');
    const back = { team: null, seen: (await rowOf(id)).version };
    expect(await requests.route(coordinator, office, id, back)).toEqual({
      ...{ ok: false, reason: 'missing', need: 'reason' },
    });
    expect((await rowOf(id)).team).toBe('brigada-eres');
    // She gave it away, and sees it no more.
    expect(await requests.work(nuria, office, id)).toBeNull();
  });

  test('writes notes that its person never sees', async () => {
    const { id, own } = await send();
    await requests.note(nuria, office, id, 'És el de sempre');
    expect(JSON.stringify(await requests.own(own, office, id))).not.toContain('de sempre');
    expect((await requests.work(nuria, office, id))?.notes).toMatchObject([
      { text: 'És el de sempre' },
    ]);
  });

  test('writes one down for somebody, who gets the link; the same words twice are one', async () => {
    const what = {
      ...({ type: 'fanal', door: 'phone', language: 'es', encounter: null } as const),
      ...{ ...HERE, text: 'No va', answers: {}, ...BY_MAIL, email: 'pau@example.cat' },
      id: requests.newId(),
    };
    const bad = await requests.open(nuria, office, { ...what, text: '', email: 'x' });
    expect(bad).toEqual({ ok: false, mistakes: { text: 'missing', email: 'not_email' } });
    const made = await requests.open(nuria, office, what);
    if (!('row' in made)) throw new Error('not made');
    expect(made.row).toMatchObject({ door: 'phone', madeBy: 'staff:1', state: 'received' });
    expect(await newsOf(what.id)).toEqual([['received', 'pau@example.cat']]);
    expect(await requests.open(nuria, office, what)).toMatchObject({ row: { id: what.id } });
    expect(await newsOf(what.id)).toHaveLength(1);
    // Its id is no way to its link for anybody else.
    const { id } = await send();
    for (const [who, other] of [
      [nuria, id],
      [coordinator, what.id],
    ] as const)
      expect(await requests.open(who, office, { ...what, id: other })).toEqual({
        ok: false,
        reason: 'not_allowed',
      });
  });
});
