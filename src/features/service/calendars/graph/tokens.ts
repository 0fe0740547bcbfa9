import { createHash } from 'node:crypto';
import type { GraphSettings } from '../../../../lib/graph/settings.ts';
import { askServer, headerOf, type Reach } from '../asking.ts';
import { Trouble, troubleOfStatus } from '../trouble.ts';
import { type Json, jsonIn, textAt } from './json.ts';

/**
 * The sign-in of the Microsoft identity platform: OAuth 2.0 with a code, PKCE (RFC 7636) and a client secret. Microsoft Learn: "Microsoft
 * identity platform and OAuth 2.0 authorization code flow".
 */

/** What a person let us have. */
export interface Tokens {
  /** Opens the calendars for about an hour. */
  access: string;
  /** When that ends, an ISO instant. */
  until: string;
  /** Gives the next ones. Each answer replaces it. */
  refresh: string;
}

/** Whose calendars are asked for: the person's own, or also those that others share with them, for a desk. */
export type Asked = 'own' | 'shared';

const SCOPES: Record<Asked, string> = {
  own: 'Calendars.ReadWrite offline_access',
  shared: 'Calendars.ReadWrite.Shared offline_access',
};

/** Returns the address at which a person signs in and agrees. They choose the account there, whoever the browser is signed in as. */
export function authorizationUrl(
  { loginUrl, tenant, clientId }: GraphSettings,
  ask: { state: string; verifier: string; callback: string; asked: Asked },
): string {
  const url = new URL(`${loginUrl}/${tenant}/oauth2/v2.0/authorize`);
  const { state, verifier, callback, asked } = ask;
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  url.search = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    response_mode: 'query',
    redirect_uri: callback,
    scope: SCOPES[asked],
    state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    prompt: 'select_account',
  }).toString();
  return url.href;
}

export interface TokenDeps {
  settings: GraphSettings;
  /** Of the sign-in's origin. */
  reach: Reach;
  now(): Temporal.Instant;
}

/** Gives the code of a person who came back for tokens. @throws Trouble */
export const exchangeCode = (
  deps: TokenDeps,
  { code, verifier, callback }: { code: string; verifier: string; callback: string },
): Promise<Tokens> =>
  askForTokens(deps, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    code_verifier: verifier,
  });

/** Gives a refresh token for new tokens. @throws Trouble `signed_out` when the permission has ended */
export const refreshTokens = (deps: TokenDeps, { refresh }: Tokens): Promise<Tokens> =>
  askForTokens(deps, { grant_type: 'refresh_token', refresh_token: refresh });

/** Throws when the sign-in does not accept this installation: a token is asked for with which nothing can be done. @throws Trouble */
export async function checkClient(deps: TokenDeps): Promise<void> {
  const scope = `${deps.settings.graphUrl}/.default`;
  await askTokenEndpoint(deps, { grant_type: 'client_credentials', scope });
}

/** Errors of the sign-in that the operator must put right, not the person (RFC 6749, 5.2). */
const OF_CLIENT = ['invalid_client', 'unauthorized_client', 'invalid_scope', 'invalid_request'];
/** Errors that pass by themselves (RFC 6749, 4.1.2.1). */
const PASSING = ['temporarily_unavailable', 'server_error'];
/** Errors by which the person, or their administrator, does not agree. */
const DECLINED = ['access_denied', 'consent_required'];

/** Returns why a person came back with an error instead of a code (RFC 6749, 4.1.2.1). Whatever else it is, the operator must see to it. */
export function troubleOfReturn(error: string): 'declined' | 'away' | 'unregistered' {
  if (DECLINED.includes(error)) return 'declined';
  return PASSING.includes(error) ? 'away' : 'unregistered';
}

async function askForTokens(deps: TokenDeps, fields: Record<string, string>): Promise<Tokens> {
  const answer = await askTokenEndpoint(deps, fields);
  const [access, refresh] = [textAt(answer, 'access_token'), textAt(answer, 'refresh_token')];
  const seconds = Number(answer['expires_in']);
  const next = refresh || fields['refresh_token'];
  if (!access || !next || !(seconds > 0)) throw new Trouble('odd');
  return { access, refresh: next, until: deps.now().add({ seconds }).toString() };
}

async function askTokenEndpoint(
  { settings, reach, now }: TokenDeps,
  fields: Record<string, string>,
): Promise<Json> {
  const { loginUrl, tenant, clientId, clientSecret } = settings;
  const client = { client_id: clientId, client_secret: clientSecret };
  const answer = await askServer(
    {
      method: 'POST',
      url: new URL(`${loginUrl}/${tenant}/oauth2/v2.0/token`),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
      body: new URLSearchParams({ ...client, ...fields }).toString(),
    },
    reach,
  );
  const body = jsonIn(answer.body);
  const error = textAt(body, 'error');
  const { status } = answer;
  if (status < 500 && status !== 429 && error !== '') {
    if (PASSING.includes(error)) throw new Trouble('away');
    throw new Trouble(OF_CLIENT.includes(error) ? 'unregistered' : 'signed_out');
  }
  const trouble = troubleOfStatus(status, headerOf(answer, 'retry-after'), now());
  if (trouble) throw trouble;
  return body;
}

/** Returns the tokens that were kept as a text; null: it has none. */
export function readTokens(text: string | null): Tokens | null {
  const kept = jsonIn(Buffer.from(text ?? ''));
  const [access, until, refresh] = ['access', 'until', 'refresh'].map((key) => textAt(kept, key));
  return access && until && refresh ? { access, until, refresh } : null;
}
