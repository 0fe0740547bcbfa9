import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../clock.ts';

/** A provider of OpenID Connect that can be made to say anything: its tokens are made by hand. */
export interface ForgedProvider {
  issuer: string;
  /** The keys that it publishes. */
  keys: { privateKey: KeyObject; publicKey: KeyObject };
  /** The claims of the ID token. `forget` sets honest ones. */
  claims: Record<string, unknown>;
  /** What signs the ID token; null: nobody, with the algorithm `none`. */
  signedBy: KeyObject | null;
  /** Replaces what is answered at a path, such as `/token`. */
  answers: Map<string, (request: IncomingMessage, response: ServerResponse) => void>;
  /** Added to the metadata. */
  metadata: Record<string, unknown>;
  /** The bodies and queries that it was sent, by path. */
  asked: { path: string; query: URLSearchParams; form: URLSearchParams }[];
  /** Becomes honest again; `claims` are added to the honest ones. */
  forget(claims: Record<string, unknown>): void;
  close(): Promise<void>;
}

/** Starts a provider of one client on this machine. */
export async function forgedProvider(clientId: string): Promise<ForgedProvider> {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const server = createServer((request, response) => void handle(provider, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: ForgedProvider = {
    issuer,
    keys,
    claims: {},
    signedBy: keys.privateKey,
    answers: new Map(),
    metadata: {},
    asked: [],
    forget: (claims) => {
      const now = Math.floor(systemClock.now().epochMilliseconds / 1000);
      const times = { iat: now, exp: now + 300, auth_time: now };
      provider.claims = { iss: issuer, aud: clientId, sub: 'anna', ...times, ...claims };
      provider.signedBy = keys.privateKey;
      provider.answers.clear();
      provider.metadata = {};
      provider.asked = [];
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return provider;
}

async function handle(
  provider: ForgedProvider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname: path, searchParams: query } = new URL(request.url ?? '/', provider.issuer);
  let body = '';
  for await (const part of request) body += part;
  provider.asked.push({ path, query, form: new URLSearchParams(body) });
  const answer = provider.answers.get(path);
  if (answer) answer(request, response);
  else sendJson(response, 200, honestAnswer(provider, path));
}

/** Answers with a value. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function honestAnswer(provider: ForgedProvider, path: string): object {
  const { issuer, keys, metadata } = provider;
  if (path === '/.well-known/openid-configuration')
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      id_token_signing_alg_values_supported: ['RS256'],
      ...metadata,
    };
  if (path === '/keys') {
    const published = keys.publicKey.export({ format: 'jwk' });
    return { keys: [{ ...published, use: 'sig', alg: 'RS256' }] };
  }
  return { access_token: 'the access token', token_type: 'Bearer', id_token: tokenOf(provider) };
}

function tokenOf({ claims, signedBy }: ForgedProvider): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const said = `${part({ alg: signedBy ? 'RS256' : 'none' })}.${part(claims)}`;
  const signature = signedBy && createSign('RSA-SHA256').update(said).sign(signedBy, 'base64url');
  return `${said}.${signature ?? ''}`;
}
