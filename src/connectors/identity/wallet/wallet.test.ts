import { X509Certificate } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROSA } from '../../../../e2e/support/identity/pid.ts';
import { createTestWallet, type WalletWishes } from '../../../../e2e/support/identity/wallet.ts';
import { ATTEMPT_MINUTES } from '../../../domain/identity.ts';
import type { Transaction } from '../../../features/foundation/identification/types.ts';
import {
  attemptOf,
  BASE,
  begun,
  CLOCK,
  certificate,
  createWorld,
  finished,
  NOW,
  pidOf,
  postedBy,
  providerOf,
  requestFor,
  requestOf,
  settingsOf,
  type World,
} from './testing.ts';
import { createWallet } from './wallet.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});

const wishes = (more: Partial<WalletWishes> = {}): WalletWishes => ({
  pid: world.pid,
  trusts: [world.accessRoot],
  now: () => NOW,
  ...more,
});

const FORMATS = ['dc+sd-jwt', 'mso_mdoc'] as const;
const ACT: Transaction = { hash: 'aGFzaE9mVGhlQWN0', words: 'Consento que l’Anna faci el tràmit' };

describe.each(FORMATS)('a person with a %s', (format) => {
  test('is identified by the link', async () => {
    const { provider, logged } = providerOf(world);
    const { attempt, departure } = await begun(provider);
    const posted = await postedBy(provider, attempt, departure.link, wishes({ format }));
    expect(Object.keys(posted)).toEqual(['response']);
    expect(await finished(provider, attempt, posted)).toMatchObject({
      ok: true,
      value: {
        person: { scheme: 'dni', country: 'ES', identifier: '12345678Z' },
        name: { full: 'Rosa Soler Vidal', given: 'Rosa', family: 'Soler Vidal' },
        level: 'high',
        represents: null,
        session: null,
        transaction: null,
      },
    });
    expect(logged).toEqual([]);
  });

  test('is identified by the browser, for the origin of the page', async () => {
    const { provider } = providerOf(world);
    const { attempt, departure } = await begun(provider);
    expect(departure.request?.protocol).toBe('openid4vp-v1-signed');
    const request = requestOf(departure);
    const posted = await createTestWallet(wishes({ format })).hand(request, BASE);
    expect(await finished(provider, attempt, posted)).toMatchObject({
      ok: true,
      value: { person: { identifier: '12345678Z' } },
    });
  });

  test('leaves as evidence what the wallet presented, and what is needed to check it again', async () => {
    const { provider } = providerOf(world);
    const { attempt, departure } = await begun(provider);
    const posted = await postedBy(provider, attempt, departure.link, wishes({ format }));
    const answer = await finished(provider, attempt, posted);
    if (!answer.ok) throw new Error(answer.code);
    const [presentation, bound] = answer.value.evidence;
    expect(presentation?.type).toBe(
      format === 'dc+sd-jwt' ? 'application/dc+sd-jwt' : 'application/cbor',
    );
    expect(presentation?.bytes.includes('Rosa')).toBe(format === 'mso_mdoc');
    expect(bound?.type).toBe('application/json');
    expect(JSON.parse(String(bound?.bytes))).toMatchObject({
      nonce: attempt.checks.nonce,
      responseUri: `${BASE}/identify/cartera/answer/att1`,
      clientId: expect.stringMatching(/^x509_hash:/),
      checked: NOW.toString(),
    });
  });

  test('shows the town nothing that it did not ask for', async () => {
    const { provider } = providerOf(world);
    const { attempt, departure } = await begun(provider);
    const posted = await postedBy(provider, attempt, departure.link, wishes({ format }));
    const answer = await finished(provider, attempt, posted);
    if (!answer.ok) throw new Error(answer.code);
    const bytes = answer.value.evidence[0]?.bytes.toString('latin1') ?? '';
    const readable = bytes
      .split('~')
      .map((part) => Buffer.from(part, 'base64url').toString())
      .join();
    for (const secret of [ROSA.birthdate ?? '', ROSA.document_number ?? ''])
      expect(bytes + readable).not.toContain(secret);
  });
});

test('an act is confirmed with the key of the holder', async () => {
  const { provider } = providerOf(world);
  const { attempt, departure } = await begun(provider, { transaction: ACT });
  const posted = await postedBy(provider, attempt, departure.link, wishes());
  expect(await finished(provider, attempt, posted)).toMatchObject({
    ok: true,
    value: { transaction: ACT.hash },
  });
});

test('an act is shown in the wallet with its words and its hash', async () => {
  const { provider } = providerOf(world);
  const { attempt } = await begun(provider, { transaction: ACT });
  const request = await requestFor(provider, attempt);
  const { transaction_data: data, dcql_query: query } = decodeJwt(request);
  const [text] = data as string[];
  expect(JSON.parse(Buffer.from(text ?? '', 'base64url').toString())).toMatchObject({
    credential_ids: ['pid_sd_jwt'],
    act: ACT.words,
    act_hash: ACT.hash,
  });
  expect((query as { credentials: unknown[] }).credentials).toHaveLength(1);
});

