import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { createOffices } from '../../foundation/offices/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { staffOf } from '../cases/testing.ts';
import type { Requests } from './service.ts';
import { requesterOf, testRequests, withRequests } from './testing.ts';

const MORNING = '2027-02-01T09:00:00+01:00';
const clock = handClock(MORNING);
let database: TestDatabase;
let office: Office;
let requests: Requests;
let coordinator: StaffViewer;

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  office = await createOffices(db).byId(await testOffice(db, { settings: withRequests() }));
  requests = testRequests(database, clock);
  coordinator = staffOf(office, 'coordinator', 2);
});
afterAll(() => database.close());
beforeEach(() => clock.set(MORNING));

const HERE = { point: { lat: 41.55, lon: 2.15 }, address: '', area: null };
const NOBODY = { tellBy: 'page', isAnonymous: true, name: '', email: '', phone: '' };
let people = 0;

/** Sends a request as somebody does. `person`: the identified person in whose session it is sent. */
async function send({ as = {}, person = null as string | null } = {}) {
  const { id } = (await requests.begin(office, { type: 'fanal', language: 'ca' }))!;
  const own = requesterOf(id);
  people++;
  const email = `rosa.${people}@example.cat`;
  await requests.writePlace(own, office, id, HERE);
  await requests.writeText(own, office, id, { text: 'Fa dies que no va', answers: {} });
  const typed = { tellBy: 'email', isAnonymous: false, name: 'Rosa Soler', phone: '', email };
  await requests.writeContact(own, office, id, { ...typed, ...as });
  const sent = await requests.send(own, office, id, person);
  if (!sent.ok) throw new Error(sent.reason);
  return { id, own, email, reference: sent.row.reference };
}

const rowOf = async (id: string) => (await requests.own(requesterOf(id), office, id))!.row;
const step = async (id: string, what: Omit<Parameters<Requests['step']>[3], 'seen'>) =>
  requests.step(coordinator, office, id, { ...what, seen: (await rowOf(id)).version });

/** What is told, and to whom. */
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

/** A person who was identified once. */
async function identifiedPerson(): Promise<string> {
  const id = crypto.randomUUID();
  await within(database.kysely, '*', (tx) =>
    sql`insert into person (id, lookup, wrapped, key_version, identity, wishes, first_seen_at, last_seen_at)
      values (${id}, ${id}, '', 1, '', '', now(), now())`.execute(tx),
  );
  return id;
}

/** Everything that is kept of a request, as text. */
const keptOf = (id: string) =>
  within(database.kysely, office.id, async (tx) => {
    const { rows } = await sql<{ all: string }>`
      select (select r::text from request r where id = ${id}) ||
        (select coalesce(string_agg(e::text, ''), '') from request_event e where request_id = ${id}) ||
        (select coalesce(string_agg(n::text, ''), '') from notice n where request_id = ${id}) ||
        (select string_agg(a::text, '') from audit a where data ->> 'request' = ${id}) as all`.execute(
      tx,
    );
    return rows[0]!.all;
  });

describe('whoever stays unnamed', () => {
  test('leaves no trace of their session, while others are known by it', async () => {
    const person = await identifiedPerson();
    const named = await send({ person });
    expect(await keptOf(named.id)).toContain(person);
    const unnamed = await send({ person, as: NOBODY });
    expect(await rowOf(unnamed.id)).toMatchObject({ person: null, isAnonymous: true });
    const kept = await keptOf(unnamed.id);
    expect(kept).not.toContain(person);
    expect(kept).not.toContain('person:');
  });

  test('and who is erased, though what they sent is open', async () => {
    const person = await identifiedPerson();
    const { id } = await send({ person });
    await within(database.kysely, '*', (tx) =>
      sql`delete from person where id = ${person}`.execute(tx),
    );
    expect(await rowOf(id)).toMatchObject({ person: null, state: 'received' });
  });
});

/** Has an address follow, and opens the link of its message. */
async function follow(reference: string, email: string, opens = true) {
  const done = await requests.follow(office, reference, {
    ...{ tellBy: 'email', email, phone: '', language: 'ca' },
  });
  expect(done).toEqual({ ok: true, secret: null });
  const found = await within(database.kysely, office.id, (tx) =>
    tx
      .selectFrom('request_follower')
      .select('id')
      .where('email', '=', email)
      .executeTakeFirstOrThrow(),
  );
  if (opens) expect(await requests.followed(office, found.id)).toMatchObject({ isNew: true });
  return found.id;
}

