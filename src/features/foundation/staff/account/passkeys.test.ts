import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import { hashSecret } from '../../../../lib/secrets.ts';
import { createStaff, type Staff } from '../service.ts';
import { isRight, totpOf } from '../totp.ts';
import type { Caller, Cookies, DemoAccess, StaffSession } from '../types.ts';
import { softAuthenticator } from './testing.ts';

const NOW = Temporal.Instant.from('2026-11-24T09:00:00Z');
const BASE = 'https://cita.vilaclara.cat';
const RP = 'cita.vilaclara.cat';

let database: TestDatabase;
let staff: Staff;
let addresses = 0;

const caller = (cookie = ''): Caller => ({
  address: `192.0.2.${++addresses}`,
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:134.0) Gecko/20100101 Firefox/134.0',
  cookie,
});
const jar = (cookies: Cookies): string =>
  cookies
    .map((each) => each.split(';')[0] ?? '')
    .filter((each) => !each.endsWith('='))
    .join('; ');
const sessionOf = async (cookie: string): Promise<StaffSession> => {
  const found = await staff.session(new Headers({ cookie }));
  if (!found) throw new Error('nobody is signed in');
  return found;
};
const among = (sql: string, values: unknown[] = []) =>
  staff.transaction((client) => client.query(sql, values));
const trailOf = async (action: string) => {
  const { rows } = await among('select actor, data from public.audit where action = $1', [action]);
  return rows;
};

/** Somebody ready, signed in by password and code. */
async function member(email: string): Promise<{ cookie: string; access: DemoAccess }> {
  const roles = [{ office: 'oac', role: 'agent' as const }];
  const all = await staff.seedDemo([{ email, name: 'Marta Roca', roles }]);
  const access = all.find((each) => each.email === email);
  if (!access) throw new Error('no access');
  return { cookie: await signIn(access), access };
}

async function signIn(access: DemoAccess, cookie = ''): Promise<string> {
  await among('delete from used_code');
  const first = await staff.signIn(access.email, access.password, caller(cookie));
  if (!first.ok) throw new Error(first.reason);
  const code = totpOf('x', access.email, access.totpSecret).generate();
  const second = await staff.enterCode(code, caller(`${cookie}; ${jar(first.cookies)}`));
  if (!second.ok) throw new Error(second.reason);
  return jar(second.cookies);
}

/** The same with a passkey, and the telephone that has it. */
async function withPasskey(email: string, counter = 0) {
  const { cookie, access } = await member(email);
  const session = await sessionOf(cookie);
  const phone = softAuthenticator(BASE, RP, session.user);
  const { options } = (await staff.addOptions(session, caller(cookie))) ?? {};
  const answer = phone.create({ challenge: options?.challenge ?? '', counter });
  const added = await staff.addPasskey(session, { answer, name: 'Mòbil' }, caller(cookie));
  expect(added).toEqual({ ok: true });
  return { cookie, access, session, phone };
}

/** Asks for a challenge as a browser at the sign-in page does, with its cookie. */
async function asked(cookie = '') {
  const offered = await staff.passkeyOptions(caller(cookie));
  const { challenge } = offered?.options ?? {};
  if (!offered || !challenge) throw new Error('no challenge');
  return { challenge, browser: offered.cookies.length > 0 ? jar(offered.cookies) : cookie };
}

beforeAll(async () => {
  database = await testDatabase();
  const connection = database.connection;
  staff = createStaff({ connection, baseUrl: BASE, secret: 'of this test', issuer: 'Vilaclara' });
  await within(database.kysely, INSTALLATION, (tx) =>
    tx
      .insertInto('office')
      .values({ code: 'oac', position: 1, name: '{}', settings: '{}' })
      .execute(),
  );
});
afterAll(async () => {
  await staff.close();
  await database.close();
});

