import { getMigrations } from 'better-auth/db/migration';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { hashSecret } from '../../../lib/secrets.ts';
import { countTry } from './account/store.ts';
import { changeAddress } from './address.ts';
import { askAuth, createAuths } from './auth.ts';
import { createStaff, type Staff } from './service.ts';
import { authPool } from './store.ts';
import type { Caller, Cookies } from './types.ts';

const NOW = Temporal.Instant.from('2026-11-24T09:00:00Z');
const PASSWORD = 'tres gats al terrat';
const BASE = 'http://localhost:3000';
const SECRET = 'test secret that is only for the tests of this file';

let database: TestDatabase;
let staff: Staff;
let addresses = 0;

/** Each caller has an address of its own, so that one test's rate limit isn't another's. */
const caller = (cookie = ''): Caller => ({
  address: `192.0.2.${++addresses}`,
  userAgent: 'test',
  cookie,
});

const jar = (cookies: Cookies): string =>
  cookies
    .map((each) => each.split(';')[0] ?? '')
    .filter((each) => !each.endsWith('='))
    .join('; ');

const headers = (cookie: string) => new Headers({ cookie });

/** An independent authenticator; `step` moves it by periods of 30 s. */
const codeOf = (secret: string, step = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: Temporal.Now.instant().epochMilliseconds + step * 30_000,
  });

const tokenOf = (url: string) => url.split('/').at(-1) ?? '';

async function invite(email: string): Promise<string> {
  const invitation = await staff.invite(
    { email, name: 'Marta Roca', roles: [{ office: 'oac', role: 'agent', desk: 'taula-1' }] },
    NOW,
  );
  if (!invitation.ok) throw new Error(invitation.reason);
  return tokenOf(invitation.url);
}

/** A ready account, and the code that confirmed it. Codes of now and of the next half minute are good, so a tick between two lines breaks no test. */
async function ready(
  email: string,
): Promise<{ secret: string; recoveryCodes: string[]; code: string }> {
  const token = await invite(email);
  expect(await staff.choosePassword(token, PASSWORD, NOW)).toEqual({ ok: true });
  const state = await staff.findSetup(token, NOW);
  if (state?.step !== 'code') throw new Error('no secret');
  const code = codeOf(state.secret);
  const confirmed = await staff.confirmCode(token, code, NOW);
  if (!confirmed.ok) throw new Error(confirmed.reason);
  return { secret: state.secret, recoveryCodes: confirmed.recoveryCodes, code };
}

async function challenge(email: string, password = PASSWORD): Promise<string> {
  const result = await staff.signIn(email, password, caller());
  if (!result.ok) throw new Error(result.reason);
  return jar(result.cookies);
}

async function signIn(email: string, secret: string, step = 1): Promise<string> {
  const result = await staff.enterCode(codeOf(secret, step), caller(await challenge(email)));
  if (!result.ok) throw new Error(result.reason);
  return jar(result.cookies);
}

beforeAll(async () => {
  database = await testDatabase();
  staff = createStaff({
    connection: database.connection,
    baseUrl: BASE,
    secret: SECRET,
    issuer: 'Vilaclara',
  });
  await within(database.kysely, INSTALLATION, async (tx) => {
    const offices = await tx
      .insertInto('office')
      .values([
        { code: 'oac', position: 1, name: '{}', settings: '{}' },
        { code: 'hisenda', position: 2, name: '{}', settings: '{}' },
      ])
      .returning(['id', 'code'])
      .execute();
    const oac = offices.find((each) => each.code === 'oac')?.id ?? 0;
    await tx
      .insertInto('desk')
      .values({
        office_id: oac,
        code: 'taula-1',
        name: 'Taula 1',
        languages: ['ca'],
        channels: ['phone'],
      })
      .execute();
  });
});

afterAll(async () => {
  await staff.close();
  await database.close();
});

test('the library finds every table and column as it wants them', async () => {
  const pool = authPool({ connection: database.connection });
  const auth = createAuths(
    { connection: database.connection, baseUrl: BASE, secret: SECRET, issuer: 'x' },
    pool,
  ).newest();
  const { toBeCreated, toBeAdded } = await getMigrations(auth.options);
  await pool.end();
  expect({ toBeCreated, toBeAdded }).toEqual({ toBeCreated: [], toBeAdded: [] });
});