test('the link opens a wallet, and has the address of the request and nothing else', async () => {
  const { provider } = providerOf(world);
  const { departure } = await begun(provider);
  const link = new URL(departure.link);
  expect(link.protocol).toBe('openid4vp:');
  expect(Object.fromEntries(link.searchParams)).toEqual({
    client_id: expect.stringMatching(/^x509_hash:[\w-]{43}$/),
    request_uri: `${BASE}/identify/cartera/request/att1`,
    request_uri_method: 'post',
  });
  const haip = await begun(providerOf(world, { scheme: 'haip-vp' }).provider);
  expect(haip.departure.link).toMatch(/^haip-vp:\/\/\?/);
});

test('the request is signed, for one attempt, and asks for a name, a number and a country', async () => {
  const { provider } = providerOf(world);
  const { attempt } = await begun(provider);
  const request = await provider.request?.(attempt, new URLSearchParams({ wallet_nonce: 'w1' }));
  if (!request?.ok) throw new Error('No request');
  const { contentType, body } = request.value;
  expect(contentType).toBe('application/oauth-authz-req+jwt');
  expect(decodeProtectedHeader(body)).toEqual({
    alg: 'ES256',
    typ: 'oauth-authz-req+jwt',
    x5c: [world.access.der.toString('base64')],
  });
  const claims = decodeJwt(body);
  expect(claims).toMatchObject({
    response_type: 'vp_token',
    response_mode: 'direct_post.jwt',
    response_uri: `${BASE}/identify/cartera/answer/att1`,
    nonce: attempt.checks.nonce,
    state: attempt.checks.state,
    aud: 'https://self-issued.me/v2',
    wallet_nonce: 'w1',
    exp: NOW.epochMilliseconds / 1000 + ATTEMPT_MINUTES * 60,
  });
  expect(JSON.stringify(claims)).not.toMatch(/birth|address|portrait|"d":/);
  expect(JSON.stringify(claims.dcql_query).match(/"path":\[[^\]]+\]/g)).toHaveLength(8);
});

test('the chain of the request leaves out the root', async () => {
  const secrets = {
    secret: null,
    key: world.access.keyPem,
    certificate: `${world.access.pem}\n${world.accessRoot.pem}`,
  };
  const provider = createWallet(settingsOf(world), secrets, {
    clock: CLOCK,
    log: { warn: () => {} },
  });
  const { attempt } = await begun(provider);
  const request = await requestFor(provider, attempt);
  expect(decodeProtectedHeader(request).x5c).toHaveLength(1);
});

test('wallets can know the town by the name of its host', async () => {
  const { provider } = providerOf(world, { clientId: 'x509_san_dns' });
  const { attempt, departure } = await begun(provider);
  expect(departure.link).toContain('client_id=x509_san_dns%3Acites.vilaclara.example');
  const posted = await postedBy(provider, attempt, departure.link, wishes());
  expect(await finished(provider, attempt, posted)).toMatchObject({ ok: true });
});

test('without the Digital Credentials API there is the link alone', async () => {
  const { departure } = await begun(providerOf(world, { isOnDevice: false }).provider);
  expect(departure.request).toBeNull();
});

test('two attempts have different keys for the answer', async () => {
  const { provider } = providerOf(world);
  const [one, other] = [await begun(provider), await begun(provider)];
  expect(one.attempt.kept).not.toBe(other.attempt.kept);
});

test('a level that wallets are not trusted with is too low before anybody opens one', async () => {
  const { provider } = providerOf(world, { level: 'substantial' });
  expect(await provider.start(attemptOf({ level: 'high' }))).toEqual({
    ok: false,
    reason: 'too_low',
    code: 'level_substantial',
  });
});

test('there is no session at a wallet to leave', async () => {
  expect(await providerOf(world).provider.leave('', BASE)).toBeNull();
});

