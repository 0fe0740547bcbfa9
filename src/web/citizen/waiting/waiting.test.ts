import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createOffering } from '../../../features/booking/wait-list/service.ts';
import { testUnit } from '../../../features/foundation/audit/testing.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { installationKey } from '../../../lib/secrets.ts';
import {
  bookThrough,
  faultsOf,
  type Page,
  type TestTown,
  TIMES,
  testTown,
  WEDNESDAY,
} from '../testing.ts';

/** Half an hour after the town's clock starts: offers are made. */
const NINE = '2026-11-25T09:00:00+01:00';

let town: TestTown;
beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());
beforeEach(() => town.clock.set(WEDNESDAY));

const ANNA = {
  name: 'Anna Vila',
  phone: '612 345 678',
  email: 'anna@example.cat',
  whom: 'self',
  anything: 'no',
};

let people = 0;
/** Returns a new person: one person gets one offer at a time. */
const someone = () => {
  people++;
  return { ...ANNA, email: `anna-${people}@example.cat`, phone: `60000000${people}` };
};

/** Books the last time on the page. Returns the address of the appointment's page. */
async function book(path: string, details: Record<string, string>): Promise<string> {
  return (await bookThrough(town, details, { times: path, nth: -1 })).manage;
}

const pass = () =>
  createOffering({
    ...town.deps,
    database: town.database,
    key: installationKey(Buffer.alloc(32, 7)),
    unit: testUnit(town.database.kysely, town.clock),
  }).pass();

const offerIn = (html: string): string => /name="offer" value="([^"]+)"/.exec(html)?.[1] ?? '';

const rows = (table: 'wait_list' | 'offer') =>
  within(town.database.kysely, INSTALLATION, (tx) => tx.selectFrom(table).selectAll().execute());

describe.each(LANGUAGES)('in %s', (language) => {
  test('every page of waiting is good HTML and says its language', async () => {
    const pages: Page[] = [];
    const see = (page: Page) => {
      pages.push(page);
      return page;
    };
    const person = { ...ANNA, email: `anna-${language}@example.cat` };
    const times = `/${language}/oac/volant-padro/times?channel=phone&language=ca`;
    const wait = `/${language}/oac/volant-padro/waiting?channel=phone&language=ca`;
    const manage = await book(times, person);
    see(await town.get(wait));
    see(await town.post(wait, { name: '', email: 'x', 'day-day': '40' }));
    see(await town.post(wait, { ...person, 'day-day': '1', 'day-month': '1', 'day-year': '2020' }));
    see(await town.get(`${manage}/earlier`));
    see(
      await town.post(`${manage}/earlier`, { 'day-day': '9', 'day-month': '9', 'day-year': '30' }),
    );
    const waiting = see(await town.submit(`${manage}/earlier`, { part: 'any' }));
    see(await town.get(`${waiting.path}/leave`));
    town.clock.set(NINE);
    await pass();
    const offer = see(await town.get(waiting.path));
    see(await town.submit(waiting.path, { answer: 'decline', offer: offerIn(offer.html) }));
    await pass();
    const second = await town.get(waiting.path);
    expect(offerIn(second.html)).not.toBe('');
    town.clock.advance({ minutes: 61 });
    see(await town.get(waiting.path));
    see(await town.submit(`${waiting.path}/leave`, {}));
    see(await town.get(`/${language}/waiting/unknown`));
    for (const page of pages) {
      expect(page.html, page.path).toContain(`<html lang="${language}"`);
      expect(page.html, page.path).not.toContain('style="');
      expect(page.html.match(/<h1>/g), page.path).toHaveLength(1);
      expect({ path: page.path, faults: await faultsOf(page.html) }).toEqual({
        path: page.path,
        faults: [],
      });
    }
  });
});

test('opening changes nothing, as mail scanners do it', async () => {
  const manage = await book(TIMES, someone());
  const waiting = await town.submit(`${manage}/earlier`, {});
  town.clock.set(NINE);
  await pass();
  const before = [await rows('wait_list'), await rows('offer')];
  for (const page of ['', '/leave']) await town.get(`${waiting.path}${page}`);
  await town.get(`${manage}/earlier`);
  expect([await rows('wait_list'), await rows('offer')]).toEqual(before);
});

test('yes leads to the appointment at its new time, also when it is pressed twice or reached by going back', async () => {
  const manage = await book(TIMES, someone());
  const waiting = await town.submit(`${manage}/earlier`, {});
  town.clock.set(NINE);
  await pass();
  const page = await town.get(waiting.path);
  expect(page.html).toContain('Tenim una hora per a tu');
  const answer = { answer: 'accept', offer: offerIn(page.html) };
  for (let times = 0; times < 2; times++)
    expect(await town.post(waiting.path, answer)).toMatchObject({
      status: 303,
      path: `${manage}?done=moved`,
    });
  expect(await town.get(waiting.path)).toMatchObject({ status: 303, path: manage });
});

test('the mail program’s own button leaves the list (RFC 8058)', async () => {
  const manage = await book(TIMES, someone());
  const waiting = await town.submit(`${manage}/earlier`, {});
  const left = await town.submit(`${waiting.path}/leave`, { 'List-Unsubscribe': 'One-Click' });
  expect(left.html).toContain('Ja no ets a la llista d’espera');
  expect((await town.get(`${manage}/earlier`)).html).toContain('Apunta’m a la llista');
});

test('a person without an appointment sets an end; the form sent twice is one entry', async () => {
  const path = '/ca/oac/volant-padro/waiting?channel=phone&language=ca';
  const once = /name="once" value="([^"]+)"/.exec((await town.get(path)).html)?.[1] ?? '';
  const wrong = await town.post(path, { ...ANNA, once });
  expect(wrong.status).toBe(422);
  expect(wrong.html).toContain('Escriu fins a quin dia et serveix');
  expect(wrong.html).toContain('Anna Vila');
  expect(wrong.html).toContain(`value="${once}"`);
  const form = {
    ...{ ...ANNA, email: 'berta@example.cat', phone: '600 111 222', once },
    ...{ 'day-day': '9', 'day-month': '12', 'day-year': '2026', part: 'afternoon' },
  };
  const [one, two] = await Promise.all([town.post(path, form), town.post(path, form)]);
  expect(one.status).toBe(303);
  expect(two.path).toBe(one.path);
  const mine = (await rows('wait_list')).filter((each) => each.email === 'berta@example.cat');
  expect(mine).toMatchObject([{ last_day: '2026-12-09', part: 'afternoon' }]);
});

test('a browser with a console session can’t answer in their name', async () => {
  const manage = await book(TIMES, someone());
  const waiting = await town.submit(`${manage}/earlier`, {});
  town.clock.set(NINE);
  await pass();
  const offer = offerIn((await town.get(waiting.path)).html);
  const before = await rows('offer');
  const { staff } = town.deps;
  const { session } = staff;
  staff.session = async () => ({}) as never;
  try {
    for (const answer of ['accept', 'decline'])
      expect((await town.post(waiting.path, { answer, offer })).status).toBe(403);
    expect((await town.post(`${waiting.path}/leave`, {})).status).toBe(403);
  } finally {
    staff.session = session;
  }
  expect(await rows('offer')).toEqual(before);
});

test('another entry’s secret opens nothing', async () => {
  expect((await town.get('/ca/waiting/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')).status).toBe(404);
  expect((await town.post('/ca/waiting/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/leave', {})).status).toBe(
    404,
  );
});
