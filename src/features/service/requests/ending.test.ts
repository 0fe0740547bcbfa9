import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { createOffices } from '../../foundation/offices/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { staffOf } from '../cases/testing.ts';
import { jpg } from '../documents/checks/testing/files.ts';
import { testCasePapers } from '../documents/testing.ts';
import type { Requests } from './service.ts';
import { requesterOf, testRequests, withRequests } from './testing.ts';

const MORNING = '2027-02-01T09:00:00+01:00';
const clock = handClock(MORNING);
let database: TestDatabase;
let office: Office;
let requests: Requests;

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  office = await createOffices(db).byId(await testOffice(db, { settings: withRequests() }));
  requests = testRequests(database, clock, testCasePapers(database, clock));
});
afterAll(() => database.close());
beforeEach(() => clock.set(MORNING));

const PLACE = { point: { lat: 41.55, lon: 2.15 }, address: 'A cal Pau', area: null };
let people = 0;

async function send(type = 'fanal') {
  const { id, secret } = (await requests.begin(office, { type, language: 'ca' }))!;
  const own = requesterOf(id);
  people++;
  const email = `rosa.${people}@example.cat`;
  await requests.writePlace(own, office, id, PLACE);
  await requests.writeText(own, office, id, { text: 'Rosa ho veu', answers: {} });
  const person = { tellBy: 'email', isAnonymous: false, name: 'Rosa Soler', email, phone: '' };
  await requests.writeContact(own, office, id, person);
  if (type === 'fanal') await requests.addPhoto(own, office, id, jpg());
  const sent = await requests.send(own, office, id);
  if (!sent.ok) throw new Error(sent.reason);
  return { id, own, secret, email, reference: sent.row.reference };
}

const coordinator = () => staffOf(office, 'coordinator', 2);
async function step(id: string, what: Omit<Parameters<Requests['step']>[3], 'seen'>) {
  const { row } = (await requests.work(coordinator(), office, id))!;
  return requests.step(coordinator(), office, id, { ...what, seen: row.version });
}

const told = (id: string) =>
  within(database.kysely, office.id, async (tx) => {
    const rows = await tx
      .selectFrom('notice')
      .select(['facts', 'recipient'])
      .where('request_id', '=', id)
      .where('dropped_at', 'is', null)
      .orderBy('created_at')
      .execute();
    return rows.map(({ facts, recipient }) => `${(facts as { told: string }).told} ${recipient}`);
  });

/** All that the database has of a request. */
const everythingOf = (id: string) =>
  within(database.kysely, office.id, async (tx) => {
    const of = {
      request: await tx.selectFrom('request').selectAll().where('id', '=', id).execute(),
    };
    const parts = [
      await tx.selectFrom('request_event').selectAll().where('request_id', '=', id).execute(),
      await tx.selectFrom('request_message').selectAll().where('request_id', '=', id).execute(),
      await tx.selectFrom('request_note').selectAll().where('request_id', '=', id).execute(),
      await tx.selectFrom('request_follower').selectAll().where('request_id', '=', id).execute(),
      await tx.selectFrom('document').selectAll().where('request_id', '=', id).execute(),
      await tx.selectFrom('space_key').selectAll().where('space_id', '=', id).execute(),
    ];
    return { ...of, parts };
  });

describe('those who follow', () => {
  const follow = (reference: string, email: string) =>
    requests.follow(office, reference, { tellBy: 'email', email, phone: '', language: 'eu' });

  /** Follows by an address, and opens the link of the message. Returns the id. */
  async function following(reference: string, email: string): Promise<string> {
    await follow(reference, email);
    const { id } = await within(database.kysely, office.id, (tx) =>
      tx
        .selectFrom('request_follower')
        .select('id')
        .where('email', '=', email)
        .executeTakeFirstOrThrow(),
    );
    await requests.followed(office, id);
    return id;
  }

  test('hear of states by their own link, and not of the conversation', async () => {
    const { id, reference, email } = await send();
    const follower = await following(reference, 'pau@example.cat');
    await requests.write(coordinator(), office, id, 'On és?');
    await step(id, { step: 'plan' });
    await step(id, { step: 'answer', words: 'Fet', forAll: 'Ja hi és' });
    expect((await told(id)).toSorted()).toEqual([
      `answered ${email}`,
      'followed pau@example.cat',
      `message ${email}`,
      'moved pau@example.cat',
      `moved ${email}`,
      `received ${email}`,
      'shared pau@example.cat',
    ]);
    const seen = await requests.followed(office, follower);
    expect(JSON.stringify(seen)).not.toMatch(/Rosa|cal Pau|On és|Fet/);
  });

  test('leave, with their address', async () => {
    const { id, reference } = await send();
    const follower = await following(reference, 'mireia@example.cat');
    await requests.leave(office, follower);
    await requests.leave(office, follower);
    await step(id, { step: 'plan' });
    expect(JSON.stringify((await everythingOf(id)).parts)).not.toContain('mireia');
    expect(await told(id)).not.toContain('moved mireia@example.cat');
  });

  test.each([
    ['that is closed', 'fanal', true],
    ['of a type that is not public', 'queixa', false],
  ])('follow nothing %s', async (_, type, isClosed) => {
    const { id, reference } = await send(type);
    if (isClosed) await step(id, { step: 'answer', words: 'Fet' });
    expect(await follow(reference, 'x@example.cat')).toEqual({ ok: false, reason: 'not_found' });
  });
});

