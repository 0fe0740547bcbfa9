import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../lib/clock.ts';
import { createProvider, type Provider } from './provider.ts';

/** A provider that can be made to say anything: the ID token is made by hand. */
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const others = generateKeyPairSync('rsa', { modulusLength: 2048 });
const CHECKS = { state: 'the state', nonce: 'the nonce', verifier: 'v'.repeat(43) };
let server: Server;
let issuer: string;
let provider: Provider;
/** The provider's claims, and their signing key. */
let claims: Record<string, unknown>;
let signedBy: KeyObject | null;
let status = 200;

beforeAll(async () => {
  server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.statusCode = request.url === '/token' ? status : 200;
    response.end(JSON.stringify(answers(request.url ?? '')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  provider = createProvider({
    settings: {
      ...{ issuer, clientId: 'finestreta', clientSecret: 'secret' },
      ...{ name: 'Vilaprova', secondFactor: ['mfa'] },
    },
    baseUrl: 'http://localhost:3000',
    log: { warn: () => {} },
  });
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  const now = Math.floor(systemClock.now().epochMilliseconds / 1000);
  status = 200;
  signedBy = keys.privateKey;
  claims = {
    ...{ iss: issuer, aud: 'finestreta', sub: 'anna', nonce: CHECKS.nonce },
    ...{ iat: now, exp: now + 300, email: 'anna@vilaprova.example', email_verified: true },
  };
});

function answers(path: string): object {
  switch (path) {
    case '/.well-known/openid-configuration':
      return {
        ...{ issuer, authorization_endpoint: `${issuer}/authorize` },
        ...{ token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys` },
        id_token_signing_alg_values_supported: ['RS256'],
      };
    case '/keys':
      return { keys: [{ ...keys.publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] };
    default:
      if (status !== 200) return { error: 'invalid_grant' };
      return { access_token: 'x', token_type: 'Bearer', id_token: token() };
  }
}

function token(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const said = `${part({ alg: signedBy ? 'RS256' : 'none' })}.${part(claims)}`;
  const signature = signedBy && createSign('RSA-SHA256').update(said).sign(signedBy, 'base64url');
  return `${said}.${signature ?? ''}`;
}

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
  Object.assign(claims, changed);
  expect(await exchange()).toEqual({ ok: false, reason: 'refused' });
});

test.each([
  ['that somebody else signed', () => others.privateKey],
  ['that nobody signed', () => null],
])('a token %s is refused', async (_, by) => {
  signedBy = by();
  expect(await exchange()).toEqual({ ok: false, reason: 'refused' });
});

test('a token that is over, by our clock, is told from one that lies', async () => {
  Object.assign(claims, { iat: Number(claims.iat) - 900, exp: Number(claims.exp) - 900 });
  expect(await exchange()).toEqual({ ok: false, reason: 'clock' });
});

test.each([
  [400, 'refused'],
  [503, 'away'],
])('a status of %i: %s', async (code, reason) => {
  status = code;
  expect(await exchange()).toEqual({ ok: false, reason });
});

test('a provider without a page to sign out has none', async () => {
  expect(await provider.logoutUrl()).toBeNull();
});