test('a passkey alone opens a session that has passed both factors, and is noted', async () => {
  const { phone, session } = await withPasskey('in@vilaclara.cat');
  const { challenge, browser } = await asked();
  const result = await staff.signInWithPasskey(phone.get({ challenge }), caller(browser));
  if (!result.ok) throw new Error('refused');
  expect(result.cookies.find((each) => each.includes('session_token='))).toMatch(
    /^__Host-.*Max-Age=43200.*HttpOnly.*Secure/,
  );
  const opened = await sessionOf(jar(result.cookies));
  expect(opened).toMatchObject({ staff: session.staff, offices: [{ code: 'oac' }] });
  expect(opened.id).not.toBe(session.id);
  const seen = await staff.account(opened);
  expect(seen.passkeys).toMatchObject([{ name: 'Mòbil', isBackedUp: false }]);
  expect(seen.passkeys[0]?.lastUsedAt).not.toBeNull();
  expect(seen.sessions).toHaveLength(2);
  expect(seen.sessions.find((each) => each.isThis)).toMatchObject({
    browser: 'Firefox',
    system: 'Linux',
    address: expect.stringMatching(/^192\.0\.2\./),
  });
  const { rows } = await among('select kind from public.staff_mail where staff_id = $1', [
    session.staff,
  ]);
  expect(rows).toEqual([{ kind: 'passkey_added' }]);
  expect(await trailOf('signed_in')).toContainEqual({
    actor: `staff:${session.staff}`,
    data: { how: 'passkey' },
  });
});

describe('a passkey is refused', () => {
  test('when its challenge was used, is another browser’s, for something else, or nobody’s', async () => {
    const { phone, session, cookie } = await withPasskey('replay@vilaclara.cat');
    const { challenge, browser } = await asked();
    const answer = phone.get({ challenge });
    expect(await staff.signInWithPasskey(answer, caller(''))).toEqual({ ok: false });
    const other = await asked();
    expect(await staff.signInWithPasskey(answer, caller(other.browser))).toEqual({ ok: false });
    expect((await staff.signInWithPasskey(answer, caller(browser))).ok).toBe(true);
    expect(await staff.signInWithPasskey(answer, caller(browser))).toEqual({ ok: false });

    const confirm = await staff.confirmOptions(session, caller(cookie));
    const wrong = phone.get({ challenge: confirm?.options.challenge ?? '' });
    expect(await staff.signInWithPasskey(wrong, caller(cookie))).toEqual({ ok: false });
    const made = phone.get({ challenge: Buffer.alloc(54).toString('base64url') });
    expect(await staff.signInWithPasskey(made, caller(browser))).toEqual({ ok: false });
  });

  test.each([
    ['of another origin', { origin: 'https://cita.vilaclara.evil.example' }],
    ['of another site', { rpId: 'evil.example' }],
    ['that recognised nobody by finger, face or PIN', { isVerified: false }],
    ['that says it is somebody else’s', { handle: 'somebody else' }],
  ])('%s', async (_, wrong) => {
    const { phone } = await withPasskey(`wrong-${++addresses}@vilaclara.cat`);
    const { challenge, browser } = await asked();
    const answer = phone.get({ challenge, ...wrong });
    expect(await staff.signInWithPasskey(answer, caller(browser))).toEqual({ ok: false });
    const good = phone.get({ challenge });
    expect((await staff.signInWithPasskey(good, caller(browser))).ok).toBe(true);
  });

  test('with another key than the one that was added', async () => {
    const { phone, session } = await withPasskey('key@vilaclara.cat');
    const { challenge, browser } = await asked();
    const other = softAuthenticator(BASE, RP, session.user);
    const forged = JSON.stringify({
      ...JSON.parse(other.get({ challenge })),
      id: phone.id,
    });
    expect(await staff.signInWithPasskey(forged, caller(browser))).toEqual({ ok: false });
    expect(await staff.signInWithPasskey(other.get({ challenge }), caller(browser))).toEqual({
      ok: false,
    });
  });

  test('once it was removed, by its owner alone', async () => {
    const { phone, session } = await withPasskey('gone@vilaclara.cat');
    const stranger = await sessionOf((await member('stranger@vilaclara.cat')).cookie);
    const id = (await staff.account(session)).passkeys[0]?.id ?? '';
    await staff.removePasskey(stranger, id);
    await staff.renamePasskey(stranger, id, 'Meva');
    expect((await staff.account(session)).passkeys).toMatchObject([{ name: 'Mòbil' }]);
    const stale = { ...session, confirmedAt: session.confirmedAt.subtract({ minutes: 11 }) };
    expect(await staff.removePasskey(stale, id)).toBe('stale');
    expect(await staff.removePasskey(session, id)).toBe('done');
    const { rows } = await among(
      'select kind from public.staff_mail where staff_id = $1 order by created_at desc limit 1',
      [session.staff],
    );
    expect(rows).toEqual([{ kind: 'passkey_removed' }]);
    const { challenge, browser } = await asked();
    const answer = phone.get({ challenge });
    expect(await staff.signInWithPasskey(answer, caller(browser))).toEqual({ ok: false });
  });

  test('of somebody retired, and of somebody without a role', async () => {
    const retired = await withPasskey('retired@vilaclara.cat');
    const idle = await withPasskey('idle@vilaclara.cat');
    await staff.retire('retired@vilaclara.cat', NOW);
    await among('delete from public.staff_role where staff_id = $1', [idle.session.staff]);
    for (const { phone } of [retired, idle]) {
      const { challenge, browser } = await asked();
      const answer = phone.get({ challenge });
      expect(await staff.signInWithPasskey(answer, caller(browser))).toEqual({ ok: false });
    }
  });

  test('that counts backwards, which is told', async () => {
    const { phone, session } = await withPasskey('copy@vilaclara.cat', 1);
    const use = async (counter: number) => {
      const { challenge, browser } = await asked();
      return (await staff.signInWithPasskey(phone.get({ challenge, counter }), caller(browser))).ok;
    };
    expect(await use(5)).toBe(true);
    expect(await use(5)).toBe(false);
    expect(await use(4)).toBe(false);
    expect(await use(6)).toBe(true);
    const told = { actor: 'system', data: { staff: session.staff } };
    expect(await trailOf('passkey_copied')).toEqual([told, told]);
  });
});

