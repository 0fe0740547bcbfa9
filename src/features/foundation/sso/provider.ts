import * as oidc from 'openid-client';
import type { OidcSettings } from '../../../config.ts';
import { type Clock, systemClock } from '../../../lib/clock.ts';
import { createOidcClient, oidcFailure } from '../../../lib/oidc/client.ts';
import { isFromSecondFactor, verifiedEmail } from './rules.ts';
import type { ProviderFailure, Vouched } from './types.ts';

/** The parameters of a request to the provider; its answer must match them. */
export interface Checks {
  state: string;
  nonce: string;
  verifier: string;
}

/** The town's provider, accessed by a certified library, which checks signatures, issuer, audience, nonce and times. */
export interface Provider {
  /** Returns the address to which the browser is sent. */
  authorizationUrl(checks: Checks): Promise<Answered<string>>;
  /** Returns the identity of the person who came back to `url`. */
  exchange(url: URL, checks: Checks): Promise<Answered<Vouched>>;
  /** Returns the page for signing out of the provider; null: it has none. */
  logoutUrl(): Promise<string | null>;
}

export type Answered<T> = { ok: true; value: T } | { ok: false; reason: ProviderFailure };

export interface ProviderOptions {
  settings: OidcSettings;
  /** Public address without a trailing slash. */
  baseUrl: string;
  /** The machine's clock, not the demo's. */
  clock?: Clock;
  /** Log of codes only, without personal data. */
  log: { warn(what: object, message: string): void };
}

const CALLBACK_PATH = '/staff/sso/callback';

export function createProvider(options: ProviderOptions): Provider {
  const { settings, baseUrl, clock = systemClock, log } = options;
  const { lately, before } = createOidcClient(settings, { clock });
  const attempt = <T>(work: () => Promise<T>) => answered(log, work);

  return {
    authorizationUrl: ({ state, nonce, verifier }) =>
      attempt(async () => {
        const url = oidc.buildAuthorizationUrl(await lately(), {
          redirect_uri: `${baseUrl}${CALLBACK_PATH}`,
          scope: 'openid email',
          code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          state,
          nonce,
        });
        return url.href;
      }),

    exchange: (url, { state, nonce, verifier }) =>
      attempt(async () => {
        const config = await before();
        const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier };
        return identityOf(config, await oidc.authorizationCodeGrant(config, url, checks), settings);
      }),

    logoutUrl: async () => {
      const found = await attempt(lately);
      if (!found.ok || !found.value.serverMetadata().end_session_endpoint) return null;
      const back = `${baseUrl}/staff/sign-in`;
      return oidc.buildEndSessionUrl(found.value, { post_logout_redirect_uri: back }).href;
    },
  };
}

async function answered<T>(
  log: ProviderOptions['log'],
  work: () => Promise<T>,
): Promise<Answered<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    const { reason, code } = failureOf(error);
    if (reason !== 'cancelled') log.warn({ code, reason }, 'The provider let nobody in');
    return { ok: false, reason };
  }
}

/** Returns the identity that the provider confirms, and whether by a second factor. */
async function identityOf(
  config: oidc.Configuration,
  tokens: Awaited<ReturnType<typeof oidc.authorizationCodeGrant>>,
  settings: OidcSettings,
) {
  const claims = tokens.claims();
  if (!claims) throw new Error('No ID token');
  const { sub: subject } = claims;
  const email = verifiedEmail(claims) ?? (await emailOf(config, tokens.access_token, subject));
  const secondFactor = isFromSecondFactor(claims, settings.secondFactor);
  return { subject, email, secondFactor };
}

/** Some providers give the e-mail address only in a separate request. */
async function emailOf(
  config: oidc.Configuration,
  token: string,
  subject: string,
): Promise<string | null> {
  if (!config.serverMetadata().userinfo_endpoint) return null;
  return verifiedEmail(await oidc.fetchUserInfo(config, token, subject));
}

function failureOf(error: unknown): { reason: ProviderFailure; code: string } {
  const { reason, code } = oidcFailure(error);
  if (reason === 'answered') return { reason: 'cancelled', code };
  return { reason: reason === 'stale' ? 'refused' : reason, code };
}
