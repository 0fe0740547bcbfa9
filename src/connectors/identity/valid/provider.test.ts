import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  type ValidFailure,
  type ValidPerson,
  type ValidServer,
  type ValidService,
  validServer,
} from '../../../../e2e/support/identity/valid.ts';
import type { GivenLevel } from '../../../domain/identity.ts';
import type { SettingsOf } from '../../../domain/office/identity.ts';
import type {
  Answered,
  Identified,
  IdentityProvider,
} from '../../../features/foundation/identification/types.ts';
import { NO_SECRETS } from '../../../lib/provider-secrets.ts';
import { BASE, testAttempt, testLog, urlOf } from '../testing.ts';
import { createValid } from './provider.ts';

const ANNA = 'Anna (idCAT Mòbil)';
const OMAR = 'Omar (Cl@ve)';
const BAKER = 'Júlia (certificat, representant)';
const SEAL = 'Ajuntament (segell)';
const RETURN = `${BASE}/identify/test/return`;
const log = testLog();
let server: ValidServer;
let provider: IdentityProvider;
let evidence: string[];

beforeAll(async () => {
  server = await validServer({ redirectUris: [RETURN, `${BASE}/identify/other/return`] });
  ({ evidence } = server);
});
afterAll(() => server.close());
beforeEach(() => {
  log.lines.length = 0;
  server.failing.clear();
  server.asked.length = 0;
  server.evidence = evidence;
  provider = make();
});

function make(
  changed: Partial<SettingsOf<'valid'>> = {},
  secret: string | null = server.clientSecret,
  timeoutSeconds = 10,
): IdentityProvider {
  const settings: SettingsOf<'valid'> = {
    kind: 'valid',
    code: 'test',
    name: { ca: 'VÀLid', es: 'VÀLid', en: 'VÀLid', eu: 'VÀLid' },
    endpoint: server.endpoint,
    clientId: server.clientId,
    levels: { low: 'low', substantial: 'substantial', high: 'high' },
    ...changed,
  };
  return createValid(settings, { ...NO_SECRETS, secret }, { log, timeoutSeconds });
}

const at = (level: GivenLevel) => testAttempt({ level });
const answerOf = (url: string) => ({ url: new URL(url), posted: null });

async function identify(person: string, level: GivenLevel = 'low', given?: string) {
  const start = await provider.start(at(level));
  const back = await server.visit(urlOf(start), person, 'yes', given ? { level: given } : {});
  return provider.finish(answerOf(back), at(level));
}

/** Identifies somebody of whom VÀLid says this. */
function saying(person: ValidPerson): Promise<Answered<Identified>> {
  server.people.set('somebody', { method: 'clave', assuranceLevel: 'high', ...person });
  return identify('somebody');
}

const finish = (query: string) => provider.finish(answerOf(`${RETURN}?${query}`), at('low'));

test('a person is identified, with the evidence', async () => {
  const found = await identify(ANNA);
  expect(found).toMatchObject({
    ok: true,
    value: {
      person: { scheme: 'dni', country: 'ES', identifier: '12345678Z' },
      name: { full: 'Anna Puig Serra', given: 'Anna', family: 'Puig Serra' },
      represents: null,
      level: 'low',
      method: 'idcatmobil',
      session: expect.stringMatching(/^1\//),
      transaction: null,
    },
  });
  const { evidence: parts } = (found as { value: Identified }).value;
  expect(parts.map(({ type }) => type)).toEqual([
    'application/json',
    'application/json',
    'application/json',
    'application/xml',
  ]);
  expect(JSON.parse(String(parts[0]?.bytes))).toMatchObject({ phone: '600000000' });
  expect(String(parts[3]?.bytes)).toContain('<message>');
  expect(log.lines).toEqual([]);
});

test('the request has what the documentation has, and nothing else', async () => {
  const url = new URL(urlOf(await provider.start(at('low'))));
  expect(url.origin + url.pathname).toBe(`${server.endpoint}/o/oauth2/auth`);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    response_type: 'code',
    client_id: server.clientId,
    redirect_uri: RETURN,
    scope: 'autenticacio_usuari',
    state: 'the-state',
    access_type: 'online',
    approval_prompt: 'auto',
  });
});

