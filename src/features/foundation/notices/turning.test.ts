import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { createOffices } from '../offices/service.ts';
import { testOffice } from '../offices/testing.ts';
import type { Delivery } from '../outbox/types.ts';
import { createNoticeWorker, type NoticeWorker } from './jobs.ts';
import { createLinks } from './links.ts';
import { noticesOwed } from './rules.ts';
import { oweOne } from './testing/owing.ts';
import type { NoticeKind, Transports } from './types.ts';

const clock = handClock('2026-12-01T11:00:00Z');
const key = installationKey(Buffer.alloc(32, 7));
const MANAGE = 'https://cita.example/ca/appointment/s';
const links = createLinks({
  appointments: { manageUrl: () => MANAGE, shortManageUrl: () => 'https://cita.example/s/s' },
  keys: { links: key, codes: key },
  baseUrl: 'https://cita.example',
});
const EMAIL = 'rosa@example.cat';
const PHONE = '+34600000001';
const REFUSED = { ok: false, permanent: true, answered: true, code: 'no', reason: 'no' } as const;

let database: TestDatabase;
let office: number;
let sent: string[] = [];
let worker: NoticeWorker | null = null;

beforeAll(async () => {
  database = await testDatabase();
  office = await testOffice(database.kysely);
});
afterAll(() => database.close());
afterEach(async () => {
  await worker?.stop();
  sent = [];
  await database.asOwner('delete from notice');
});

/** Owes a notice to a citizen who chose SMS. */
const owe = (email: string | null, kind: NoticeKind = 'confirmation') =>
  oweOne(database.kysely, {
    ...{ office, now: clock.now(), citizen: { email, phone: PHONE } },
    drafts: (appointment) =>
      noticesOwed(kind, { ...appointment, noticesBy: 'sms' }, clock.now(), { code: 'c' }),
  });

const transportTo = (delivery: Delivery) => ({
  send: async ({ to }: { to: string }) => {
    sent.push(to);
    return delivery;
  },
  close: () => {},
});

/** Sends what is due, twice: what was turned is due at once. */
async function send(sms: Transports['sms'], smsLimits = { prefixes: ['+34'], perDay: 100 }) {
  worker = createNoticeWorker({
    ...{ database, offices: createOffices(database.kysely), links, key, clock, smsLimits },
    transports: { ...(sms && { sms }), email: transportTo({ ok: true }) },
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
  await worker.drain();
  await worker.drain();
}

const rows = () =>
  within(database.kysely, INSTALLATION, (tx) =>
    tx
      .selectFrom('notice')
      .select(['id', 'channel', 'recipient', 'failed_at', 'sent_at'])
      .execute(),
  );

test('a notice goes by SMS to whoever chose it', async () => {
  await owe(EMAIL);
  await send(transportTo({ ok: true }));
  expect(sent).toEqual([PHONE]);
});

test('an SMS that is refused for good goes by e-mail, under another id; without an address it stays failed', async () => {
  const { id } = await owe(EMAIL);
  await owe(null);
  await send(transportTo(REFUSED));
  expect(sent.toSorted()).toEqual([PHONE, PHONE, EMAIL]);
  const [mail, failed] = (await rows()).toSorted((a, b) => a.channel.localeCompare(b.channel));
  expect(mail).toMatchObject({ channel: 'email', recipient: EMAIL, failed_at: null });
  expect(mail?.sent_at).not.toBeNull();
  expect(mail?.id).not.toBe(id);
  expect(failed).toMatchObject({ channel: 'sms', recipient: PHONE, sent_at: null });
  expect(failed?.failed_at).not.toBeNull();
});

test.each([
  ['abroad', { prefixes: ['+33'], perDay: 100 }],
  ['beyond what is sent in a day', { prefixes: [], perDay: 0 }],
])('an SMS %s goes by e-mail', async (_, limits) => {
  await owe(EMAIL);
  await send(transportTo({ ok: true }), limits);
  expect(sent).toEqual([EMAIL]);
});

test('where the town sends no SMS any more, what is due goes by e-mail', async () => {
  await owe(EMAIL);
  await owe(null);
  await send(undefined);
  expect(sent).toEqual([EMAIL]);
  expect((await rows()).map(({ channel }) => channel).toSorted()).toEqual(['email', 'sms']);
});

test('a code goes nowhere else: it takes another way than the link', async () => {
  await owe(EMAIL, 'code');
  await send(transportTo(REFUSED));
  expect(sent).toEqual([PHONE]);
});
