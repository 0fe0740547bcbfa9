import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphSettings } from '../../../src/lib/graph/settings.ts';
import type { Mailbox } from './mailbox.ts';

interface Grant {
  login: string;
  challenge: string;
  callback: string;
  scope: string;
}

/** The sign-in: what it gave, and how it is made to fail. */
export interface SignIn {
  settings: GraphSettings;
  callback: string;
  mailboxes: ReadonlyMap<string, Mailbox>;
  codes: Map<string, Grant>;
  /** Refresh tokens that are good, each once. */
  refreshes: Map<string, Grant>;
  accesses: Map<string, string>;
  /** The scopes that people agreed to, in order. */
  scopes: string[];
  /** How many tokens were given. */
  given: number;
  /** Seconds for which an access token is good. */
  lasts: number;
  /** Returns the name of the person whose token is in an Authorization header; null: it is not good. */
  personOf(header: string): string | null;
  /** All access tokens end now. */
  endAccess(): void;
  /** All permissions end, as when a person changes their password. */
  revoke(): void;
}

export function signInState(
  settings: GraphSettings,
  callback: string,
  mailboxes: ReadonlyMap<string, Mailbox>,
): SignIn {
  const accesses = new Map<string, string>();
  const refreshes = new Map<string, Grant>();
  return {
    settings,
    callback,
    mailboxes,
    codes: new Map(),
    refreshes,
    accesses,
    scopes: [],
    given: 0,
    lasts: 3600,
    personOf: (header) => accesses.get(header.replace(/^Bearer /, '')) ?? null,
    endAccess: () => accesses.clear(),
    revoke: () => {
      accesses.clear();
      refreshes.clear();
    },
  };
}

/** Answers a request to the sign-in. */
export function answerSignIn(
  state: SignIn,
  { method }: IncomingMessage,
  url: URL,
  body: string,
  response: ServerResponse,
): void {
  const path = `/${state.settings.tenant}/oauth2/v2.0`;
  if (url.pathname === `${path}/authorize`) {
    if (method === 'GET') page(state, url, response);
    else decide(state, url, body, response);
    return;
  }
  if (url.pathname !== `${path}/token` || method !== 'POST') {
    response.writeHead(404).end();
    return;
  }
  const [status, answer] = tokens(state, new URLSearchParams(body));
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}

/** The page on which a person signs in and agrees. A request with a mistake is not answered to the address that it names. */
function page({ settings, callback }: SignIn, { searchParams }: URL, response: ServerResponse) {
  const is = (name: string, value: string) => searchParams.get(name) === value;
  const isRight =
    is('client_id', settings.clientId) &&
    is('redirect_uri', callback) &&
    is('response_type', 'code') &&
    is('code_challenge_method', 'S256') &&
    (searchParams.get('code_challenge') ?? '').length === 43 &&
    (searchParams.get('scope') ?? '').split(' ').includes('offline_access');
  response.writeHead(isRight ? 200 : 400, { 'content-type': 'text/html' });
  const form =
    '<label>Account <input name="login"></label> <button name="answer" value="yes">Accept</button> <button name="answer" value="no">Cancel</button>';
  response.end(
    isRight
      ? `<!doctype html><html lang="en"><title>Sign in</title><h1>Sign in</h1><form method="post">${form}</form></html>`
      : 'AADSTS90014',
  );
}

function decide(state: SignIn, { searchParams }: URL, body: string, response: ServerResponse) {
  const form = new URLSearchParams(body);
  const login = form.get('login') ?? '';
  const back = new URL(state.callback);
  back.searchParams.set('state', searchParams.get('state') ?? '');
  if (form.get('answer') === 'no' || !state.mailboxes.has(login)) {
    back.searchParams.set('error', 'access_denied');
  } else {
    const code = newToken();
    const scope = searchParams.get('scope') ?? '';
    const challenge = searchParams.get('code_challenge') ?? '';
    state.codes.set(code, { login, challenge, callback: state.callback, scope });
    state.scopes.push(scope);
    back.searchParams.set('code', code);
  }
  response.writeHead(302, { location: back.href }).end();
}

type Answer = [number, object];

function tokens(state: SignIn, form: URLSearchParams): Answer {
  const { clientId, clientSecret } = state.settings;
  const is = (name: string, value: string) => form.get(name) === value;
  if (!is('client_id', clientId) || !is('client_secret', clientSecret))
    return [401, { error: 'invalid_client', error_description: 'AADSTS7000215' }];
  if (is('grant_type', 'client_credentials'))
    return [200, { token_type: 'Bearer', expires_in: 3599, access_token: newToken() }];
  const known = is('grant_type', 'refresh_token') ? state.refreshes : state.codes;
  const given = form.get(is('grant_type', 'refresh_token') ? 'refresh_token' : 'code') ?? '';
  const grant = known.get(given);
  known.delete(given);
  if (!grant) return [400, { error: 'invalid_grant', error_description: 'AADSTS70000' }];
  if (known === state.codes) {
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (challenge !== grant.challenge || !is('redirect_uri', grant.callback))
      return [400, { error: 'invalid_grant', error_description: 'AADSTS501481' }];
  }
  const access = newToken();
  const refresh = newToken();
  state.accesses.set(access, grant.login);
  state.refreshes.set(refresh, grant);
  state.given++;
  return [
    200,
    {
      token_type: 'Bearer',
      scope: grant.scope,
      expires_in: state.lasts,
      access_token: access,
      refresh_token: refresh,
    },
  ];
}

const newToken = (): string => randomBytes(32).toString('base64url');

/** Acts like a browser: follows redirects and answers the form. */
export async function visit(
  origin: string,
  url: string,
  login: string,
  answer: 'yes' | 'no' = 'yes',
): Promise<string> {
  const shown = await fetch(url);
  if (!shown.ok || !url.startsWith(origin)) throw new Error(`${shown.status} at ${url}`);
  const sent = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ login, answer }).toString(),
  });
  return sent.headers.get('location') ?? '';
}