describe('a person of another state', () => {
  const german = { ...ROSA, issuing_country: 'DE', personal_administrative_number: 'T22000129' };

  test('has the number of that state', async () => {
    const root = await certificate({ subject: 'CN=PID DE,C=DE', authority: {} });
    const signer = await certificate({ subject: 'CN=Signer DE,C=DE', by: root });
    const { provider } = providerOf({ ...world, root });
    const { attempt, departure } = await begun(provider);
    const pid = await pidOf([signer], { data: german });
    const posted = await postedBy(provider, attempt, departure.link, wishes({ pid }));
    expect(await finished(provider, attempt, posted)).toMatchObject({
      ok: true,
      value: { person: { scheme: 'eidas', country: 'DE', identifier: 'DE/ES/T22000129' } },
    });
  });

  test('of Greece is one person, whether its authority writes GR or EL', async () => {
    const root = await certificate({ subject: 'CN=PID GR,C=GR', authority: {} });
    const signer = await certificate({ subject: 'CN=Signer GR,C=GR', by: root });
    const { provider } = providerOf({ ...world, root });
    for (const issuing_country of ['GR', 'EL']) {
      const { attempt, departure } = await begun(provider);
      const data = { ...german, issuing_country };
      const pid = await pidOf([signer], { data });
      const posted = await postedBy(provider, attempt, departure.link, wishes({ pid }));
      expect(await finished(provider, attempt, posted)).toMatchObject({
        value: { person: { scheme: 'eidas', country: 'EL', identifier: 'EL/ES/T22000129' } },
      });
    }
  });

  test('is not confirmed by an authority of this one', async () => {
    const { provider } = providerOf(world);
    const { attempt, departure } = await begun(provider);
    const pid = await pidOf([world.signer], { data: german });
    const posted = await postedBy(provider, attempt, departure.link, wishes({ pid }));
    expect(await finished(provider, attempt, posted)).toMatchObject({
      reason: 'refused',
      code: 'country_of_other_authority',
    });
  });
});

test.each([
  ['Ro\u202Esa\u0000', 'Soler\n Vidal', 'Rosa Soler Vidal'],
  ['R'.repeat(250), 'Soler', `${'R'.repeat(200)}`],
])('a name %j %j is cleaned as that of any provider', async (given_name, family_name, full) => {
  const { provider } = providerOf(world);
  const { attempt, departure } = await begun(provider);
  const pid = await pidOf([world.signer], { data: { ...ROSA, given_name, family_name } });
  const posted = await postedBy(provider, attempt, departure.link, wishes({ pid }));
  expect(await finished(provider, attempt, posted)).toMatchObject({ value: { name: { full } } });
});

test('data without a name that can be read are refused', async () => {
  const { provider } = providerOf(world);
  const { attempt, departure } = await begun(provider);
  const pid = await pidOf([world.signer], { data: { ...ROSA, family_name: '\u202E' } });
  const posted = await postedBy(provider, attempt, departure.link, wishes({ pid }));
  expect(await finished(provider, attempt, posted)).toMatchObject({ code: 'name_missing' });
});

test('the clock is that of the machine, and the attempt has none', async () => {
  const late = { clock: { now: () => NOW.add({ hours: 24 * 60 }) }, log: { warn: () => {} } };
  const secrets = { secret: null, key: world.access.keyPem, certificate: world.access.pem };
  expect(await createWallet(settingsOf(world), secrets, late).start(attemptOf())).toMatchObject({
    code: 'access_certificate_expired',
  });
});

test.each([
  ['', 'number_missing'],
  ['12345678A', 'number_unusable'],
])('a number %j is none that the town can use', async (number, code) => {
  const { provider } = providerOf(world);
  const { attempt, departure } = await begun(provider);
  const data = { ...ROSA, personal_administrative_number: number };
  const pid = await pidOf([world.signer], { data });
  const posted = await postedBy(provider, attempt, departure.link, wishes({ pid }));
  expect(await finished(provider, attempt, posted)).toEqual({
    ok: false,
    reason: 'identifier',
    code,
  });
});

describe('a town that is not set up for wallets', () => {
  const start = (secrets: { key?: string; certificate?: string }, clientId = 'x509_hash') =>
    createWallet(
      settingsOf(world, { clientId: clientId as 'x509_hash' }),
      { secret: null, key: secrets.key ?? null, certificate: secrets.certificate ?? null },
      { clock: CLOCK, log: { warn: () => {} } },
    ).start(attemptOf());
  const away = (code: string) => ({ ok: false, reason: 'away', code });

  test('has no certificate', async () => {
    expect(await start({})).toEqual(away('access_certificate_missing'));
  });

  test('has the certificate of another key', async () => {
    const { keyPem: key } = world.root;
    const { pem } = world.access;
    expect(await start({ key, certificate: pem })).toEqual(away('access_certificate_of_other_key'));
  });

  test('has a certificate that ended', async () => {
    const until = NOW.subtract({ hours: 1 });
    const old = await certificate({ subject: 'CN=Old,C=ES', by: world.accessRoot, until });
    expect(new X509Certificate(old.pem).validToDate < new Date(NOW.epochMilliseconds)).toBe(true);
    expect(await start({ key: old.keyPem, certificate: old.pem })).toEqual(
      away('access_certificate_expired'),
    );
  });

  test('has the certificate of another host', async () => {
    const hosts = ['elsewhere.example'];
    const other = await certificate({ subject: 'CN=Other,C=ES', by: world.accessRoot, hosts });
    expect(await start({ key: other.keyPem, certificate: other.pem }, 'x509_san_dns')).toEqual(
      away('access_certificate_of_other_host'),
    );
  });
});
