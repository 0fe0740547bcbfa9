import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OidcServer, oidcServer } from '../../../../e2e/support/oidc.ts';
import type { OidcSettings } from '../../../config.ts';
import { systemClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { testOffice } from '../offices/testing.ts';
import { createStaff, type Staff } from '../staff/service.ts';
import { createSso, type Sso } from './service.ts';

const BASE = 'http://localhost:3000';
const key = installationKey(Buffer.alloc(32, 7));
let database: TestDatabase;
let staff: Staff;
let provider: OidcServer;
let settings: OidcSettings;
let sso: Sso;
let warnings: object[] = [];

beforeAll(async () => {
  database = await testDatabase();
  await testOffice(database.kysely, { code: 'oac' });
  staff = createStaff({
    connection: database.connection,
    baseUrl: BASE,
    secret: 'a secret that is only for the tests of single sign-on',
    issuer: 'Finestreta',
  });
  provider = await oidcServer({ baseUrl: BASE });
  const { issuer, clientId, clientSecret } = provider;
  settings = { issuer, clientId, clientSecret, name: 'Vilaprova', secondFactor: ['mfa', 'hwk'] };
  sso = withSettings();
});
afterAll(async () => {
  await provider.close();
  await staff.close();
  await database.close();
});
beforeEach(() => {
  warnings = [];
});

const withSettings = (more: Partial<OidcSettings> = {}): Sso =>
  createSso({
    ...{ staff, key, baseUrl: BASE, settings: { ...settings, ...more } },
    log: { warn: (what) => warnings.push(what) },
  });

const caller = (cookie = '') => ({ address: '192.0.2.1', userAgent: 'test', cookie });
const jar = (cookies: string[]) => cookies.map((each) => each.split(';')[0]).join('; ');

/** Somebody who works here: invited, or with an account that has a code. */
async function person(email: string, state: 'invited' | 'ready' = 'invited'): Promise<void> {
  const roles = [{ office: 'oac', role: 'agent' as const }];
  if (state === 'ready') await seed(email);
  else await staff.invite({ email, name: 'Anna Puig', roles }, systemClock.now());
}

/** A ready account, as the demo makes them: with a password and an authenticator. */
const seed = (email: string) =>
  staff.seedDemo([{ email, name: 'Marta Soler', roles: [{ office: 'oac', role: 'agent' }] }]);

async function started(via = sso, cookie = ''): Promise<{ url: string; cookie: string }> {
  const result = await via.start('/console/oac', caller(cookie));
  if (!result.ok) throw new Error(result.reason);
  return { url: result.url, cookie: jar(result.cookies) };
}

/** Begins, signs in at the provider as `login`, comes back. */
async function signIn(login: string, via = sso) {
  const { url, cookie } = await started(via);
  const back = await provider.visit(url, login);
  return via.finish(new URL(back), caller(cookie));
}

const session = (cookies: string[]) => staff.session(new Headers({ cookie: jar(cookies) }));

function known(login: string, more: object = {}): string {
  const email = `${login}@vilaprova.example`;
  provider.people.set(login, { email, email_verified: true, amr: ['pwd', 'mfa'], ...more });
  return email;
}

describe('signing in by the town’s provider', () => {
  it('lets in whom it vouches for with a second factor, invited and without a password', async () => {
    const email = known('anna');
    await person(email);
    const result = await signIn('anna');
    expect(result).toMatchObject({ ok: true, step: 'in', next: '/console/oac' });
    if (!result.ok) throw new Error(result.reason);
    const found = await session(result.cookies);
    expect(found).toMatchObject({ email, offices: [{ code: 'oac', role: 'agent' }] });
    const listed = (await staff.list()).find((each) => each.email === email);
    expect(listed?.state).toBe('ready');
    expect(await staff.signIn(email, '', caller())).toMatchObject({ ok: false });
    const told = await within(database.kysely, INSTALLATION, (tx) =>
      tx.selectFrom('audit').select('data').where('action', '=', 'signed_in').execute(),
    );
    expect(told.map((each) => each.data)).toEqual([{ how: 'sso' }]);
  });

  it('asks for our code where the provider asked for none', async () => {
    const email = known('marta', { amr: ['pwd'] });
    await person(email, 'ready');
    const result = await signIn('marta');
    expect(result).toMatchObject({ ok: true, step: 'code' });
    if (!result.ok) throw new Error(result.reason);
    expect(await session(result.cookies)).toBeNull();
    const challenge = caller(jar(result.cookies));
    expect(staff.hasChallenge(challenge.cookie)).toBe(true);
    expect(await staff.enterCode('000000', challenge)).toMatchObject({ reason: 'wrong_code' });
    const access = (await staff.demoAccess()).find((each) => each.email === email);
    const entered = await staff.enterCode(codeOf(access?.totpSecret ?? ''), challenge);
    if (!entered.ok) throw new Error(entered.reason);
    expect(await session(entered.cookies)).toMatchObject({ email });
  });

  it('lets who came in by it alone add an authenticator, which then counts', async () => {
    const email = known('quim');
    await person(email);
    const first = await signIn('quim');
    const found = first.ok ? await session(first.cookies) : null;
    if (!found) throw new Error('not in');
    expect(await staff.account(found)).toBeTruthy();
    known('quim', { amr: ['pwd'] });
    expect(await signIn('quim')).toEqual({ ok: false, reason: 'set_up' });
    const made = await staff.newAuthenticator(found);
    const given = { sealed: made.sealed, code: codeOf(made.secret) };
    expect(await staff.replaceAuthenticator(found, given)).toEqual({ ok: true });
    expect(await signIn('quim')).toMatchObject({ ok: true, step: 'code' });
    expect((await staff.demoAccess()).map((each) => each.email)).not.toContain(email);
  });

  it('sends who has neither to the link of their invitation', async () => {
    await person(known('nova', { amr: ['pwd'] }));
    expect(await signIn('nova')).toEqual({ ok: false, reason: 'set_up' });
  });

  it('knows them by the provider’s name for them later, whatever their address has become', async () => {
    const email = known('joana');
    await person(email);
    expect(await signIn('joana')).toMatchObject({ step: 'in' });
    known('joana', { email: 'other@vilaprova.example', email_verified: false });
    const again = await signIn('joana');
    expect(again.ok && (await session(again.cookies))?.email).toBe(email);
    // And who has that address at the provider now is somebody else.
    provider.people.set('impostor', { email, email_verified: true, amr: ['mfa'] });
    expect(await signIn('impostor')).toEqual({ ok: false, reason: 'taken' });
  });

  it.each([
    ['a stranger', 'stranger', {}, 'unknown'],
    ['an address that nobody verified', 'anna2', { email_verified: false }, 'unverified'],
    [
      'an address of which the provider says nothing',
      'anna3',
      { email_verified: undefined },
      'unverified',
    ],
    ['no address', 'anna4', { email: undefined }, 'unverified'],
  ])('keeps out %s', async (_, login, more, reason) => {
    const email = known(login, more);
    if (login !== 'stranger') await person(email);
    expect(await signIn(login)).toEqual({ ok: false, reason });
  });

  it('keeps out who is retired, before and after they were bound, and tells them what a stranger is told', async () => {
    const email = known('pere');
    await person(email);
    const before = await signIn('pere');
    await staff.retire(email, systemClock.now());
    expect(before.ok && (await session(before.cookies))).toBeNull();
    expect(await signIn('pere')).toEqual({ ok: false, reason: 'unknown' });
    const other = known('pau');
    await person(other);
    await staff.retire(other, systemClock.now());
    expect(await signIn('pau')).toEqual({ ok: false, reason: 'unknown' });
  });
});

describe('an answer of the provider', () => {
  it('is good once, in the browser that asked, with its own state', async () => {
    await person(known('once'));
    const { url, cookie } = await started();
    const back = new URL(await provider.visit(url, 'once'));
    const stolen = await started();
    expect(await sso.finish(back, caller(stolen.cookie))).toEqual({ ok: false, reason: 'gone' });
    expect(await sso.finish(back, caller())).toEqual({ ok: false, reason: 'gone' });
    const other = new URL(back);
    other.searchParams.set('state', new URL(stolen.url).searchParams.get('state') ?? '');
    expect(await sso.finish(other, caller(stolen.cookie))).toEqual({
      ok: false,
      reason: 'refused', // the code is for another verifier
    });
    expect(await sso.finish(back, caller(cookie))).toMatchObject({ ok: true });
    expect(await sso.finish(back, caller(cookie))).toEqual({ ok: false, reason: 'gone' });
  });

  it('for two tabs of one browser is good in both', async () => {
    await person(known('tabs'));
    const first = await started();
    const second = await started(sso, first.cookie);
    for (const { url } of [first, second]) {
      const back = await provider.visit(url, 'tabs');
      expect(await sso.finish(new URL(back), caller(second.cookie))).toMatchObject({ ok: true });
    }
  });

  it('that says no is no mistake of ours', async () => {
    known('no');
    const { url, cookie } = await started();
    const back = await provider.visit(url, 'no', 'no');
    expect(await sso.finish(new URL(back), caller(cookie))).toEqual({
      ok: false,
      reason: 'cancelled',
    });
    expect(warnings).toEqual([]);
  });

  it('of another issuer is refused', async () => {
    await person(known('mixed'));
    const { url, cookie } = await started();
    const back = new URL(await provider.visit(url, 'mixed'));
    expect(back.searchParams.get('iss')).toBe(provider.issuer);
    back.searchParams.set('iss', 'https://evil.example');
    expect(await sso.finish(back, caller(cookie))).toEqual({ ok: false, reason: 'refused' });
  });

  it('is asked for with proof, and with nothing of the person', async () => {
    const { url } = await started();
    const { searchParams } = new URL(url);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `${BASE}/staff/sso/callback`,
      scope: 'openid email',
    });
    expect(searchParams.get('nonce')).toMatch(/^[\w-]{32}$/);
  });
});