describe('whoever follows', () => {
  test('hears of nothing before they open the link of the first message', async () => {
    const { id, reference, email } = await send();
    await follow(reference, 'silent@example.cat', false);
    await follow(reference, 'pau@example.cat');
    await step(id, { step: 'begin' });
    expect(await newsOf(id)).toEqual([
      ['received', email],
      ['followed', 'silent@example.cat'],
      ['followed', 'pau@example.cat'],
      ['moved', email],
      ['moved', 'pau@example.cat'],
    ]);
  });

  test('twice is answered as once, and gets no other message', async () => {
    const { id, reference } = await send();
    await follow(reference, 'nora@example.cat', false);
    const by = { tellBy: 'email', email: 'nora@example.cat', phone: '', language: 'ca' } as const;
    expect(await requests.follow(office, reference, by)).toEqual({ ok: true, secret: null });
    expect((await newsOf(id)).filter(([told]) => told === 'followed')).toHaveLength(1);
  });

  test('reads the answer for everybody, and no other; without one nothing says that there is an answer', async () => {
    const one = await send();
    const follower = await follow(one.reference, 'ona@example.cat');
    await step(one.id, { step: 'answer', words: 'Rosa, ja va', forAll: ' Ja va. ' });
    expect(await requests.followed(office, follower)).toMatchObject({ answerForAll: 'Ja va.' });
    expect(JSON.stringify(await requests.followed(office, follower))).not.toContain('Rosa');
    expect((await newsOf(one.id)).slice(-2)).toEqual([
      ['answered', one.email],
      ['shared', 'ona@example.cat'],
    ]);
    await requests.reopen(one.own, office, one.id, 'Torna a no anar');
    expect(await requests.followed(office, follower)).toMatchObject({ answerForAll: '' });
    const other = await send();
    await follow(other.reference, 'joan@example.cat');
    await step(other.id, { step: 'answer', words: 'Rosa, ja va' });
    expect((await newsOf(other.id)).at(-1)).toEqual(['moved', 'joan@example.cat']);
  });
});

describe('whoever told the same', () => {
  /** Two requests, of which the second is merged with the first. */
  async function merged() {
    const [kept, same] = [await send(), await send()];
    await step(same.id, { step: 'merge', target: kept.reference });
    return { kept, same };
  }

  test('reads the answer for everybody, and is not asked how it went', async () => {
    const { kept, same } = await merged();
    await step(kept.id, { step: 'answer', words: 'Rosa, ja va', forAll: 'Ja va.' });
    const look = await requests.own(same.own, office, same.id);
    expect(look).toMatchObject({ into: { answerForAll: 'Ja va.' }, asksOpinion: false });
    expect((await newsOf(same.id)).at(-1)).toEqual(['shared', same.email]);
  });

  test('is not left alone when the other is taken back: it goes on without its person', async () => {
    const { kept, same } = await merged();
    await step(kept.id, { step: 'ask', words: 'Quin fanal?' });
    expect(await requests.withdraw(kept.own, office, kept.id)).toEqual({ ok: true });
    expect(await requests.withdraw(kept.own, office, kept.id)).toEqual({ ok: true });
    const look = (await requests.own(kept.own, office, kept.id))!;
    expect(look).toMatchObject({ mayWrite: false, mayWithdraw: false, mayReopen: false });
    expect(look.row).toMatchObject({ state: 'received', name: '', email: null, closedAt: null });
    expect((await keptOf(kept.id)).includes(kept.email)).toBe(false);
    await step(kept.id, { step: 'answer', words: 'Ja va', forAll: 'Ja va.' });
    expect((await newsOf(same.id)).at(-1)).toEqual(['shared', same.email]);
    expect((await newsOf(kept.id)).filter(([, to]) => to !== '')).toEqual([]);
    expect(await requests.own(kept.own, office, kept.id)).toMatchObject({ asksOpinion: false });
  });

  test('is known until some days after the answer, not after the merging', async () => {
    const { kept, same } = await merged();
    clock.set('2027-06-01T09:00:00+02:00');
    await requests.anonymiseDue(office);
    expect(await rowOf(same.id)).toMatchObject({ email: same.email, anonymisedAt: null });
    await step(kept.id, { step: 'answer', words: 'Ja va' });
    clock.set('2027-08-01T09:00:00+02:00');
    await requests.anonymiseDue(office);
    expect((await rowOf(same.id)).anonymisedAt).toBeNull();
    clock.set('2027-09-15T09:00:00+02:00');
    await requests.anonymiseDue(office);
    expect((await rowOf(same.id)).anonymisedAt).not.toBeNull();
  });
});

test('once it is anonymised no address is kept of anybody, in notices neither', async () => {
  const { id, reference, email } = await send();
  await follow(reference, 'mireia@example.cat');
  await step(id, { step: 'answer', words: 'Ja va' });
  clock.set('2027-06-01T09:00:00+02:00');
  await requests.anonymiseDue(office);
  const kept = await keptOf(id);
  for (const each of [email, 'mireia@example.cat', 'Rosa', 'Fa dies'])
    expect(kept).not.toContain(each);
});

test('what its person writes makes it another version: who decides has read it', async () => {
  const { id, own } = await send();
  const { version: seen } = await rowOf(id);
  await requests.say(own, office, id, 'Ja funciona, no vingueu');
  expect(
    await requests.step(coordinator, office, id, { step: 'answer', words: 'Vindrem', seen }),
  ).toEqual({ ok: false, reason: 'changed' });
});
