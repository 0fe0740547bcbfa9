import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ForgedProvider, forgedProvider, sendJson } from '../../../lib/oidc/testing.ts';
import { createProvider, type Provider } from './provider.ts';

const others = generateKeyPairSync('rsa', { modulusLength: 2048 });
const CHECKS = { state: 'the state', nonce: 'the nonce', verifier: 'v'.repeat(43) };
let forged: ForgedProvider;
let provider: Provider;

beforeAll(async () => {
  forged = await forgedProvider('finestreta');
  provider = createProvider({
    settings: {
      issuer: forged.issuer,
      clientId: 'finestreta',
      clientSecret: 'secret',
      name: 'Vilaprova',
      secondFactor: ['mfa'],
    },
    baseUrl: 'http://localhost:3000',
    log: { warn: () => {} },
  });
});
afterAll(() => forged.close());
beforeEach(() => {
  const email = { email: 'anna@vilaprova.example', email_verified: true };
  forged.forget({ nonce: CHECKS.nonce, ...email });
});

const exchange = () =>
  provider.exchange(
    new URL(`http://localhost:3000/staff/sso/callback?code=x&state=${CHECKS.state}`),
    CHECKS,
  );

test('what fits is believed', async () => {
  expect(await exchange()).toEqual({
    ok: true,
    value: { subject: 'anna', email: 'anna@vilaprova.example', secondFactor: false },
  });
});

test.each([
  ['for another client', { aud: 'another' }],
  ['of another issuer', { iss: 'https://evil.example' }],
  ['for another request', { nonce: 'another' }],
  ['for no request', { nonce: undefined }],
  ['about nobody', { sub: undefined }],
])('a token %s is refused', async (_, changed) => {
  Object.assign(forged.claims, changed);
  expect(await exchange()).toEqual({ ok: false, reason: 'refused' });
});

test.each([
  ['that somebody else signed', () => others.privateKey],
  ['that nobody signed', () => null],
])('a token %s is refused', async (_, by) => {
  forged.signedBy = by();
  expect(await exchange()).toEqual({ ok: false, reason: 'refused' });
});

test('a token that is over, by our clock, is told from one that lies', async () => {
  const { iat, exp } = forged.claims;
  Object.assign(forged.claims, { iat: Number(iat) - 900, exp: Number(exp) - 900 });
  expect(await exchange()).toEqual({ ok: false, reason: 'clock' });
});

test.each([
  [400, 'refused'],
  [503, 'away'],
])('a status of %i: %s', async (code, reason) => {
  forged.answers.set('/token', (_, response) =>
    sendJson(response, code, { error: 'invalid_grant' }),
  );
  expect(await exchange()).toEqual({ ok: false, reason });
});

test('a provider without a page to sign out has none', async () => {
  expect(await provider.logoutUrl()).toBeNull();
});
