import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { handClock } from '../../../lib/clock.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { createOffices } from '../offices/service.ts';
import { testOffice } from '../offices/testing.ts';
import { createNoticeWorker, type NoticeWorker } from './jobs.ts';
import { createLinks } from './links.ts';
import { isReached, noticesOwed } from './rules.ts';
import { oweOne, rowOf } from './testing/owing.ts';

const NOON = '2026-12-01T11:00:00Z';
const clock = handClock(NOON);
const key = installationKey(Buffer.alloc(32, 7));
const links = createLinks({
  appointments: {
    manageUrl: () => 'https://cita.example/ca/appointment/s',
    shortManageUrl: () => 'https://cita.example/s/s',
  },
  keys: { links: key, codes: key },
  baseUrl: 'https://cita.example',
});

let database: TestDatabase;
let office: number;
let other: number;
let sent: string[] = [];
let warned: object[] = [];
const workers: NoticeWorker[] = [];

beforeAll(async () => {
  database = await testDatabase();
  office = await testOffice(database.kysely);
  other = await testOffice(database.kysely, { code: 'hisenda' });
});
afterAll(() => database.close());
afterEach(async () => {
  await Promise.all(workers.splice(0).map((each) => each.stop()));
  [sent, warned] = [[], []];
  clock.set(NOON);
  await database.asOwner('delete from notice');
});

function worker(smsLimits: { prefixes: string[]; perDay: number }): NoticeWorker {
  const send = async ({ to }: { to: string }) => {
    sent.push(to);
    return { ok: true } as const;
  };
  const made = createNoticeWorker({
    ...{ database, offices: createOffices(database.kysely), links, key, clock, smsLimits },
    transports: { sms: { send, close: () => {} }, email: { send, close: () => {} } },
    log: { info: () => {}, warn: (what) => void warned.push(what), error: () => {} },
  });
  workers.push(made);
  return made;
}

let people = 0;
const owe = (of = office, phone = `+346000001${10 + people++}`) =>
  oweOne(database.kysely, { office: of, now: clock.now(), citizen: { email: null, phone } });
const row = (id: string) => rowOf(database.kysely, id);

test.each([
  ['+34600000001', [], true],
  ['+34600000001', ['+376', '+34'], true],
  ['+376312345', ['+34', '+376'], true],
  ['+34931234567', [], false],
  ['+88213000000', ['+34', '+376'], false],
  ['+33412345678', ['+34'], false],
])('an SMS to %s, where they go to %j: %s', (phone, prefixes, is) => {
  expect(isReached(phone, prefixes)).toBe(is);
});

test('a number that none are sent to fails with its reason, and is warned of once a day', async () => {
  const one = worker({ prefixes: ['+34'], perDay: 100 });
  const bad = [await owe(office, '+376312345'), await owe(office, '+376312346')];
  const good = await owe();
  await one.drain();
  for (const { id } of bad)
    expect(await row(id)).toMatchObject({ last_error: 'abroad', sent_at: null, dropped_at: null });
  expect((await row(bad[0]!.id)).failed_at?.toString()).toBe(NOON);
  expect((await row(good.id)).sent_at?.toString()).toBe(NOON);
  expect(warned).toEqual([{ code: 'abroad' }]);
  clock.advance({ hours: 24 });
  await owe(office, '+376312347');
  await one.drain();
  expect(warned).toHaveLength(2);
});

test('so many a day of all offices and workers together; mails aren’t counted, news of the office go out', async () => {
  const limits = { prefixes: [], perDay: 5 };
  const ids: string[] = [];
  for (let nth = 0; nth < 12; nth++) ids.push((await owe(nth % 2 ? office : other)).id);
  await oweOne(database.kysely, { office, now: clock.now() });
  await Promise.all([1, 2, 3].map(() => worker(limits).drain()));
  expect(sent.filter((each) => each.startsWith('+'))).toHaveLength(5);
  expect(sent).toContain('marta@example.org');
  const rows = await Promise.all(ids.map(row));
  expect(rows.filter((each) => each.last_error === 'spent' && each.failed_at)).toHaveLength(7);

  const phone = '+34600000999';
  await oweOne(database.kysely, {
    ...{ office, now: clock.now(), citizen: { email: null, phone } },
    drafts: (of) => noticesOwed('cancellation', of, clock.now(), { by: 'office' }),
  });
  await worker(limits).drain();
  expect(sent).toContain(phone);
  clock.advance({ hours: 24 });
  const { id } = await owe();
  await worker(limits).drain();
  expect((await row(id)).sent_at).not.toBeNull();
});