describe('a provider', () => {
  it('that is away, or breaks, is told from a refusal; and found again when it is back', async () => {
    await person(known('away'));
    const { url, cookie } = await started();
    const back = await provider.visit(url, 'away');
    await provider.goAway();
    expect(await sso.finish(new URL(back), caller(cookie))).toEqual({ ok: false, reason: 'away' });
    const fresh = withSettings();
    expect(await fresh.start('/console', caller())).toEqual({ ok: false, reason: 'away' });
    expect(warnings).not.toEqual([]);
    expect(JSON.stringify(warnings)).not.toMatch(/away@|code=/);
    await provider.comeBack();
    expect(await fresh.start('/console', caller())).toMatchObject({ ok: true });
    expect(await signIn('away')).toMatchObject({ ok: true });
  });

  it('that says it is another is refused', async () => {
    const liar = createServer((_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ issuer: provider.issuer, authorization_endpoint: 'x' }));
    });
    await new Promise<void>((resolve) => liar.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(liar.address() as AddressInfo).port}`;
    expect(await withSettings({ issuer }).start('/console', caller())).toEqual({
      ok: false,
      reason: 'refused',
    });
    await new Promise((resolve) => liar.close(resolve));
  });

  it('that doesn’t know our secret refuses', async () => {
    await person(known('secret'));
    expect(await signIn('secret', withSettings({ clientSecret: 'another' }))).toEqual({
      ok: false,
      reason: 'refused',
    });
  });

  it('has a page where one signs out', async () => {
    const url = new URL((await sso.logoutUrl()) ?? '');
    expect(url.origin).toBe(provider.issuer);
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(`${BASE}/staff/sign-in`);
    expect(url.searchParams.get('client_id')).toBe('finestreta');
  });
});

function codeOf(secret: string): string {
  const timestamp = systemClock.now().epochMilliseconds;
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
}