test('a request that acts for an office sees no account', async () => {
  await ready('walls@vilaclara.cat');
  for (const table of ['"user"', 'session', 'account', '"twoFactor"', 'invitation', 'used_code']) {
    const { rows } = await database.pool.query(`select count(*)::int as n from auth.${table}`);
    expect(rows[0]).toEqual({ n: 0 });
  }
});

test('the list names the office, the role and the desk of each person', async () => {
  await ready('listed@vilaclara.cat');
  expect((await staff.list()).find((each) => each.email === 'listed@vilaclara.cat')).toMatchObject({
    state: 'ready',
    roles: [{ office: 'oac', role: 'agent', desk: 'taula-1' }],
  });
});

describe('an invited person', () => {
  test('chooses a password, enrols an authenticator, and comes in with both', async () => {
    const { secret, recoveryCodes } = await ready('new@vilaclara.cat');
    expect(new Set(recoveryCodes).size).toBe(10);
    const cookie = await signIn('New@Vilaclara.cat', secret);
    expect(await staff.session(headers(cookie))).toMatchObject({
      name: 'Marta Roca',
      offices: [{ code: 'oac', role: 'agent', desk: expect.any(Number) }],
    });
    expect(await staff.viewer(headers(cookie), 'oac')).toMatchObject({
      kind: 'staff',
      role: 'agent',
    });
    expect(await staff.viewer(headers(cookie), 'hisenda')).toBeNull();
  });

  test('can use the link once, for a week, and only the last one sent', async () => {
    const first = await invite('late@vilaclara.cat');
    expect(await staff.findSetup(first, NOW.add({ hours: 7 * 24 }))).toBeNull();
    const second = await invite('late@vilaclara.cat');
    expect(await staff.findSetup(first, NOW)).toBeNull();
    expect(await staff.findSetup(second, NOW)).toMatchObject({ step: 'password' });
    await staff.choosePassword(second, PASSWORD, NOW);
    const state = await staff.findSetup(second, NOW);
    if (state?.step !== 'code') throw new Error('no secret');
    expect((await staff.confirmCode(second, codeOf(state.secret), NOW)).ok).toBe(true);
    expect(await staff.findSetup(second, NOW)).toBeNull();
    expect(await staff.choosePassword(second, 'un altre de ben llarg', NOW)).toEqual({
      ok: false,
      reason: 'gone',
    });
  });

  test('is told why a password is refused, and cannot confirm before choosing one', async () => {
    const token = await invite('picky@vilaclara.cat');
    expect(await staff.choosePassword(token, 'curta', NOW)).toEqual({
      ok: false,
      reason: 'too_short',
    });
    expect(await staff.confirmCode(token, '123456', NOW)).toEqual({ ok: false, reason: 'gone' });
  });

  test('does not get in with the password alone', async () => {
    const token = await invite('half@vilaclara.cat');
    await staff.choosePassword(token, PASSWORD, NOW);
    expect(await staff.signIn('half@vilaclara.cat', PASSWORD, caller())).toEqual({
      ok: false,
      reason: 'refused',
    });
    const pool = authPool({ connection: database.connection });
    const { rows } = await pool.query(
      `select from session s join "user" u on u.id = s."userId" where u.email = 'half@vilaclara.cat'`,
    );
    await pool.end();
    expect(rows).toEqual([]);
  });

  test('gets ten tries at the code', async () => {
    const token = await invite('guess@vilaclara.cat');
    await staff.choosePassword(token, PASSWORD, NOW);
    const state = await staff.findSetup(token, NOW);
    if (state?.step !== 'code') throw new Error('no secret');
    const wrong = codeOf(state.secret, 500);
    for (let i = 0; i < 10; i++) {
      expect(await staff.confirmCode(token, wrong, NOW)).toEqual({
        ok: false,
        reason: 'wrong_code',
      });
    }
    expect(await staff.confirmCode(token, codeOf(state.secret), NOW)).toMatchObject({
      reason: 'too_many',
    });
  });

  test('is refused where office or desk do not exist, and nothing is left behind', async () => {
    const person = { email: 'nowhere@vilaclara.cat', name: 'X', roles: [] };
    expect(
      await staff.invite({ ...person, roles: [{ office: 'nope', role: 'agent' }] }, NOW),
    ).toEqual({ ok: false, reason: 'unknown_office', what: 'nope' });
    expect(
      await staff.invite({ ...person, roles: [{ office: 'oac', role: 'agent', desk: 'x' }] }, NOW),
    ).toEqual({ ok: false, reason: 'unknown_desk', what: 'x' });
    expect((await staff.list()).some((each) => each.email === person.email)).toBe(false);
  });
});