describe('adding one', () => {
  test('wants a second factor of the last minutes, a challenge of that person, and somebody recognised', async () => {
    const { cookie } = await member('add@vilaclara.cat');
    const session = await sessionOf(cookie);
    const phone = softAuthenticator(BASE, RP, session.user);
    const stale = { ...session, confirmedAt: session.confirmedAt.subtract({ minutes: 11 }) };
    expect(await staff.addOptions(stale, caller(cookie))).toBeNull();
    const offered = await staff.addOptions(session, caller(cookie));
    const challenge = offered?.options.challenge ?? '';
    expect(offered?.options).toMatchObject({
      rp: { id: RP },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    const add = (answer: string, who = session) =>
      staff.addPasskey(who, { answer, name: ' Telèfon   nou ' }, caller(cookie));
    const good = phone.create({ challenge });
    expect(await add(good, stale)).toEqual({ ok: false, reason: 'stale' });
    const other = await sessionOf((await member('add2@vilaclara.cat')).cookie);
    const refused = { ok: false, reason: 'refused' };
    expect(await add(good, other)).toEqual(refused);
    expect(await add(phone.create({ challenge, isVerified: false }))).toEqual(refused);
    expect(await add(phone.create({ challenge, origin: 'https://evil.example' }))).toEqual(refused);
    expect(await add('')).toEqual(refused);
    expect(await add(good)).toEqual({ ok: true });
    expect(await add(good)).toEqual(refused);
    const again = await staff.addOptions(session, caller(cookie));
    expect(again?.options.excludeCredentials).toMatchObject([{ id: phone.id }]);
    const twice = phone.create({ challenge: again?.options.challenge ?? '' });
    expect(await add(twice)).toEqual({ ok: false, reason: 'known' });
    expect((await staff.account(session)).passkeys).toMatchObject([{ name: 'Telèfon nou' }]);
  });
});

test('a passkey confirms who is signed in, and nobody else', async () => {
  const one = await withPasskey('confirm1@vilaclara.cat');
  const two = await withPasskey('confirm2@vilaclara.cat');
  const offered = await staff.confirmOptions(one.session, caller(one.cookie));
  const challenge = offered?.options.challenge ?? '';
  expect(offered?.options.allowCredentials).toMatchObject([{ id: one.phone.id }]);
  const confirm = (answer: string) =>
    staff.confirmWithPasskey(one.session, answer, caller(one.cookie));
  await among('update session set "confirmedAt" = now() - interval \'1 hour\'');
  expect(await confirm(two.phone.get({ challenge }))).toBe(false);
  expect(staff.isFresh(await sessionOf(one.cookie))).toBe(false);
  expect(await confirm(one.phone.get({ challenge }))).toBe(true);
  expect(staff.isFresh(await sessionOf(one.cookie))).toBe(true);
});

test('what has ended goes, though everybody comes in by passkey', async () => {
  const { phone, session } = await withPasskey('tidy@vilaclara.cat');
  await among(`update session set "expiresAt" = now() - interval '1 minute' where id = $1`, [
    session.id,
  ]);
  await among(
    `insert into spent_challenge (challenge_hash, expires_at) values ('over', now() - interval '1 minute')`,
  );
  const { challenge, browser } = await asked();
  const result = await staff.signInWithPasskey(phone.get({ challenge }), caller(browser));
  expect(result.ok).toBe(true);
  const left = await among('select from session where id = $1', [session.id]);
  const spent = await among(`select from spent_challenge where challenge_hash = 'over'`);
  expect([left.rowCount, spent.rowCount]).toEqual([0, 0]);
});

describe('strangers who guess', () => {
  /** Ten wrong passwords from one network, and as many from others as an account bears. */
  const besiege = async (email: string) => {
    const one = caller();
    for (let nth = 0; nth < 10; nth++) await staff.signIn(email, 'wrong wrong wrong', one);
    const name = `password ["${email}"]`;
    await among('update sign_in_failure set count = 99 where email_hash = $1', [hashSecret(name)]);
    await staff.signIn(email, 'wrong wrong wrong', caller());
  };

  test('shut out strangers, and neither the owner’s browser nor their passkey', async () => {
    const { phone, cookie, access } = await withPasskey('besieged@vilaclara.cat');
    await besiege(access.email);
    const { email, password } = access;
    expect(await staff.signIn(email, password, caller())).toMatchObject({ reason: 'too_many' });
    expect((await staff.signIn(email, password, caller(cookie))).ok).toBe(true);
    const { challenge, browser } = await asked();
    const answer = phone.get({ challenge });
    expect((await staff.signInWithPasskey(answer, caller(browser))).ok).toBe(true);
    const other = await member('neighbour@vilaclara.cat');
    expect(await staff.signIn(email, password, caller(other.cookie))).toMatchObject({
      reason: 'too_many',
    });
    expect(await trailOf('sign_in_locked')).toEqual([
      { actor: 'system', data: { what: 'password', staff: expect.any(Number) } },
    ]);
  });

  test('in the known browser itself are held to ten', async () => {
    const { cookie, access } = await withPasskey('shared@vilaclara.cat');
    for (let nth = 0; nth < 10; nth++)
      expect(await staff.signIn(access.email, 'wrong', caller(cookie))).toMatchObject({
        reason: 'refused',
      });
    expect(await staff.signIn(access.email, access.password, caller(cookie))).toMatchObject({
      reason: 'too_many',
    });
    expect((await staff.signIn(access.email, access.password, caller())).ok).toBe(true);
  });

  test('codes, once they have the password, shut out neither', async () => {
    const { phone, cookie, access } = await withPasskey('leaked@vilaclara.cat');
    const totp = totpOf('x', access.email, access.totpSecret);
    const wrong = ['111111', '222222', '333333'].find((each) => !isRight(totp, each)) ?? '';
    const guess = async (times: number) => {
      const first = await staff.signIn(access.email, access.password, caller());
      if (!first.ok) throw new Error(first.reason);
      let last: unknown;
      for (let nth = 0; nth < times; nth++)
        last = await staff.enterCode(wrong, caller(jar(first.cookies)));
      return last;
    };
    await guess(5);
    await guess(5);
    expect(await guess(1)).toMatchObject({ reason: 'too_many' });
    expect(await sessionOf(await signIn(access, cookie))).toMatchObject({ email: access.email });
    const { challenge, browser } = await asked();
    const answer = phone.get({ challenge });
    expect((await staff.signInWithPasskey(answer, caller(browser))).ok).toBe(true);
    expect(await trailOf('sign_in_locked')).toContainEqual({
      actor: 'system',
      data: { what: 'code', staff: expect.any(Number) },
    });
  });
});