describe('the end', () => {
  test('destroys who sent it and what was said some days after the last close, and keeps what it was', async () => {
    const { id, own, reference } = await send();
    await requests.follow(office, reference, {
      ...{ tellBy: 'email', email: 'pau@example.cat', phone: '', language: 'ca' },
    });
    await requests.say(own, office, id, 'Soc la Rosa');
    await requests.note(coordinator(), office, id, 'La Rosa truca sovint');
    await step(id, { step: 'answer', words: 'Hola, Rosa' });
    clock.set('2027-02-20T09:00:00+01:00');
    await requests.reopen(own, office, id, 'Rosa: torna a fallar');
    // Open, it is never forgotten.
    clock.set('2028-02-20T09:00:00+01:00');
    // Those of other tests go.
    await requests.anonymiseDue(office);
    expect((await requests.own(own, office, id))?.row.anonymisedAt).toBeNull();
    await step(id, { step: 'answer', words: 'Ara sí' });
    clock.set('2028-05-20T23:59:00+02:00');
    expect(await requests.anonymiseDue(office)).toBe(0);
    clock.set('2028-05-22T00:01:00+02:00');
    expect(await requests.anonymiseDue(office)).toBe(1);
    const left = await everythingOf(id);
    expect(JSON.stringify(left)).not.toMatch(/Rosa|rosa|cal Pau|pau@|fallar|Ara sí/);
    expect(left.request).toMatchObject([
      { type: 'fanal', state: 'answered', area: 'centre', latitude: 41.55, reopened: 1 },
    ]);
    expect(left.parts.slice(1).map((each) => each.length)).toEqual([0, 0, 0, 0, 0]);
    // Its page says so, and nothing can be done with it any more.
    const look = (await requests.own(own, office, id))!;
    expect(look).toMatchObject({ mayReopen: false, mayWrite: false, asksOpinion: false });
    expect(await step(id, { step: 'reopen', words: 'x' })).toMatchObject({ reason: 'not_now' });
  });

  test('takes the point too, where the type isn’t public, and the words of the opinion in time', async () => {
    const { id, own } = await send('queixa');
    await step(id, { step: 'refuse', reason: 'privat' });
    const answer = { score: 2, solved: 'no', heard: null, comment: 'Soc la Rosa' } as const;
    expect(await requests.giveOpinion(own, office, id, answer)).toEqual({ ok: true });
    expect(await requests.opinion(own, office, id)).toMatchObject({ answer });
    clock.set('2027-03-10T09:00:00+01:00');
    expect(await requests.giveOpinion(own, office, id, answer)).toMatchObject({
      reason: 'not_now',
    });
    expect(await requests.opinion(own, office, id)).toBeNull();
  });

  test('of a reopening comes after so many days', async () => {
    const { id, own } = await send();
    await step(id, { step: 'answer', words: 'Fet' });
    clock.set('2027-03-03T23:59:00+01:00');
    expect(await requests.own(own, office, id)).toMatchObject({ mayReopen: true });
    clock.set('2027-03-04T00:00:00+01:00');
    expect(await requests.own(own, office, id)).toMatchObject({ mayReopen: false });
    expect(await requests.reopen(own, office, id, 'x')).toMatchObject({ reason: 'not_now' });
  });
});

describe('a link that was lost', () => {
  test('is sent again to its address alone, and not again at once', async () => {
    const { id, email } = await send();
    requests.askLinks(office, { email });
    requests.askLinks(office, { email: 'ningu@example.cat' });
    requests.askLinks(office, { email });
    await requests.linksSent();
    expect(await told(id)).toEqual([`received ${email}`, `link ${email}`]);
  });
});
