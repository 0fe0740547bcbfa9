import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
import type { AskedStep } from './working/types.ts';

const SETTINGS = withRequests();
for (const team of SETTINGS.teams) if (team.code === 'brigada') team.people.push('p1@example.cat');

const clock = handClock('2027-02-01T09:00:00+01:00');
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
  await within(db, '*', (tx) =>
    sql`insert into staff (email, name, user_id) values ('p1@example.cat', 'P1', 'u1')`.execute(tx),
  );
  await setAtWork(true);
  nuria = { ...staffOf(office, 'agent', 1), otherTeams: ['brigada-eres'] };
});
afterAll(() => database.close());

/** Has Núria work in the office, or nobody. */
const setAtWork = (isAtWork: boolean) =>
  within(database.kysely, '*', (tx) =>
    (isAtWork
      ? sql`insert into staff_role (office_id, staff_id, role) values (${office.id}, 1, 'agent')`
      : sql`delete from staff_role`
    ).execute(tx),
  );

/** Somebody sends a request of the team `brigada`, and wants to be called or to get e-mails. */
async function send(tellBy: 'call' | 'email' = 'call') {
  const { id } = (await requests.begin(office, { type: 'fanal', language: 'ca' }))!;
  const own = requesterOf(id);
  const place = { point: { lat: 41.55, lon: 2.15 }, address: '', area: null };
  await requests.writePlace(own, office, id, place);
  await requests.writeText(own, office, id, { text: 'No va', answers: {} });
  await requests.writeContact(own, office, id, {
    ...{ tellBy, isAnonymous: false, name: 'Rosa' },
    ...(tellBy === 'call'
      ? { phone: '93 555 12 12', email: '' }
      : { phone: '', email: 'rosa@example.cat' }),
  });
  const sent = await requests.send(own, office, id);
  if (!sent.ok) throw new Error(sent.reason);
  return { id, own, reference: sent.row.reference };
}

const at = (day: string, hour = '09:00') => clock.set(`${day}T${hour}:00+01:00`);
const rowOf = async (id: string) => (await requests.own(requesterOf(id), office, id))!.row;
const isOwed = async (id: string) => (await rowOf(id)).callOwedAt !== null;
const step = async (id: string, name: AskedStep['step'], more: Partial<AskedStep> = {}) =>
  requests.step(nuria, office, id, { step: name, seen: (await rowOf(id)).version, ...more });
const call = async (id: string) =>
  requests.called(nuria, office, id, { seen: (await rowOf(id)).version });
const toCall = async () => {
  const page = (await requests.inbox(nuria, office, { group: 'call' }, null))!;
  expect(page.counts.call).toBe(page.rows.length);
  return page.rows.map(({ id, owesCall }) => [id, owesCall]);
};
const mails = () =>
  within(database.kysely, '*', async (tx) => {
    const rows = await tx
      .selectFrom('staff_mail')
      .select('facts')
      .where('kind', '=', 'requests_waiting')
      .orderBy('created_at')
      .execute();
    return rows.map(({ facts }) => facts as { late: number; asked: number; call: number });
  });

describe('a call that is owed', () => {
  test('is in the inbox, also when its request is closed, and in one mail of the next morning', async () => {
    at('2027-02-01');
    const answered = await send();
    const asked = await send();
    const told = await send('email');
    await step(answered.id, 'answer', { words: 'Fet' });
    await step(asked.id, 'ask', { words: 'On és?' });
    await step(told.id, 'answer', { words: 'Fet' });
    // What has a term comes first; a question has none.
    expect(await toCall()).toEqual([
      [answered.id, true],
      [asked.id, true],
    ]);
    const open = await requests.inbox(nuria, office, { group: 'open' }, null);
    expect(open?.rows.map(({ id, owesCall }) => [id, owesCall])).toEqual([[asked.id, true]]);
    // Whoever answers calls at once, and gets no mail about it on the same day.
    expect(await requests.remind()).toBe(0);
    await call(asked.id);
    expect(await toCall()).toEqual([[answered.id, true]]);
    at('2027-02-02');
    expect([await requests.remind(), await requests.remind()]).toEqual([1, 0]);
    expect(await mails()).toEqual([{ office: office.code, late: 0, asked: 0, call: 1 }]);
    await call(answered.id);
    expect(await toCall()).toEqual([]);
    // An office with nothing open is told too.
    await within(database.kysely, '*', (tx) =>
      sql`update request set state = 'refused', closed_at = now() where closed_at is null`.execute(
        tx,
      ),
    );
    const last = await send();
    await step(last.id, 'answer', { words: 'Fet' });
    at('2027-02-03');
    expect(await requests.remind()).toBe(1);
    await call(last.id);
  });

  test('is not forgotten where nobody works who is told of it', async () => {
    at('2027-02-08');
    const { id } = await send();
    await step(id, 'answer', { words: 'Fet' });
    await setAtWork(false);
    at('2027-02-09');
    expect(await requests.remind()).toBe(0);
    await setAtWork(true);
    at('2027-02-10');
    expect(await requests.remind()).toBe(1);
    await call(id);
  });

  test('tells of the last time too, and the days for an answer count from it', async () => {
    at('2027-03-01');
    const { id, own } = await send();
    await step(id, 'ask', { words: 'On és?' });
    await call(id);
    at('2027-03-16');
    await requests.remind();
    expect(await isOwed(id)).toBe(true);
    expect((await requests.own(own, office, id))?.lapsesAfter).toBeNull();
    at('2027-03-31');
    // Nobody has called: it can't be closed for want of an answer.
    expect(await step(id, 'lapse')).toEqual({ ok: false, reason: 'not_now' });
    await call(id);
    expect((await requests.own(own, office, id))?.lapsesAfter?.toString()).toBe('2027-04-14');
    expect(await step(id, 'lapse')).toEqual({ ok: false, reason: 'not_now' });
    at('2027-04-15');
    expect(await step(id, 'lapse')).toMatchObject({ ok: true });
    await call(id);
  });

  test('comes again to whose request was merged, when the other one is answered', async () => {
    at('2027-05-03');
    const [merged, stays] = [await send(), await send('email')];
    await step(merged.id, 'merge', { target: stays.reference });
    expect(await isOwed(merged.id)).toBe(true);
    await call(merged.id);
    await step(stays.id, 'begin');
    expect(await isOwed(merged.id)).toBe(false);
    await step(stays.id, 'answer', { words: 'Fet' });
    expect(await toCall()).toEqual([[merged.id, true]]);
    await call(merged.id);
  });

  test('ends when its person has read the news, goes, or nothing is kept of them any more', async () => {
    at('2027-06-01');
    const [says, takesBack, leaves, old] = [await send(), await send(), await send(), await send()];
    await step(says.id, 'ask', { words: 'On és?' });
    await step(takesBack.id, 'ask', { words: 'On és?' });
    await step(leaves.id, 'ask', { words: 'On és?' });
    const follow = { tellBy: 'page', email: '', phone: '', language: 'ca' } as const;
    expect(await requests.follow(office, leaves.reference, follow)).toMatchObject({ ok: true });
    await step(old.id, 'answer', { words: 'Fet' });
    expect(await toCall()).toHaveLength(4);
    await requests.say(says.own, office, says.id, 'A la plaça');
    await requests.withdraw(takesBack.own, office, takesBack.id);
    await requests.withdraw(leaves.own, office, leaves.id);
    expect((await rowOf(leaves.id)).leftAt).not.toBeNull();
    expect(await toCall()).toEqual([[old.id, true]]);
    at('2029-01-01');
    await requests.anonymiseDue(office);
    expect(await toCall()).toEqual([]);
  });
});