describe('the first factor', () => {
  test('answers the same whether the account exists or not', async () => {
    await ready('known@vilaclara.cat');
    const wrong = await staff.signIn('known@vilaclara.cat', 'wrong wrong wrong', caller());
    const unknown = await staff.signIn('unknown@vilaclara.cat', 'wrong wrong wrong', caller());
    const nonsense = await staff.signIn('not an address', 'wrong wrong wrong', caller());
    expect(wrong).toEqual({ ok: false, reason: 'refused' });
    expect(unknown).toEqual(wrong);
    expect(nonsense).toEqual(wrong);
  });

  test('opens no session', async () => {
    await ready('one@vilaclara.cat');
    const result = await staff.signIn('one@vilaclara.cat', PASSWORD, caller());
    if (!result.ok) throw new Error('refused');
    expect(jar(result.cookies)).not.toContain('session_token=');
    expect(await staff.session(headers(jar(result.cookies)))).toBeNull();
  });

  test('is closed after ten wrong passwords from one place, known or not, and to that place alone', async () => {
    await ready('target@vilaclara.cat');
    for (const email of ['target@vilaclara.cat', 'nobody@vilaclara.cat']) {
      const same = caller();
      for (let i = 0; i < 10; i++) {
        expect(await staff.signIn(email, 'wrong wrong wrong', same)).toMatchObject({
          reason: 'refused',
        });
      }
      const locked = await staff.signIn(email, PASSWORD, same);
      expect(locked).toMatchObject({ ok: false, reason: 'too_many' });
      expect('retryAfter' in locked && locked.retryAfter > 0 && locked.retryAfter <= 900).toBe(
        true,
      );
    }
  });

  test('is closed to everybody after a hundred wrong passwords from many places', async () => {
    const email = 'besieged@vilaclara.cat';
    await ready(email);
    const pool = authPool({ connection: database.connection });
    const name = `password ["${email}"]`;
    await countTry(pool, { name, most: 100 });
    await pool.query('update sign_in_failure set count = 98 where email_hash = $1', [
      hashSecret(name),
    ]);
    await pool.end();
    expect(await staff.signIn(email, 'wrong', caller())).toMatchObject({ reason: 'refused' });
    expect(await staff.signIn(email, 'wrong', caller())).toMatchObject({ reason: 'refused' });
    expect(await staff.signIn(email, PASSWORD, caller())).toMatchObject({ reason: 'too_many' });
  });

  test('is closed to an address of the network that tries too often', async () => {
    const same = caller();
    let last: unknown;
    for (let i = 0; i < 31; i++) last = await staff.signIn(`m${i}@x.cat`, 'wrong', same);
    expect(last).toMatchObject({ reason: 'too_many' });
    expect(await staff.signIn('m@x.cat', 'wrong', caller())).toMatchObject({ reason: 'refused' });
  });
});

