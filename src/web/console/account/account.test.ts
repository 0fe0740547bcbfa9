import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { type ConsoleWorld, codeOf, consoleWorld, jar, MARTA, NURIA } from '../testing.ts';

let world: ConsoleWorld;
let nuria: string;

const get = (path: string, cookie = nuria) => world.app.request(path, { headers: { cookie } });
const post = (path: string, fields: Record<string, string>, cookie = nuria) =>
  world.app.request(path, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { cookie },
  });
const html = async (path: string, cookie = nuria) => {
  const answer = await get(path, cookie);
  expect(answer.status).toBe(200);
  return answer.text();
};
const accessOf = (email: string) => {
  const found = world.access.find((each) => each.email === email);
  if (!found) throw new Error(`${email} has no access`);
  return found;
};
/** Changes the accounts, with the rights of the installation. */
const among = (sql: string, values: unknown[] = []) =>
  world.staff.transaction((client) => client.query(sql, values));
const age = (email: string, minutes: number) =>
  among(
    `update session set "confirmedAt" = now() - make_interval(mins => $2)
     where "userId" = (select id from "user" where email = $1)`,
    [email, minutes],
  );
const forgetCodes = () => among('delete from used_code');
const fieldIn = (page: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';

beforeAll(async () => {
  world = await consoleWorld();
  nuria = await world.signIn(NURIA);
});
afterAll(() => world.close());

const PAGES = ['', '/passkey', '/authenticator', '/codes', '/password', '/confirm'];

describe('the account', () => {
  test.each(LANGUAGES)('is sound HTML on every page, in %s', async (language) => {
    for (const path of PAGES) {
      await age(NURIA, path === '/confirm' ? 11 : 0);
      const page = await html(`/staff/account${path}`, `${nuria}; staff_language=${language}`);
      expect({ path, faults: await faultsOf(page) }).toEqual({ path, faults: [] });
      expect(page).not.toMatch(/undefined|account\.\w+\./);
    }
    await age(NURIA, 0);
  });

  test('needs a session', async () => {
    for (const path of PAGES) {
      const answer = await get(`/staff/account${path}`, '');
      expect(answer.status).toBe(303);
      expect(answer.headers.get('Location')).toContain('/staff/sign-in?next=');
    }
    expect((await post('/staff/account/sessions', { others: '1' }, '')).status).toBe(401);
  });

  test('asks for a code again before a change, and accepts each code once', async () => {
    await age(NURIA, 11);
    const sent = await post('/staff/account/codes', {});
    expect(sent.headers.get('Location')).toBe(
      '/staff/account/confirm?next=%2Fstaff%2Faccount%2Fcodes&again=1',
    );
    for (const path of ['/passkey', '/authenticator', '/codes', '/password'])
      expect((await get(`/staff/account${path}`)).headers.get('Location')).toContain('/confirm');
    expect((await post('/staff/account/passkey/options', {})).status).toBe(409);

    const wrong = await post('/staff/account/confirm', { code: '000000', next: '/console' });
    expect(wrong.status).toBe(422);
    await forgetCodes();
    const code = codeOf(accessOf(NURIA).totpSecret);
    const right = await post('/staff/account/confirm', { code, next: '/staff/account/codes' });
    expect(right.headers.get('Location')).toBe('/staff/account/codes');
    expect((await get('/staff/account/codes')).status).toBe(200);
    const again = await post('/staff/account/confirm', { code, next: '//evil.example' });
    expect(again.status).toBe(422);
  });

  test('leads from the code only to the person’s own pages', async () => {
    await forgetCodes();
    const code = codeOf(accessOf(NURIA).totpSecret);
    const away = await post('/staff/account/confirm', { code, next: 'https://evil.example/' });
    expect(away.headers.get('Location')).toBe('/staff/account');
  });

  test('makes recovery codes that are shown once; the old ones become invalid', async () => {
    const codesIn = (page: string) => [...page.matchAll(/<code>([A-Z\d-]{11})</g)].map((m) => m[1]);
    const first = codesIn(await (await post('/staff/account/codes', {})).text());
    const second = codesIn(await (await post('/staff/account/codes', {})).text());
    expect(new Set([...first, ...second]).size).toBe(20);
    expect(await html('/staff/account', `${nuria}; staff_language=en`)).toContain(
      'You have 10 left',
    );
    await age(NURIA, 11);
    const old = await post('/staff/account/confirm', { code: first[0] ?? '' });
    expect(old.status).toBe(422);
    const good = await post('/staff/account/confirm', { code: second[0] ?? '' });
    expect(good.status).toBe(303);
    expect(await html('/staff/account', `${nuria}; staff_language=en`)).toContain(
      'You have 9 left',
    );
  });

  test('lists its sessions, and ends another one at once', async () => {
    await forgetCodes();
    const other = await world.signIn(NURIA);
    await age(NURIA, 0);
    const ids = [...(await html('/staff/account')).matchAll(/name="session" value="([^"]+)"/g)];
    expect(ids.length).toBe(1);
    const marta = await world.signIn(MARTA);
    await post('/staff/account/sessions', { session: ids[0]?.[1] ?? '' }, marta);
    expect((await get('/staff/account', other)).status).toBe(200);
    const ended = await post('/staff/account/sessions', { session: ids[0]?.[1] ?? '' });
    expect(ended.headers.get('Location')).toBe('/staff/account?ended=1');
    expect((await get('/staff/account', other)).status).toBe(303);
    expect((await get('/staff/account')).status).toBe(200);
  });

  test('replaces the authenticator with the new one’s first code, once', async () => {
    const page = await html('/staff/account/authenticator');
    const sealed = fieldIn(page, 'sealed');
    const secret = (/<code class="secret">([^<]+)</.exec(page)?.[1] ?? '').replaceAll(' ', '');
    const wrong = await post('/staff/account/authenticator', { sealed, code: '000000' });
    expect(wrong.status).toBe(422);
    expect(fieldIn(await wrong.text(), 'sealed')).toBe(sealed);
    const marta = await world.signIn(MARTA).catch(() => '');
    const stolen = await post(
      '/staff/account/authenticator',
      { sealed, code: codeOf(secret) },
      marta,
    );
    expect(stolen.headers.get('Location') ?? '').not.toContain('done');
    const done = await post('/staff/account/authenticator', { sealed, code: codeOf(secret) });
    expect(done.headers.get('Location')).toBe('/staff/account?done=authenticator');
    await age(NURIA, 11);
    const old = codeOf(accessOf(NURIA).totpSecret, 1);
    expect((await post('/staff/account/confirm', { code: old })).status).toBe(422);
    const code = codeOf(secret, 1);
    expect((await post('/staff/account/confirm', { code })).status).toBe(303);
  });

  test('changes the password with the current one; other sessions and known browsers end', async () => {
    const given = {
      current: accessOf(NURIA).password,
      password: 'cavall bateria grapa',
      repeat: '',
    };
    const other = await post('/staff/account/password', given);
    expect(other.status).toBe(422);
    const repeat = given.password;
    const wrong = await post('/staff/account/password', { ...given, current: 'no és', repeat });
    expect(wrong.status).toBe(422);
    const easy = { ...given, password: 'contrasenya2026', repeat: 'contrasenya2026' };
    expect((await post('/staff/account/password', easy)).status).toBe(422);
    const listed = { ...given, password: 'NeedForSpeed!', repeat: 'NeedForSpeed!' };
    const english = `${nuria}; staff_language=en`;
    const refused = await post('/staff/account/password', listed, english);
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain('on the lists of passwords that attackers try');
    const before = await knownBrowsers();
    const done = await post('/staff/account/password', { ...given, repeat });
    expect(done.headers.get('Location')).toBe('/staff/account?done=password');
    expect(before).toBeGreaterThan(1);
    expect(await knownBrowsers()).toBe(1);
    const { staff } = world;
    const caller = { address: '192.0.2.9', userAgent: '', cookie: '' };
    expect((await staff.signIn(NURIA, given.current, caller)).ok).toBe(false);
    expect((await staff.signIn(NURIA, given.password, caller)).ok).toBe(true);
  });

  test('writes to its owner about the changes', async () => {
    const { rows } = await world.staff.transaction((client) =>
      client.query<{ kind: string }>(
        `select distinct m.kind from public.staff_mail m join public.staff s on s.id = m.staff_id
         where s.email = $1 order by m.kind`,
        [NURIA],
      ),
    );
    expect(rows.map((each) => each.kind)).toEqual([
      'authenticator_changed',
      'password_changed',
      'recovery_codes_made',
    ]);
  });

  const knownBrowsers = async () => {
    const { rows } = await world.staff.transaction((client) =>
      client.query<{ n: number }>(
        `select count(*)::int as n from known_browser k join "user" u on u.id = k.user_id where u.email = $1`,
        [NURIA],
      ),
    );
    return rows[0]?.n ?? 0;
  };
});

test('a person signed in by other means must sign in again', async () => {
  await forgetCodes();
  const marta = await world.signIn(MARTA);
  await among(`delete from "twoFactor" where "userId" = (select id from "user" where email = $1)`, [
    MARTA,
  ]);
  await age(MARTA, 11);
  const page = await html('/staff/account/confirm', `${marta}; staff_language=en`);
  expect(page).toContain('sign in again, and do it within ten minutes');
  expect(page).not.toContain('name="code"');
  expect(await faultsOf(page)).toEqual([]);
});

test('a passkey’s options bind the browser, and only a passkey’s answer opens', async () => {
  const answer = await post('/staff/passkey/options', {}, '');
  expect(await answer.json()).toMatchObject({ rpId: 'localhost', userVerification: 'required' });
  const cookie = jar(answer.headers.getSetCookie());
  expect(cookie).toMatch(/^finestreta\.browser=[\w-]{32}$/);
  for (const said of ['', '{', 'null', '{"id":"x"}', '{"id":"x","response":{}}']) {
    const refused = await post('/staff/passkey', { answer: said }, cookie);
    expect(refused.status).toBe(401);
    expect(refused.headers.getSetCookie().join()).not.toContain('session_token');
  }
});
