import * as oidc from 'openid-client';
import { type Clock, systemClock } from '../clock.ts';
import { limitedFetch, TooLong } from '../http/limited-fetch.ts';

/** What this installation is at a provider of OpenID Connect. */
export interface OidcClientSettings {
  /** Exactly as the provider writes it. */
  issuer: string;
  clientId: string;
  /** Null: a public client, which PKCE protects alone. */
  clientSecret: string | null;
}

/** A provider of OpenID Connect, through a certified library, which checks signatures, issuer, audience, nonce and times. */
export interface OidcClient {
  /** Reads the provider's metadata. It also shows that the provider answers: no browser is sent to a server that doesn't. */
  lately(): Promise<oidc.Configuration>;
  /** Returns the metadata from before, which is enough for a person who is on the way back. */
  before(): Promise<oidc.Configuration>;
}

export interface OidcClientOptions {
  /** The machine's clock, not the demo's. */
  clock?: Clock;
  /** How long a request may take. */
  timeoutSeconds?: number;
}

const TIMEOUT_SECONDS = 10;
/** How long metadata are kept. The time is short, so that they still say whether the provider answers. */
const KEPT_SECONDS = 5;
/** Far more than the metadata, keys and tokens of any provider. */
const MOST_BYTES = 512 * 1024;

/** Returns the client of a provider. Reads nothing before it is asked. */
export function createOidcClient(
  settings: OidcClientSettings,
  { clock = systemClock, timeoutSeconds = TIMEOUT_SECONDS }: OidcClientOptions = {},
): OidcClient {
  let known: { configuration: Promise<oidc.Configuration>; at: Temporal.Instant } | null = null;

  /** Concurrent reads share one request. */
  const lately = async (): Promise<oidc.Configuration> => {
    const now = clock.now();
    if (!known || known.at.until(now).total('seconds') >= KEPT_SECONDS)
      known = { configuration: discover(settings, timeoutSeconds), at: now };
    const asked = known;
    return asked.configuration.catch((error) => {
      if (known === asked) known = null;
      throw error;
    });
  };
  return { lately, before: () => known?.configuration ?? lately() };
}

/** Reads the provider's metadata. Whoever has the settings checks that only a loopback address uses http. */
function discover(
  { issuer, clientId, clientSecret }: OidcClientSettings,
  timeout: number,
): Promise<oidc.Configuration> {
  const url = new URL(issuer);
  const insecure = url.protocol === 'http:' ? [oidc.allowInsecureRequests] : [];
  return oidc.discovery(url, clientId, undefined, authentication(clientSecret), {
    timeout,
    execute: [oidc.enableNonRepudiationChecks, ...insecure],
    [oidc.customFetch]: limitedFetch(MOST_BYTES) as oidc.CustomFetch,
  });
}

/**
 * Returns how the client authenticates: with its secret in the form where the provider takes that, else in the header, which is the
 * default of the specification (OpenID Connect Discovery 1.0, 3: `token_endpoint_auth_methods_supported`).
 */
function authentication(secret: string | null): oidc.ClientAuth {
  if (secret === null) return oidc.None();
  const post = oidc.ClientSecretPost(secret);
  const basic = oidc.ClientSecretBasic(secret);
  return (server, client, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported ?? [];
    const method = methods.includes('client_secret_post') ? post : basic;
    return method(server, client, body, headers);
  };
}

/**
 * Why a provider gave nothing. `answered`: it sent the browser back with an error, which is `code` and which anybody can write; `away`: no
 * answer in time; `clock`: its clock differs from ours; `stale`: the person identified themselves too long ago; `refused`: its answer isn't
 * valid.
 */
export interface OidcFailure {
  reason: 'answered' | 'away' | 'clock' | 'stale' | 'refused';
  code: string;
}

/** Returns what an error of the library means. The error itself has tokens and claims, so it is never logged. */
export function oidcFailure(error: unknown): OidcFailure {
  if (error instanceof oidc.AuthorizationResponseError)
    return { reason: 'answered', code: error.error };
  if (error instanceof oidc.ResponseBodyError)
    return { reason: error.status >= 500 ? 'away' : 'refused', code: knownCode(error.error) };
  const { code = '', cause } = error as { code?: string; cause?: unknown };
  if (cause instanceof TooLong) return { reason: 'refused', code: cause.code };
  if (code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED')
    return { reason: claimOf(cause) === 'auth_time' ? 'stale' : 'clock', code };
  if (cause instanceof Response && cause.status >= 300 && cause.status < 400)
    return { reason: 'refused', code: 'REDIRECTED' };
  if (['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM'].includes(code))
    return { reason: 'away', code };
  if (error instanceof TypeError) {
    const { code: network = 'network' } = (cause ?? {}) as { code?: string };
    return { reason: 'away', code: code || String(network) };
  }
  return { reason: 'refused', code: code || (error as Error).name };
}

/** The errors of the token endpoint (RFC 6749, 5.2). Any other text of a provider stays out of logs. */
const TOKEN_ERRORS = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
];
const knownCode = (code: string): string => (TOKEN_ERRORS.includes(code) ? code : 'error_unknown');

/** The library keeps its own error inside, which names the claim. */
function claimOf(cause: unknown): unknown {
  const { claim, cause: inner } = (cause ?? {}) as { claim?: unknown; cause?: unknown };
  return claim ?? (inner === undefined ? undefined : claimOf(inner));
}