describe('the second factor', () => {
  test('a wrong code opens nothing; five spend the challenge', async () => {
    const { secret } = await ready('wrong@vilaclara.cat');
    const cookie = await challenge('wrong@vilaclara.cat');
    for (let i = 0; i < 5; i++) {
      expect(await staff.enterCode(codeOf(secret, 100 + i), caller(cookie))).toEqual({
        ok: false,
        reason: 'wrong_code',
      });
    }
    expect(await staff.enterCode(codeOf(secret), caller(cookie))).toMatchObject({
      ok: false,
      reason: 'start_again',
    });
  });

  test('a code opens once', async () => {
    const { secret } = await ready('twice@vilaclara.cat');
    const code = codeOf(secret, 1);
    const first = await challenge('twice@vilaclara.cat');
    const second = await challenge('twice@vilaclara.cat');
    expect((await staff.enterCode(code, caller(first))).ok).toBe(true);
    expect(await staff.enterCode(code, caller(second))).toEqual({
      ok: false,
      reason: 'wrong_code',
    });
  });

  test('the code that confirmed the authenticator does not open the first session', async () => {
    const { code } = await ready('confirm@vilaclara.cat');
    const cookie = await challenge('confirm@vilaclara.cat');
    expect(await staff.enterCode(code, caller(cookie))).toEqual({
      ok: false,
      reason: 'wrong_code',
    });
  });

  test('ten wrong codes within a quarter of an hour lock the account until it is over', async () => {
    const { secret } = await ready('locked@vilaclara.cat');
    for (const _ of [1, 2]) {
      const cookie = await challenge('locked@vilaclara.cat');
      for (let i = 0; i < 5; i++) await staff.enterCode(codeOf(secret, 200 + i), caller(cookie));
    }
    const cookie = await challenge('locked@vilaclara.cat');
    const locked = await staff.enterCode(codeOf(secret), caller(cookie));
    expect(locked).toMatchObject({ ok: false, reason: 'too_many' });
    expect('retryAfter' in locked && locked.retryAfter > 0 && locked.retryAfter <= 900).toBe(true);
  });

  test('a recovery code opens once too', async () => {
    const { recoveryCodes } = await ready('phone-lost@vilaclara.cat');
    const code = (recoveryCodes[0] ?? '').toLowerCase().replace('-', ' ');
    const result = await staff.enterCode(code, caller(await challenge('phone-lost@vilaclara.cat')));
    expect(result.ok && (await staff.session(headers(jar(result.cookies)))) !== null).toBe(true);
    expect(
      await staff.enterCode(code, caller(await challenge('phone-lost@vilaclara.cat'))),
    ).toMatchObject({ reason: 'wrong_code' });
  });

  test('without a challenge there is nothing to answer', async () => {
    expect(staff.hasChallenge('')).toBe(false);
    expect(await staff.enterCode('123456', caller())).toMatchObject({ reason: 'start_again' });
  });

  test('a challenge is no session, nor is a session that never passed the second factor', async () => {
    const { secret } = await ready('skip@vilaclara.cat');
    const cookie = await signIn('skip@vilaclara.cat', secret);
    expect(await staff.session(headers(cookie))).not.toBeNull();
    const pool = authPool({ connection: database.connection });
    await pool.query(
      `update session set "secondFactor" = false where "userId" = (select id from "user" where email = 'skip@vilaclara.cat')`,
    );
    await pool.end();
    expect(await staff.session(headers(cookie))).toBeNull();
  });

  test('nobody signs up, turns the second factor off or trusts a device', async () => {
    const { secret } = await ready('off@vilaclara.cat');
    const cookie = await signIn('off@vilaclara.cat', secret);
    expect(cookie).not.toContain('trust_device');
    const pool = authPool({ connection: database.connection });
    const auth = createAuths(
      { connection: database.connection, baseUrl: BASE, secret: SECRET, issuer: 'x' },
      pool,
    ).newest();
    const answer = await askAuth(
      auth,
      BASE,
      '/sign-up/email',
      { email: 'me@x.cat', password: PASSWORD, name: 'Me' },
      caller(),
    );
    await pool.end();
    expect(answer.ok).toBe(false);
  });
});

