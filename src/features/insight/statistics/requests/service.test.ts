import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Office } from '../../../../domain/office/types.ts';
import { handClock } from '../../../../lib/clock.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import { createOffices } from '../../../foundation/offices/service.ts';
import { testOffice } from '../../../foundation/offices/testing.ts';
import { staffOf } from '../../../service/cases/testing.ts';
import type { Requests } from '../../../service/requests/service.ts';
import {
  requesterOf,
  TEST_AREAS,
  testRequests,
  withRequests,
} from '../../../service/requests/testing.ts';
import { createOpenRequests, publishRequests } from './service.ts';

const clock = handClock('2027-01-04T09:00:00+01:00');
let database: TestDatabase;
let office: Office;
let requests: Requests;

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  office = await createOffices(db).byId(await testOffice(db, { settings: withRequests() }));
  requests = testRequests(database, clock);
});
afterAll(() => database.close());

const publishOn = (day: string) =>
  publishRequests(
    { db: database.kysely, offices: { areas: async () => TEST_AREAS } },
    office,
    Temporal.PlainDate.from(day),
    clock.now(),
  );

async function send() {
  const { id } = (await requests.begin(office, { type: 'fanal', language: 'ca' }))!;
  const own = requesterOf(id);
  const place = { point: { lat: 41.55, lon: 2.15 }, address: '', area: null };
  await requests.writePlace(own, office, id, place);
  await requests.writeText(own, office, id, { text: 'No va', answers: {} });
  const nobody = { tellBy: 'page', isAnonymous: true, name: '', email: '', phone: '' };
  await requests.writeContact(own, office, id, nobody);
  await requests.send(own, office, id);
  return { id, own };
}

test('a month is published once it is over, and never again', async () => {
  const coordinator = staffOf(office, 'coordinator', 2);
  const open = createOpenRequests({ db: database.kysely, clock });
  const made = [await send(), await send(), await send(), await send(), await send(), await send()];
  const taken = made[5]!;
  await requests.withdraw(taken.own, office, taken.id);
  clock.set('2027-01-14T23:30:00+01:00');
  for (const { id } of made.slice(0, 3)) {
    const seen = (await requests.work(coordinator, office, id))!.row.version;
    await requests.step(coordinator, office, id, { step: 'answer', seen, words: 'Fet' });
  }
  clock.set('2027-01-20T09:00:00+01:00');
  await requests.reopen(made[0]!.own, office, made[0]!.id, 'Torna a no anar');
  // It came on the last evening here, which is the month before in UTC too.
  clock.set('2027-02-01T00:30:00+01:00');
  await send();

  await publishOn('2027-02-03');
  expect(await open.requestEdition(office)).toBeNull();
  await publishOn('2027-02-10');
  const edition = await open.requestEdition(office);
  expect([edition?.first, edition?.last, edition?.months]).toEqual(['2027-01-01', '2027-01-01', 1]);
  const { rows } = await open.openRequests(office);
  const value = (indicator: string, kind: string | null, type: string | null, area?: string) =>
    rows.find(
      (each) =>
        each.indicator === indicator &&
        each.kind === kind &&
        each.type === type &&
        each.area === (area ?? null),
    )?.value;
  // Every street light is on the public list, but one whose person took it back.
  expect(value('requests', 'incident', 'fanal')).toBe(5);
  expect(value('requestsClosed', 'incident', 'fanal')).toBe(3);
  expect(value('requestDays', 'incident', 'fanal')).toBe(10);
  expect(value('requestWorkingDays', 'incident', 'fanal')).toBe(8);
  expect(value('requestsReopened', 'incident', 'fanal')).toBe(1);
  // A complaint is on no list: whoever knows the whole would find that there was none.
  expect(value('requests', 'complaint', null)).toBeNull();
  expect(value('requests', null, null)).toBeNull();
  await publishOn('2027-02-10');
  expect((await open.openRequests(office)).rows.length).toBe(rows.length);
  await publishOn('2027-03-10');
  expect((await open.requestEdition(office))?.last).toBe('2027-02-01');
});

test('whoever coordinates reads how many came, were closed in time, and after how many working days', async () => {
  const figures = createOpenRequests({ db: database.kysely, clock });
  const coordinator = staffOf(office, 'coordinator', 2);
  const days = (from: string, to: string) => ({
    from: Temporal.PlainDate.from(from),
    to: Temporal.PlainDate.from(to),
  });
  const year = days('2027-01-01', '2027-02-28');
  const found = await figures.requests(coordinator, office, year);
  const counts = {
    ...{ came: 6, open: 4, closed: 3, withTerm: 2, inTime: 2, reopened: 1 },
    // From Monday the 4th to Thursday of the week after.
    workingDays: 8,
  };
  expect(found?.type).toEqual([{ key: 'fanal', counts }]);
  expect(found?.team).toEqual([{ key: 'brigada', counts }]);
  expect(found?.area).toEqual([{ key: 'centre', counts }]);
  expect(found?.month.map(({ key, counts: of }) => [key, of.came, of.closed])).toEqual([
    ['2027-01-01', 5, 3],
    ['2027-02-01', 1, 0],
  ]);
  // Of a span in which nothing was closed, what was closed before is not told.
  const later = await figures.requests(coordinator, office, days('2027-02-01', '2027-02-28'));
  expect(later?.type).toMatchObject([{ counts: { came: 1, closed: 0, workingDays: null } }]);
  for (const other of [staffOf(office, 'agent', 1), { ...coordinator, office: office.id + 1 }])
    expect(await figures.requests(other, office, year)).toBeNull();
});

test('who is late and asks before they answer is late in the figures', async () => {
  clock.set('2027-03-01T09:00:00+01:00');
  const { id } = await send();
  const coordinator = staffOf(office, 'coordinator', 2);
  const step = async (what: { step: 'ask' | 'answer'; words: string }) => {
    const seen = (await requests.work(coordinator, office, id))!.row.version;
    await requests.step(coordinator, office, id, { ...what, seen });
  };
  clock.set('2027-03-24T09:00:00+01:00');
  await step({ step: 'ask', words: 'Quin fanal?' });
  clock.set('2027-03-25T09:00:00+01:00');
  await step({ step: 'answer', words: 'Fet' });
  const [from, to] = [Temporal.PlainDate.from('2027-03-01'), Temporal.PlainDate.from('2027-03-31')];
  const found = await createOpenRequests({ db: database.kysely, clock }).requests(
    coordinator,
    office,
    {
      from,
      to,
    },
  );
  expect(found?.month).toMatchObject([{ counts: { closed: 1, withTerm: 1, inTime: 0 } }]);
});
