import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Office } from '../../../../domain/office/types.ts';
import { handClock } from '../../../../lib/clock.ts';
import { within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import { createOffices } from '../../../foundation/offices/service.ts';
import { testOffice } from '../../../foundation/offices/testing.ts';
import type { Requests } from '../service.ts';
import { requesterOf, testRequests, withRequests } from '../testing.ts';
import type { ShownPlace } from './types.ts';
import { publicQuery } from './views.ts';

const clock = handClock('2027-02-01T09:00:00+01:00');
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

async function send(type = 'fanal') {
  const { id } = (await requests.begin(office, { type, language: 'ca' }))!;
  const own = requesterOf(id);
  const place = { point: { lat: 41.55, lon: 2.15 }, address: '', area: null };
  await requests.writePlace(own, office, id, place);
  await requests.writeText(own, office, id, { text: 'No va', answers: {} });
  const nobody = { tellBy: 'page', isAnonymous: true, name: '', email: '', phone: '' };
  await requests.writeContact(own, office, id, nobody);
  const sent = await requests.send(own, office, id);
  if (!sent.ok) throw new Error(sent.reason);
  return { id, own, reference: sent.row.reference };
}

const pages = async (most: number) => {
  const seen: string[] = [];
  let behind: ShownPlace | null = null;
  do {
    const page = await requests.publicRequests(office, {}, { behind, most });
    seen.push(...page.requests.map(({ reference }) => reference));
    behind = page.next;
  } while (behind);
  return seen;
};

test('goes on page by page, the newest day first, and skips and doubles nothing', async () => {
  const days = new Map<string, string[]>();
  // The last one of a day comes when it is the day after in UTC, and before it.
  for (const at of [
    '2027-02-01T09:00',
    '2027-02-02T00:30',
    '2027-02-02T23:30',
    '2027-02-04T10:00',
  ]) {
    clock.set(`${at}:00+01:00`);
    const made = [await send(), await send('clot')].map(({ reference }) => reference);
    days.set(at.slice(0, 10), [...(days.get(at.slice(0, 10)) ?? []), ...made]);
  }
  const all = await pages(20);
  const dayOf = (reference: string) => [...days].find(([, each]) => each.includes(reference))?.[0];
  expect(all.map(dayOf)).toEqual(
    [...days].toReversed().flatMap(([day, each]) => each.map(() => day)),
  );
  expect(new Set(all).size).toBe(8);
  for (const most of [1, 2, 3, 8]) expect([most, await pages(most)]).toEqual([most, all]);
  // Where one is taken back meanwhile, the page behind it begins at the same place.
  const [first = ''] = all;
  const place = { day: Temporal.PlainDate.from('2027-02-04'), reference: first };
  const behind = await requests.publicRequests(office, {}, { behind: place, most: 20 });
  expect(behind.requests.map(({ reference }) => reference)).toEqual(all.slice(1));
  const day = {
    from: Temporal.PlainDate.from('2027-02-02'),
    to: Temporal.PlainDate.from('2027-02-02'),
  };
  const found = await requests.publicRequests(office, day, { page: 1, most: 20 });
  expect(new Set(found.requests.map(({ reference }) => reference))).toEqual(
    new Set(days.get('2027-02-02')),
  );
});

test('its sum and its dots are a minute old at most', async () => {
  const total = async () => (await requests.publicSummary(office, {})).total;
  const before = await total();
  await send();
  expect(await total()).toBe(before);
  expect((await requests.publicSummary(office, { isOpen: true })).total).toBe(before + 1);
  clock.advance({ seconds: 61 });
  expect(await total()).toBe(before + 1);
  const { dots } = await requests.publicSummary(office, {});
  expect(dots).toEqual([{ point: { lat: 41.55, lon: 2.15 }, requests: before + 1 }]);
});

test('the list is read by its index, and sorts nothing', async () => {
  const plan = await within(database.kysely, office.id, async (tx) => {
    await sql`set local enable_seqscan = off`.execute(tx);
    const place = { day: Temporal.PlainDate.from('2027-02-03'), reference: 'AAA' };
    const asked = { office: office.id, types: ['fanal', 'clot'] };
    const query = publicQuery(tx, asked, { behind: place, most: 25 });
    const steps = await query.explain();
    return steps.map((each) => JSON.stringify(each)).join(' ');
  });
  expect(plan).toContain('request_public');
  expect(plan).not.toMatch(/Seq Scan on request\b/);
});