describe('a session', () => {
  const change = async (email: string, set: string) => {
    const pool = authPool({ connection: database.connection });
    await pool.query(
      `update session set ${set} where "userId" = (select id from "user" where email = $1)`,
      [email],
    );
    await pool.end();
  };

  test('ends twelve hours after it began, whatever was done in it', async () => {
    const { secret } = await ready('expired@vilaclara.cat');
    const cookie = await signIn('expired@vilaclara.cat', secret);
    await change('expired@vilaclara.cat', `"expiresAt" = now() - interval '1 second'`);
    expect(await staff.session(headers(cookie))).toBeNull();
  });

  test('lasts twelve hours from the start and its cookie is kept from scripts', async () => {
    const { secret } = await ready('cookie@vilaclara.cat');
    const result = await staff.enterCode(
      codeOf(secret, 1),
      caller(await challenge('cookie@vilaclara.cat')),
    );
    if (!result.ok) throw new Error('refused');
    const cookie = result.cookies.find((each) => each.includes('session_token=')) ?? '';
    expect(cookie).toMatch(/Max-Age=43200/);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect(cookie).not.toMatch(/Secure/);
  });

  test('has a secure cookie where the address is', async () => {
    const secure = createStaff({
      connection: database.connection,
      baseUrl: 'https://cita.vilaclara.cat',
      secret: SECRET,
      issuer: 'Vilaclara',
    });
    const { secret } = await ready('secure@vilaclara.cat');
    const first = await secure.signIn('secure@vilaclara.cat', PASSWORD, caller());
    if (!first.ok) throw new Error('refused');
    const second = await secure.enterCode(codeOf(secret, 1), caller(jar(first.cookies)));
    if (!second.ok) throw new Error('refused');
    expect(second.cookies.find((each) => each.includes('session_token='))).toMatch(
      /^__Host-finestreta\.session_token=.*; Path=\/.*; Secure/,
    );
    expect(await secure.session(headers(jar(second.cookies)))).not.toBeNull();
    await secure.close();
  });

  test('ends after an hour without a request', async () => {
    const { secret } = await ready('idle@vilaclara.cat');
    const cookie = await signIn('idle@vilaclara.cat', secret);
    await change('idle@vilaclara.cat', `"lastSeenAt" = now() - interval '59 minutes'`);
    expect(await staff.session(headers(cookie))).not.toBeNull();
    // That request counted.
    expect(await staff.session(headers(cookie))).not.toBeNull();
    await change('idle@vilaclara.cat', `"lastSeenAt" = now() - interval '61 minutes'`);
    expect(await staff.session(headers(cookie))).toBeNull();
  });

  test('is a new one at each sign-in, and the old one of that browser ends', async () => {
    const { secret, recoveryCodes } = await ready('rotate@vilaclara.cat');
    const old = await signIn('rotate@vilaclara.cat', secret);
    const again = await staff.signIn('rotate@vilaclara.cat', PASSWORD, caller(old));
    if (!again.ok) throw new Error('refused');
    expect(await staff.session(headers(old))).toBeNull();
    const result = await staff.enterCode(
      recoveryCodes[0] ?? '',
      caller(`${old}; ${jar(again.cookies)}`),
    );
    if (!result.ok) throw new Error(result.reason);
    expect(jar(result.cookies)).not.toBe(old);
    expect(await staff.session(headers(jar(result.cookies)))).not.toBeNull();
  });

  test('ends at sign-out, for whoever kept the cookie too', async () => {
    const { secret } = await ready('out@vilaclara.cat');
    const cookie = await signIn('out@vilaclara.cat', secret);
    const cookies = await staff.signOut(caller(cookie));
    expect(cookies.join()).toMatch(/session_token=;.*Max-Age=0/);
    expect(await staff.session(headers(cookie))).toBeNull();
  });

  test('ends when its person is retired', async () => {
    const { secret } = await ready('left@vilaclara.cat');
    const cookie = await signIn('left@vilaclara.cat', secret);
    expect(await staff.retire('left@vilaclara.cat', NOW)).toBe(true);
    expect(await staff.session(headers(cookie))).toBeNull();
    await staff.signIn('left@vilaclara.cat', PASSWORD, caller());
    expect((await staff.list()).find((each) => each.email === 'left@vilaclara.cat')?.state).toBe(
      'retired',
    );
  });

  test('is not opened by a forged or altered cookie', async () => {
    const { secret } = await ready('forged@vilaclara.cat');
    const cookie = await signIn('forged@vilaclara.cat', secret);
    expect(
      await staff.session(headers(cookie.replace(/(session_token=[^.;]*)\.[^;]*/, '$1.AAAA'))),
    ).toBeNull();
    expect(await staff.session(headers('finestreta.session_token=abc'))).toBeNull();
  });
});

