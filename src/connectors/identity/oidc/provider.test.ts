import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type OidcServer, oidcServer } from '../../../../e2e/support/oidc.ts';
import type { SettingsOf } from '../../../domain/office/identity.ts';
import type {
  Identified,
  IdentityProvider,
} from '../../../features/foundation/identification/types.ts';
import { type ForgedProvider, forgedProvider, sendJson } from '../../../lib/oidc/testing.ts';
import { NO_SECRETS } from '../../../lib/provider-secrets.ts';
import { BASE, testAttempt, testLog, urlOf } from '../testing.ts';
import { createOidc } from './provider.ts';

const others = generateKeyPairSync('rsa', { modulusLength: 2048 });
const NIF = '12345678Z';
const LOW = 'urn:town:low';
const HIGH = 'urn:town:high';
const log = testLog();

const settingsOf = (
  issuer: string,
  changed: Partial<SettingsOf<'oidc'>> = {},
): SettingsOf<'oidc'> => ({
  kind: 'oidc',
  code: 'test',
  name: { ca: 'Prova', es: 'Prueba', en: 'Test', eu: 'Proba' },
  issuer,
  clientId: 'finestreta',
  levels: { [HIGH]: 'high', 'urn:town:mid': 'substantial', [LOW]: 'low' },
  identifier: { claim: 'nif', scheme: 'nif' },
  scope: 'openid person',
  ...changed,
});

beforeEach(() => {
  log.lines.length = 0;
});

describe('with an honest provider', () => {
  let server: OidcServer;
  let provider: IdentityProvider;

  beforeAll(async () => {
    server = await oidcServer({
      baseUrl: BASE,
      identifying: {
        code: 'test',
        acrValues: [LOW, HIGH],
        claims: ['nif', 'name', 'given_name', 'family_name'],
      },
    });
    const { issuer, clientId, clientSecret } = server;
    const claims = {
      nif: NIF,
      name: 'Anna Puig Serra',
      given_name: 'Anna',
      family_name: 'Puig Serra',
    };
    server.people.set('anna', { acr: HIGH, amr: ['hwk', 'PIN'], claims });
    server.people.set('pau', { acr: LOW, claims: { ...claims, nif: '87654321X' } });
    const secrets = { ...NO_SECRETS, secret: clientSecret };
    provider = createOidc(settingsOf(issuer, { clientId }), secrets, { log });
  });
  afterAll(() => server.close());

  const identify = async (login: string, answer: 'yes' | 'no' = 'yes') => {
    const attempt = testAttempt();
    const back = await server.visit(urlOf(await provider.start(attempt)), login, answer);
    return provider.finish({ url: new URL(back), posted: null }, attempt);
  };

  test('a person is identified, and leaves', async () => {
    const found = await identify('anna');
    expect(found).toMatchObject({
      ok: true,
      value: {
        person: { scheme: 'dni', country: 'ES', identifier: NIF },
        name: { full: 'Anna Puig Serra', given: 'Anna', family: 'Puig Serra' },
        represents: null,
        level: 'high',
        method: 'hwk+pin',
        transaction: null,
      },
    });
    const { session, evidence } = (found as { value: Identified }).value;
    expect(evidence.map(({ type }) => type)).toEqual(['application/jwt', 'application/json']);
    expect(JSON.parse(String(evidence[1]?.bytes))).toMatchObject({ sub: 'anna', nif: NIF });
    const left = await provider.leave(session ?? '', `${BASE}/identify/test/left`);
    const url = new URL(urlOf({ ok: true, value: left }));
    expect(url.searchParams.get('id_token_hint')).toBe(session);
    expect(url.href).not.toContain(NIF);
    const page = await fetch(url, { redirect: 'manual' });
    expect(page.status).toBe(200);
    expect(await provider.leave('no token', BASE)).toBeNull();
  });

  test('a level that is too low is said, and is no identity', async () => {
    expect(await identify('pau')).toEqual({ ok: false, reason: 'too_low', code: 'level_low' });
  });

  test('whoever stops has cancelled, which is no event', async () => {
    expect(await identify('anna', 'no')).toMatchObject({ ok: false, reason: 'cancelled' });
    expect(log.lines).toEqual([]);
  });

  test('a code is worth one identification', async () => {
    const attempt = testAttempt();
    const back = await server.visit(urlOf(await provider.start(attempt)), 'anna');
    const answer = { url: new URL(back), posted: null };
    expect(await provider.finish(answer, attempt)).toMatchObject({ ok: true });
    expect(await provider.finish(answer, attempt)).toEqual({
      ok: false,
      reason: 'refused',
      code: 'invalid_grant',
    });
  });

  test('a code of another attempt is worth nothing: PKCE', async () => {
    const attempt = testAttempt();
    const back = await server.visit(urlOf(await provider.start(attempt)), 'anna');
    const other = testAttempt({ checks: { ...attempt.checks, verifier: 'w'.repeat(43) } });
    expect(await provider.finish({ url: new URL(back), posted: null }, other)).toMatchObject({
      ok: false,
      reason: 'refused',
    });
  });

  test('a provider that is away says so, also for those who are on the way back', async () => {
    await server.goAway();
    const fresh = createOidc(settingsOf(server.issuer), NO_SECRETS, { log });
    const answer = { url: new URL(`${BASE}/identify/test/return?code=x`), posted: null };
    expect(await fresh.start(testAttempt())).toMatchObject({ ok: false, reason: 'away' });
    expect(await fresh.finish(answer, testAttempt())).toMatchObject({ ok: false, reason: 'away' });
    expect(await fresh.leave('x.e30.x', BASE)).toBeNull();
    await server.comeBack();
    expect(await fresh.start(testAttempt())).toMatchObject({ ok: true });
  });
});