test('Cl@ve gives no type of document; a representative acts for an organisation', async () => {
  expect(await identify(OMAR)).toMatchObject({
    ok: true,
    value: {
      person: { scheme: 'nie', identifier: 'X1234567L' },
      name: { full: 'OMAR BENALI' },
      method: 'clave',
      level: 'substantial',
    },
  });
  expect(await identify(BAKER)).toMatchObject({
    ok: true,
    value: {
      person: { scheme: 'dni', identifier: '00000000T' },
      represents: { identifier: 'B12345674', name: 'Forn de Prova, SL' },
    },
  });
});

test.each([
  [{ identifier: '12345678-z' }, 'dni', 'ES', '12345678Z'],
  [{ identifier: 'X1234567L', identifierType: '2' }, 'nie', 'ES', 'X1234567L'],
  [
    { identifier: '12AB34567', identifierType: '3', countryCode: 'fr' },
    'passport',
    'FR',
    '12AB34567',
  ],
  [{ identifier: 'AB 12345', identifierType: '4', countryCode: 'IT' }, 'other', 'IT', 'AB12345'],
  [{ identifier: '12AB34567', countryCode: 'FR' }, 'passport', 'FR', '12AB34567'],
  [{ identifier: '12345678Z', certificateType: '5' }, 'dni', 'ES', '12345678Z'],
  // As Cl@ve and wallets write it, whatever type and country are said of it.
  [{ identifier: 'FR/ES/abc-D' }, 'eidas', 'FR', 'FR/ES/abc-D'],
  [{ identifier: 'FR/ES/abc-D', countryCode: 'FR' }, 'eidas', 'FR', 'FR/ES/abc-D'],
  [
    { identifier: 'FR/ES/abc-D', identifierType: '4', countryCode: 'FR' },
    'eidas',
    'FR',
    'FR/ES/abc-D',
  ],
  [{ identifier: 'ES/ES/12345678Z', countryCode: 'ES' }, 'dni', 'ES', '12345678Z'],
  // A number of another country that looks like a DNI is none.
  [{ identifier: '12345678Z', countryCode: 'PT' }, 'passport', 'PT', '12345678Z'],
])('%j is a %s of %s', async (said, scheme, country, identifier) => {
  expect(await saying(said)).toMatchObject({
    ok: true,
    value: { person: { scheme, country, identifier } },
  });
});

const NOBODY: [ValidPerson, string, string?][] = [
  [{}, 'identifier_wrong'],
  [{ identifier: '12345678A', identifierType: '1' }, 'identifier_wrong'],
  [{ identifier: '12AB34567', identifierType: '1', countryCode: 'FR' }, 'identifier_wrong'],
  [{ identifier: '12345678A', countryCode: 'ES' }, 'identifier_wrong'],
  [{ identifier: '12345678A' }, 'identifier_wrong'],
  [{ identifier: 'ES/ES/12345678A', countryCode: 'FR' }, 'identifier_wrong'],
  [{ identifier: '12AB34567', identifierType: '3' }, 'identifier_wrong'],
  [{ identifier: '12345678Z', identifierType: '5' }, 'identifier_wrong'],
  [{ identifier: '12345678Z', certificateType: '11' }, 'organisation_wrong', 'organisation'],
  [
    { identifier: '12345678Z', certificateType: '12', companyId: 'B12345675' },
    'organisation_wrong',
    'organisation',
  ],
  ...['1', '2', '3', '4', '6', '7', '8', '9', '10', '13', 'constructor'].map(
    (certificateType): [ValidPerson, string, string] => [
      { identifier: '12345678Z', certificateType },
      'certificate_of_nobody',
      'organisation',
    ],
  ),
];
test.each(NOBODY)('%j identifies nobody: %s', async (said, code, reason = 'identifier') => {
  expect(await saying(said)).toEqual({ ok: false, reason, code });
});

test('the seal of an organisation identifies nobody', async () => {
  expect(await identify(SEAL)).toMatchObject({ ok: false, reason: 'organisation' });
});

test('without a name, none is put in its place; a method that is no word is left out', async () => {
  expect(await saying({ identifier: '12345678Z', method: '<b>' })).toMatchObject({
    value: { name: { full: '', given: null, family: null }, method: 'valid' },
  });
});

test.each([
  ['low', 'substantial', 'too_low', 'level_low'],
  ['substantial', 'high', 'too_low', 'level_substantial'],
  ['No informat', 'low', 'refused', 'level_unknown'],
  ['constructor', 'low', 'refused', 'level_unknown'],
] as const)('the level %s where %s is demanded: %s', async (given, demanded, reason, code) => {
  expect(await identify(ANNA, demanded, given)).toEqual({ ok: false, reason, code });
});

