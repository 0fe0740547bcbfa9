import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { digitsOf } from '../../../domain/one-time-code.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { identified } from '../../testing/identified.ts';
import {
  bookThrough,
  faultsOf,
  MARIA,
  startsIn,
  type TestTown,
  TIMES,
  testTown,
} from '../testing.ts';

const key = installationKey(Buffer.alloc(32, 7));
const say = translateTo('ca');
let town: TestTown;
let nth = 0;

beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());
afterEach(() => {
  vi.restoreAllMocks();
});

/** Somebody new, with a mobile and an e-mail address. */
const someone = () => ({
  ...MARIA,
  phone: `612 34 ${5000 + ++nth}`,
  email: `n${nth}@example.cat`,
});
const book = async (details = someone()) => (await bookThrough(town, details, { nth: -1 })).manage;
const appointmentOf = async (manage: string) =>
  (await town.deps.appointments.bySecret(manage.split('/').at(-1) ?? ''))!;

/** The notices of an appointment, the last ones first. */
const noticesOf = async (manage: string) => {
  const { id } = await appointmentOf(manage);
  return within(town.database.kysely, INSTALLATION, (tx) =>
    tx
      .selectFrom('notice')
      .select(['kind', 'channel', 'facts'])
      .where('appointment_id', '=', id)
      .where('dropped_at', 'is', null)
      .orderBy('created_at', 'desc')
      .execute(),
  );
};

/** Types a code; returns the cookie of the browser, and the way by which the code went. */
async function prove(manage: string) {
  await town.post(`${manage}/documents/code`, { next: 'notices' });
  const code = (await noticesOf(manage)).find(({ kind }) => kind === 'code');
  const digits = digitsOf(key, String((code?.facts as { code?: string } | undefined)?.code));
  const done = await town.post(`${manage}/documents/code`, { next: 'notices', code: digits });
  const cookie = done.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return { cookie, leadsTo: done.path, by: code?.channel };
}

const choose = (manage: string, cookie: string, by: string) =>
  town.send(`${manage}/notices`, {
    method: 'POST',
    headers: { cookie },
    body: new URLSearchParams({ by }),
  });

describe.each(LANGUAGES)('the way of messages, in %s', (language) => {
  const say = translateTo(language);

  test('is said on the page, and changed once a code was typed', async () => {
    const manage = (await book()).replace('/ca/', `/${language}/`);
    const page = await town.get(manage);
    const { email } = (await appointmentOf(manage)).citizen;
    expect(page.html).toContain(say('noticesBy.goes.email', { address: email ?? '' }));
    expect((await town.get(`${manage}/notices`)).path).toContain('/documents/code?next=notices');
    const { cookie, leadsTo } = await prove(manage);
    expect(leadsTo).toBe(`${manage}/notices`);
    const choice = await town.get(`${manage}/notices`, { cookie });
    expect(await faultsOf(choice.html)).toEqual([]);
    const done = await choose(manage, cookie, 'sms');
    const after = await town.get(done.path, { cookie });
    expect(after.html).toContain(say('manage.done.notices'));
    expect(after.html).toContain('SMS');
    expect(await faultsOf(after.html)).toEqual([]);
    expect((await appointmentOf(manage)).noticesBy).toBe('sms');
  });
});

test('codes still go to the mobile: a mailbox with a link opens no document', async () => {
  const manage = await book();
  const { cookie, by } = await prove(manage);
  expect(by).toBe('sms');
  await choose(manage, cookie, 'sms');
  town.clock.advance({ minutes: 2 });
  expect((await prove(manage)).by).toBe('sms');
});

test('with the link alone nothing changes', async () => {
  const manage = await book();
  expect((await choose(manage, '', 'sms')).path).toContain('/documents/code?next=notices');
  expect((await appointmentOf(manage)).noticesBy).toBeNull();
});

test('an answer that is none asks again', async () => {
  const manage = await book();
  const { cookie } = await prove(manage);
  expect((await choose(manage, cookie, 'pigeon')).path).toBe(`${manage}/notices`);
  expect((await appointmentOf(manage)).noticesBy).toBeNull();
});

test('nobody is asked who has one way only, or where the town sends no SMS', async () => {
  const one = await book({ ...someone(), email: '' });
  expect((await town.get(one)).html).not.toContain(say('noticesBy.change'));
  expect((await town.get(`${one}/notices`)).path).toBe(one);
  const both = await book();
  vi.spyOn(town.deps.linkRecovery, 'isReached').mockReturnValue(false);
  expect((await town.get(both)).html).not.toContain(say('noticesBy.change'));
  expect((await choose(both, '', 'sms')).path).toBe(both);
});

test('what an identified person chose in their folder counts for what they book, and the check says it', async () => {
  const rosa = await identified(town, '12345678Z');
  await rosa.post('/ca/folder/preferences', { called: '', language: '', notices: 'sms' });
  const page = await rosa.get('/ca/folder/preferences?done');
  expect(page.html).toMatch(/value="sms"[^>]*checked|checked[^>]*value="sms"/);
  expect(await faultsOf(page.html)).toEqual([]);
  const [start = ''] = startsIn((await rosa.get(TIMES)).html);
  const asked = await rosa.post(TIMES, { start });
  const check = await rosa.post(asked.path, someone());
  expect((await rosa.get(check.path)).html).toContain('t’enviarem un SMS');
  const done = await rosa.post(check.path, {});
  const manage = done.path.replace('/confirmed', '');
  expect((await appointmentOf(manage)).noticesBy).toBe('sms');
  const confirmation = (await noticesOf(manage)).find(({ kind }) => kind === 'confirmation');
  expect(confirmation?.channel).toBe('sms');
});