describe('the demo', () => {
  test('has ready accounts that come in with what it shows, and keeps them', async () => {
    const people = [
      {
        email: 'demo@vilaclara.cat',
        name: 'Demo',
        roles: [
          { office: 'oac', role: 'coordinator' as const, desk: 'taula-1' },
          { office: 'hisenda', role: 'agent' as const },
        ],
      },
    ];
    const access = await staff.seedDemo(people);
    expect(access.map(({ office, role }) => ({ office, role }))).toEqual([
      { office: 'oac', role: 'coordinator' },
      { office: 'hisenda', role: 'agent' },
    ]);
    const [first] = access;
    if (!first) throw new Error('none');
    const opened = await staff.signIn(first.email, first.password, caller());
    if (!opened.ok) throw new Error('refused');
    const result = await staff.enterCode(codeOf(first.totpSecret), caller(jar(opened.cookies)));
    expect(result.ok).toBe(true);
    expect(await staff.seedDemo(people)).toEqual(access);
    expect(await staff.demoAccess()).toEqual(access);

    const door = await staff.enterDemo(first.email, caller());
    expect((await staff.session(headers(jar(door ?? []))))?.email).toBe(first.email);
    const [last] = await within(database.kysely, INSTALLATION, (tx) =>
      tx
        .selectFrom('audit')
        .select('data')
        .where('action', '=', 'signed_in')
        .orderBy('id', 'desc')
        .execute(),
    );
    expect(last?.data).toEqual({ how: 'demo' });
    expect((await staff.seenLately(5)).size).toBeGreaterThan(0);
    expect((await staff.seenLately(-5)).size).toBe(0);
  });

  test('has a door to the people of the demo alone', async () => {
    await ready('real3@vilaclara.cat');
    expect(await staff.enterDemo('real3@vilaclara.cat', caller())).toBeNull();
    expect(await staff.enterDemo('nobody@vilaclara.cat', caller())).toBeNull();
  });

  test('leaves no way in when it ends, and takes nothing from who set up by an invitation', async () => {
    const person = { email: 'demo2@vilaclara.cat', name: 'Demo', roles: [] };
    const people = [{ ...person, roles: [{ office: 'oac', role: 'agent' as const }] }];
    const { secret } = await ready('real@vilaclara.cat');
    const [access] = (await staff.seedDemo(people)).filter((each) => each.email === person.email);
    if (!access) throw new Error('none');
    const enter = () => staff.signIn(access.email, access.password, caller());
    const opened = await enter();
    if (!opened.ok) throw new Error('refused');
    const entered = await staff.enterCode(codeOf(access.totpSecret), caller(jar(opened.cookies)));
    if (!entered.ok) throw new Error('refused');
    const cookie = jar(entered.cookies);
    expect(await staff.session(headers(cookie))).not.toBeNull();

    const other = { ...person, email: 'demo3@vilaclara.cat', roles: people[0]?.roles ?? [] };
    await staff.seedDemo([other]);
    await staff.transaction((client) =>
      client.query(
        `update "twoFactor" set secret = 'of another app'
         where "userId" = (select id from "user" where email = $1)`,
        [other.email],
      ),
    );
    // Another address and password; the authenticator is still the one that everybody was shown.
    const moved = { ...other, email: 'demo4@vilaclara.cat' };
    const shown = await staff.seedDemo([moved]);
    const secretOfMoved = shown.find((each) => each.email === moved.email)?.totpSecret ?? '';
    await staff.transaction(async (client) => {
      const { rows } = await client.query<{ id: number }>(
        'select id from public.staff where email = $1',
        [moved.email],
      );
      const email = 'moved@vilaclara.cat';
      await changeAddress(client, { staff: rows[0]?.id ?? 0, email, by: null, now: NOW });
      await client.query(
        `update account set password = (select password from account c join "user" u on u.id = c."userId" where u.email = $1)
         where "userId" = (select id from "user" where email = $2)`,
        ['real@vilaclara.cat', email],
      );
    });
    expect(await signIn('moved@vilaclara.cat', secretOfMoved)).toContain('session_token');

    expect(await staff.endDemo()).toBeGreaterThan(0);
    expect(await staff.signIn('moved@vilaclara.cat', PASSWORD, caller())).toMatchObject({
      ok: false,
    });
    expect(await staff.signIn(other.email, access.password, caller())).toMatchObject({ ok: false });
    expect(await staff.session(headers(cookie))).toBeNull();
    expect(await enter()).toEqual({ ok: false, reason: 'refused' });
    expect(await staff.endDemo()).toBe(0);
    expect(await signIn('real@vilaclara.cat', secret)).toContain('session_token');

    await staff.seedDemo(people);
    expect((await enter()).ok).toBe(true);
  });
});