describe('with a provider that says anything', () => {
  let forged: ForgedProvider;
  let provider: IdentityProvider;
  const make = (changed: Partial<SettingsOf<'oidc'>> = {}, timeoutSeconds = 10) =>
    createOidc(
      settingsOf(forged.issuer, changed),
      { ...NO_SECRETS, secret: 'the client secret' },
      { log, timeoutSeconds },
    );

  beforeAll(async () => {
    forged = await forgedProvider('finestreta');
  });
  afterAll(() => forged.close());
  beforeEach(() => {
    forged.forget({ nonce: 'the-nonce', acr: HIGH, nif: NIF, name: 'Anna Puig' });
    provider = make();
  });

  const finish = (query = 'code=x&state=the-state', attempt = testAttempt()) =>
    provider.finish({ url: new URL(`${attempt.returnUrl}?${query}`), posted: null }, attempt);
  const identified = async () => ((await finish()) as { value: Identified }).value;

  test('what fits is believed', async () => {
    expect(await identified()).toMatchObject({ level: 'high', person: { identifier: NIF } });
  });

  test('it is asked for what is needed, by our address alone', async () => {
    const url = new URL(urlOf(await provider.start(testAttempt({ language: 'eu' }))));
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'finestreta',
      response_type: 'code',
      redirect_uri: `${BASE}/identify/test/return`,
      scope: 'openid person',
      state: 'the-state',
      nonce: 'the-nonce',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      acr_values: `urn:town:mid ${HIGH}`,
      ui_locales: 'eu',
      prompt: 'login',
      max_age: '1200',
    });
    const low = new URL(urlOf(await provider.start(testAttempt({ level: 'low' }))));
    expect(low.searchParams.get('acr_values')).toBe(`${LOW} urn:town:mid ${HIGH}`);
    expect(low.searchParams.has('prompt')).toBe(false);
    const again = testAttempt({ level: 'low', isFresh: true });
    expect(new URL(urlOf(await provider.start(again))).searchParams.get('prompt')).toBe('login');
  });

  test('the address of the answer is ours, whatever host the browser came to', async () => {
    const attempt = testAttempt();
    const url = new URL('http://evil.example/elsewhere?code=x&state=the-state');
    expect(await provider.finish({ url, posted: null }, attempt)).toMatchObject({ ok: true });
    const sent = forged.asked.find(({ path }) => path === '/token');
    expect(sent?.form.get('redirect_uri')).toBe(attempt.returnUrl);
    expect(sent?.form.get('code_verifier')).toBe(attempt.checks.verifier);
  });

  test.each([
    ['for another client', { aud: 'another' }],
    ['for several, and meant for another', { aud: ['finestreta', 'another'], azp: 'another' }],
    ['of another issuer', { iss: 'https://evil.example' }],
    ['of an attempt before', { nonce: 'another' }],
    ['of no attempt', { nonce: undefined }],
    ['about nobody', { sub: undefined }],
    ['that keeps its identification to itself', { auth_time: undefined }],
  ])('a token %s is refused', async (_, changed) => {
    Object.assign(forged.claims, changed);
    expect(await finish()).toMatchObject({ ok: false, reason: 'refused' });
    expect(log.lines).toHaveLength(1);
  });

  test.each([
    ['that somebody else signed', () => others.privateKey],
    ['that nobody signed', () => null],
  ])('a token %s is refused', async (_, by) => {
    forged.signedBy = by();
    expect(await finish()).toMatchObject({ ok: false, reason: 'refused' });
  });

  test('an identification of before is too late, which is no attack', async () => {
    const at = Math.floor(Date.now() / 1000);
    forged.claims.auth_time = at - 19 * 60;
    expect(await finish()).toMatchObject({ ok: true });
    forged.claims.auth_time = at - 25 * 60;
    expect(await finish()).toEqual({ ok: false, reason: 'expired', code: 'not_fresh' });
  });

  test('a token that is over, by our clock, is told from one that lies', async () => {
    const { iat, exp } = forged.claims;
    Object.assign(forged.claims, { iat: Number(iat) - 900, exp: Number(exp) - 900 });
    expect(await finish()).toMatchObject({ ok: false, reason: 'clock' });
  });

  test.each([
    ['without state', 'code=x'],
    ['with another state', 'code=x&state=another'],
    ['with two codes', 'code=x&code=y&state=the-state'],
    ['without a code', 'state=the-state'],
    ['of another provider', 'code=x&state=the-state&iss=https%3A%2F%2Fevil.example'],
    ['with a token for the browser', 'code=x&state=the-state&id_token=x.y.z'],
  ])('an answer %s is refused', async (_, query) => {
    expect(await finish(query)).toMatchObject({ ok: false, reason: 'refused' });
    expect(forged.asked.filter(({ path }) => path === '/token')).toEqual([]);
  });

  test('a provider that names itself in answers must do so (RFC 9207)', async () => {
    forged.metadata = { authorization_response_iss_parameter_supported: true };
    const iss = encodeURIComponent(forged.issuer);
    expect(await finish()).toMatchObject({ ok: false, reason: 'refused' });
    expect(await finish(`code=x&state=the-state&iss=${iss}`)).toMatchObject({ ok: true });
  });

  test.each([
    ['access_denied', 'cancelled', 'access_denied'],
    ['unmet_authentication_requirements', 'too_low', 'unmet_authentication_requirements'],
    ['login_required', 'expired', 'login_required'],
    ['temporarily_unavailable', 'away', 'temporarily_unavailable'],
    ['invalid_scope', 'refused', 'invalid_scope'],
    [NIF, 'refused', 'error_unknown'],
  ])('the error %s: %s', async (error, reason, code) => {
    const answer = `error=${error}&error_description=${NIF}&state=the-state`;
    expect(await finish(answer)).toEqual({ ok: false, reason, code });
  });

  test.each([
    ['unknown', 'urn:another'],
    ['absent', undefined],
    ['no word', ['urn:town:high']],
    ['a word of the language', 'constructor'],
  ])('a level that is %s is refused', async (_, acr) => {
    forged.claims.acr = acr;
    expect(await finish()).toEqual({ ok: false, reason: 'refused', code: 'level_unknown' });
  });

  test('a level is what the signed token has, not the address or user info', async () => {
    forged.claims.acr = LOW;
    forged.claims.nif = undefined;
    forged.metadata = { userinfo_endpoint: `${forged.issuer}/me` };
    const info = { sub: 'anna', acr: HIGH, nif: NIF, name: 'Anna' };
    forged.answers.set('/me', (_, response) => sendJson(response, 200, info));
    const answer = await finish(`code=x&state=the-state&acr=${encodeURIComponent(HIGH)}`);
    expect(answer).toEqual({ ok: false, reason: 'too_low', code: 'level_low' });
    const low = testAttempt({ level: 'low' });
    expect(await finish('code=x&state=the-state', low)).toMatchObject({
      ok: true,
      value: { level: 'low' },
    });
  });

  test.each([
    [{ sub: 'anna', nif: NIF, name: 'Anna' }, 200, { ok: true }],
    [{ sub: 'pau', nif: NIF, name: 'Anna' }, 200, { ok: false, reason: 'refused' }],
    [{ nif: NIF, name: 'Anna' }, 200, { ok: false, reason: 'refused' }],
    [{ sub: 'anna' }, 200, { ok: false, reason: 'identifier', code: 'identifier_missing' }],
    [{ error: 'x' }, 503, { ok: false, reason: 'away' }],
  ])('user info %j with status %i', async (info, status, expected) => {
    forged.claims.nif = undefined;
    forged.metadata = { userinfo_endpoint: `${forged.issuer}/me` };
    forged.answers.set('/me', (_, response) => sendJson(response, status, info));
    expect(await finish()).toMatchObject(expected);
  });

  test('what is signed counts, not what user info says else', async () => {
    forged.claims.name = undefined;
    forged.metadata = { userinfo_endpoint: `${forged.issuer}/me` };
    const info = { sub: 'anna', nif: '87654321X', name: 'Anna' };
    forged.answers.set('/me', (_, response) => sendJson(response, 200, info));
    expect(await identified()).toMatchObject({
      person: { identifier: NIF },
      name: { full: 'Anna' },
    });
  });

  test.each([
    ['nif', undefined, '12345678A', null],
    ['nif', undefined, 'X1234567L', { scheme: 'nie', country: 'ES', identifier: 'X1234567L' }],
    ['nif', undefined, 'B12345674', null],
    ['eidas', undefined, 'FR/ES/abc', { scheme: 'eidas', country: 'FR', identifier: 'FR/ES/abc' }],
    ['eidas', undefined, `ES/ES/${NIF}`, { scheme: 'dni', country: 'ES', identifier: NIF }],
    ['eidas', undefined, NIF, null],
    ['passport', 'FR', '12ab34567', { scheme: 'passport', country: 'FR', identifier: '12AB34567' }],
    ['passport', undefined, '12AB34567', null],
  ] as const)('an identifier of %s (%s) %s', async (scheme, country, said, person) => {
    forged.claims.doc = said;
    const identifier = { claim: 'doc', scheme, ...(country && { country }) };
    provider = make({ identifier });
    expect(await finish()).toMatchObject(
      person
        ? { ok: true, value: { person } }
        : { ok: false, reason: 'identifier', code: 'identifier_wrong' },
    );
  });

  test('a name is one line; without one, none is put in its place', async () => {
    forged.claims.name = 'Anna\u0000\n  Puig\u202e ';
    expect((await identified()).name).toEqual({ full: 'Anna Puig', given: null, family: null });
    Object.assign(forged.claims, { name: undefined, given_name: 'Anna', family_name: 'Puig' });
    expect((await identified()).name.full).toBe('Anna Puig');
    Object.assign(forged.claims, { given_name: undefined, family_name: undefined });
    expect((await identified()).name.full).toBe('');
  });

  test.each([
    [400, { error: 'invalid_grant' }, 'refused', 'invalid_grant'],
    [401, { error: 'invalid_client' }, 'refused', 'invalid_client'],
    [400, { error: NIF }, 'refused', 'error_unknown'],
    [503, { error: 'server_error' }, 'away', 'response_is_not_conform'],
    [200, { token_type: 'Bearer', access_token: 'x' }, 'refused', 'invalid_response'],
  ])('the token endpoint answers %i %j', async (status, body, reason, code) => {
    forged.answers.set('/token', (_, response) => sendJson(response, status, body));
    expect(await finish()).toEqual({ ok: false, reason, code });
  });

  test('a page where a token should be means that the provider is away', async () => {
    forged.answers.set('/token', (_, response) => response.writeHead(503).end('<h1>Soon</h1>'));
    expect(await finish()).toMatchObject({ ok: false, reason: 'away' });
  });

  test('a redirect of the provider is not followed', async () => {
    forged.answers.set('/token', (_, response) =>
      response.writeHead(307, { location: `${forged.issuer}/stolen` }).end(),
    );
    expect(await finish()).toEqual({ ok: false, reason: 'refused', code: 'redirected' });
    expect(forged.asked.some(({ path }) => path === '/stolen')).toBe(false);
  });

  test('an answer that is too long is not read', async () => {
    forged.answers.set('/token', (_, response) => {
      sendJson(response, 200, { access_token: 'x'.repeat(600_000), token_type: 'Bearer' });
    });
    expect(await finish()).toEqual({ ok: false, reason: 'refused', code: 'too_long' });
  });

  test('a provider that does not answer in time is away', async () => {
    provider = make({}, 0.2);
    forged.answers.set('/token', () => {});
    expect(await finish()).toEqual({ ok: false, reason: 'away', code: 'timeout' });
  });

  test.each([['javascript:alert(1)//'], ['http://evil.example/authorize'], ['data:text/html,x']])(
    'no browser is sent to %s',
    async (address) => {
      forged.metadata = { authorization_endpoint: address, end_session_endpoint: address };
      expect(await provider.start(testAttempt())).toMatchObject({ ok: false, reason: 'refused' });
      expect(await provider.leave('x.e30.x', BASE)).toBeNull();
    },
  );

  test('an issuer that can be listened to is not asked', async () => {
    provider = make({ issuer: 'http://idp.example' });
    expect(await provider.start(testAttempt())).toEqual({
      ok: false,
      reason: 'refused',
      code: 'address_not_safe',
    });
    expect(await finish()).toMatchObject({ ok: false, reason: 'refused' });
  });

  test('a provider none of whose levels is enough is not asked', async () => {
    provider = make({ levels: { [LOW]: 'low' } });
    expect(await provider.start(testAttempt())).toMatchObject({ ok: false, reason: 'too_low' });
    expect(forged.asked).toEqual([]);
  });

  test('no address has the person: a token with data is no hint', async () => {
    forged.metadata = { end_session_endpoint: `${forged.issuer}/end` };
    const { session } = await identified();
    const left = await provider.leave(session ?? '', `${BASE}/identify/test/left`);
    expect(Object.fromEntries(new URL(urlOf({ ok: true, value: left })).searchParams)).toEqual({
      post_logout_redirect_uri: `${BASE}/identify/test/left`,
      client_id: 'finestreta',
    });
    forged.metadata = {};
    provider = make();
    expect((await identified()).session).toBeNull();
  });

  test('a log has codes alone, whatever fails', async () => {
    forged.metadata = { userinfo_endpoint: `${forged.issuer}/me` };
    const failures: (() => void)[] = [
      () => Object.assign(forged.claims, { nonce: 'another' }),
      () => Object.assign(forged.claims, { nonce: 'the-nonce', aud: 'another' }),
      () => Object.assign(forged.claims, { aud: 'finestreta', acr: NIF }),
      () => Object.assign(forged.claims, { acr: HIGH, nif: '12345678A' }),
      () => forged.answers.set('/token', (_, res) => sendJson(res, 400, { error: NIF })),
    ];
    for (const fail of failures) {
      fail();
      expect(await finish()).toMatchObject({ ok: false });
    }
    expect(log.lines).toHaveLength(failures.length);
    const secrets = [
      NIF,
      '12345678A',
      'Anna',
      'the access token',
      'the client secret',
      'the-state',
    ];
    for (const secret of secrets) expect(log.lines.join('\n')).not.toContain(secret);
    for (const line of log.lines)
      expect(line).toMatch(
        /^\{"provider":"test","reason":"\w+","code":"[a-z\d_]{1,40}"\} Nobody was identified$/,
      );
  });
});