test('a person whose level was too low can choose another way, in the same browser', async () => {
  const jar = new Map<string, string>();
  const go = async (person: string) => {
    const url = urlOf(await provider.start(at('substantial')));
    const back = await server.visit(url, person, 'yes', { jar });
    return provider.finish(answerOf(back), at('substantial'));
  };
  const before = server.sessions();
  expect(await go(ANNA)).toMatchObject({ ok: false, reason: 'too_low' });
  expect(server.sessions()).toBe(before);
  expect(await go(OMAR)).toMatchObject({ ok: true, value: { person: { scheme: 'nie' } } });
});

test('leaving ends the session and the token there, once and again', async () => {
  const jar = new Map<string, string>();
  const url = urlOf(await provider.start(at('low')));
  const found = await provider.finish(
    answerOf(await server.visit(url, ANNA, 'yes', { jar })),
    at('low'),
  );
  const session = (found as { value: Identified }).value.session ?? '';
  const open = server.sessions();
  expect(await provider.leave(session, BASE)).toBeNull();
  expect(server.sessions()).toBe(open - 1);
  const info = await fetch(`${server.endpoint}/serveis-rest/getUserInfo?AccessToken=${session}`);
  expect(await info.json()).toMatchObject({ status: 'ko' });
  expect(await provider.leave(session, BASE)).toBeNull();
  expect(log.lines).toEqual([]);
  server.failing.set('logout', 'down');
  expect(await provider.leave(session, BASE)).toBeNull();
  expect(log.lines.join()).toContain('http_500');
});

test('stopping is cancelled, and waiting too long is expired', async () => {
  const url = urlOf(await provider.start(at('low')));
  const no = await server.visit(url, ANNA, 'no');
  expect(await provider.finish(answerOf(no), at('low'))).toMatchObject({ reason: 'cancelled' });
  expect(log.lines).toEqual([]);
  const late = await server.visit(url, ANNA, 'late');
  expect(await provider.finish(answerOf(late), at('low'))).toMatchObject({ reason: 'expired' });
});

test.each([
  ['error=access_denied&state=the-state', 'denied', 'access_denied'],
  ['error=SERVER_ERROR&state=the-state', 'away', 'server_error'],
  ['error=unauthorized_client&state=the-state', 'refused', 'unauthorized_client'],
  ['error=12345678Z&state=the-state', 'refused', 'error_unknown'],
  ['error=SESSION_CANCEL&state=another', 'refused', 'state_wrong'],
  ['code=x&state=another', 'refused', 'state_wrong'],
  ['code=x', 'refused', 'state_wrong'],
  ['code=x&state=the-state&state=the-state', 'refused', 'state_wrong'],
  ['code=x&code=y&state=the-state', 'refused', 'code_missing'],
  [`code=${'x'.repeat(2001)}&state=the-state`, 'refused', 'code_missing'],
  ['state=the-state', 'refused', 'code_missing'],
  ['code=1%2Fmade-up&state=the-state', 'refused', 'invalid_grant'],
])('the answer %s: %s', async (query, reason, code) => {
  expect(await finish(query)).toEqual({ ok: false, reason, code });
});

test('a code is worth one identification, at one address, for one client', async () => {
  const visit = async () =>
    answerOf(await server.visit(urlOf(await provider.start(at('low'))), ANNA));
  const answer = await visit();
  expect(await provider.finish(answer, at('low'))).toMatchObject({ ok: true });
  const refused = { ok: false, reason: 'refused', code: 'invalid_grant' };
  expect(await provider.finish(answer, at('low'))).toEqual(refused);
  const other = testAttempt({ level: 'low', returnUrl: `${BASE}/identify/other/return` });
  expect(await provider.finish(await visit(), other)).toEqual(refused);
  const client = { ...refused, code: 'invalid_client' };
  expect(await make({}, 'another secret').finish(await visit(), at('low'))).toEqual(client);
  const another = make({ clientId: 'another.serveis.aoc.cat' });
  expect(await another.finish(await visit(), at('low'))).toEqual(client);
});

const FAILED: [ValidService, ValidFailure, string, string][] = [
  ['token', 'ko', 'refused', 'token_wrong'],
  ['token', 'down', 'away', 'http_500'],
  ['token', 'page', 'away', 'not_json'],
  ['token', 'wrong', 'refused', 'token_wrong'],
  ['token', 'long', 'refused', 'too_long'],
  ['token', 'elsewhere', 'refused', 'redirected'],
  ['getUserInfo', 'ko', 'denied', 'info_ko'],
  ['getUserInfo', 'over', 'expired', 'info_expired'],
  ['getUserInfo', 'down', 'away', 'http_500'],
  ['getUserInfo', 'page', 'away', 'not_json'],
  ['getUserInfo', 'wrong', 'refused', 'info_wrong'],
  ['getUserInfo', 'long', 'refused', 'too_long'],
  ['getUserInfo', 'elsewhere', 'refused', 'redirected'],
  ['getAuthenticationEvidence', 'ko', 'denied', 'evidence_ko'],
  ['getAuthenticationEvidence', 'down', 'away', 'http_500'],
  ['getAuthenticationEvidence', 'long', 'refused', 'too_long'],
  ['getAuthenticationEvidence', 'elsewhere', 'refused', 'redirected'],
];
test.each(FAILED)('%s fails (%s): %s, %s', async (service, failure, reason, code) => {
  server.failing.set(service, failure);
  expect(await identify(ANNA)).toEqual({ ok: false, reason, code });
  expect(server.asked.some(({ path }) => path === '/elsewhere')).toBe(false);
});

test.each(['token', 'getUserInfo', 'getAuthenticationEvidence'] as const)(
  '%s that does not answer in time is away',
  async (service) => {
    provider = make({}, server.clientSecret, 0.2);
    server.failing.set(service, 'slow');
    expect(await identify(ANNA)).toEqual({ ok: false, reason: 'away', code: 'timeout' });
  },
);

test('a VÀLid that is switched off is away', async () => {
  await server.goAway();
  expect(await finish('code=x&state=the-state')).toEqual({
    ok: false,
    reason: 'away',
    code: 'network',
  });
  await server.comeBack();
  expect(await identify(ANNA)).toMatchObject({ ok: true });
});

test('evidence that is neither XML nor JSON is kept as it is; what is none, or too much, is refused', async () => {
  const part = (text: string) => Buffer.from(text).toString('base64');
  server.evidence = [part('\u0000\u0001'), part('<not ended'), part('{"a":'), '', part(' <a/>\n')];
  const found = await identify(ANNA);
  const types = (found as { value: Identified }).value.evidence.map(({ type }) => type);
  const unknown = 'application/octet-stream';
  expect(types).toEqual(['application/json', unknown, unknown, unknown, 'application/xml']);
  server.evidence = ['no base64!'];
  expect(await identify(ANNA)).toMatchObject({ reason: 'refused', code: 'evidence_wrong' });
  server.evidence = Array.from({ length: 21 }, () => part('<a/>'));
  expect(await identify(ANNA)).toMatchObject({ reason: 'refused', code: 'evidence_too_many' });
  server.evidence = [];
  expect(await identify(ANNA)).toMatchObject({ ok: true });
});

test('nobody is sent to a VÀLid without a secret, without the level, or that can be listened to', async () => {
  expect(await make({}, null).start(at('low'))).toMatchObject({ code: 'secret_missing' });
  const low = make({ levels: { low: 'low' } });
  expect(await low.start(at('high'))).toMatchObject({ reason: 'too_low' });
  const open = make({ endpoint: 'http://valid.example' });
  expect(await open.start(at('low'))).toMatchObject({ code: 'address_not_safe' });
  const script = make({ endpoint: 'javascript:alert(1)//' });
  expect(await script.start(at('low'))).toMatchObject({ code: 'address_not_safe' });
});

test('a log has codes alone, and no address of ours has the token', async () => {
  for (const failure of ['ko', 'down', 'wrong', 'page'] as const)
    for (const service of ['token', 'getUserInfo', 'getAuthenticationEvidence'] as const) {
      server.failing.clear();
      server.failing.set(service, failure);
      expect(await identify(ANNA)).toMatchObject({ ok: false });
    }
  server.failing.clear();
  expect(await saying({ identifier: '12345678A' })).toMatchObject({ ok: false });
  expect(log.lines).toHaveLength(13);
  for (const secret of ['12345678', 'Anna', '1/', server.clientSecret, 'the-state', '600000000'])
    expect(log.lines.join('\n')).not.toContain(secret);
  for (const line of log.lines)
    expect(line).toMatch(
      /^\{"provider":"test","reason":"\w+","code":"[a-z\d_]{1,40}"\} Nobody was identified$/,
    );
});
