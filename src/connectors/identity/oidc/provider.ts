import * as oidc from 'openid-client';
import { ATTEMPT_MINUTES } from '../../../domain/identity.ts';
import type { SettingsOf } from '../../../domain/office/identity.ts';
import type {
  Attempt,
  Departure,
  Evidence,
  FailureReason,
  Identified,
  IdentityProvider,
} from '../../../features/foundation/identification/types.ts';
import { isSafeAddress } from '../../../lib/http/loopback.ts';
import { createOidcClient, oidcFailure } from '../../../lib/oidc/client.ts';
import type { ProviderSecrets } from '../../../lib/provider-secrets.ts';
import {
  type AdapterOptions,
  answered,
  codeFrom,
  levelGiven,
  NotIdentified,
  nameFrom,
} from '../adapter.ts';
import {
  acrValues,
  areEnough,
  type Claims,
  isPersonal,
  methodIn,
  needsFresh,
  personIn,
} from './claims.ts';

type Settings = SettingsOf<'oidc'>;
type Tokens = Awaited<ReturnType<typeof oidc.authorizationCodeGrant>>;

/** How long ago a person may have identified themselves where it must be fresh: the time that an attempt has. */
const FRESH_SECONDS = ATTEMPT_MINUTES * 60;

/**
 * Makes the adapter of a provider of OpenID Connect (Core 1.0), by the code flow with PKCE (RFC 7636). A certified library checks the
 * signature, issuer, audience, nonce and times of the ID token, `state`, and the issuer of the answer (RFC 9207), so that an answer of
 * another provider isn't read as this one's. The level is only read from the signed ID token.
 */
export function createOidc(
  settings: Settings,
  secrets: ProviderSecrets,
  options: AdapterOptions,
): IdentityProvider {
  const { issuer, clientId } = settings;
  const { log, ...limits } = options;
  const client = createOidcClient({ issuer, clientId, clientSecret: secrets.secret }, limits);
  const metadata = async (read: 'lately' | 'before') => {
    demandSafe(new URL(issuer));
    return client[read]();
  };
  const attempting = <T>(work: () => Promise<T>) =>
    answered({ provider: settings.code, log }, failureOf, work);

  return {
    start: (attempt) =>
      attempting(async () => {
        const parameters = await requestOf(settings, attempt);
        const url = oidc.buildAuthorizationUrl(await metadata('lately'), parameters);
        return { kind: 'redirect', url: demandSafe(url).href };
      }),

    finish: ({ url }, attempt) =>
      attempting(async () => {
        const config = await metadata('before');
        const back = new URL(attempt.returnUrl);
        back.search = url.search;
        const tokens = await oidc.authorizationCodeGrant(config, back, checksOf(attempt));
        return identified(config, tokens, settings, attempt);
      }),

    leave: async (session, back) => {
      const left = await attempting(async () =>
        departure(await metadata('lately'), session, back, settings),
      );
      return left.ok ? left.value : null;
    },
  };
}

/**
 * Returns where the provider ends the session (OpenID Connect RP-Initiated Logout 1.0); null: it can't. The ID token is a hint only where it
 * says nothing of the person: addresses stay in the browser, which may be a shared one. Without the hint the provider asks the person.
 */
function departure(
  config: oidc.Configuration,
  session: string,
  back: string,
  settings: Settings,
): Departure | null {
  if (!config.serverMetadata().end_session_endpoint) return null;
  const hint = isPersonal(session, settings) ? {} : { id_token_hint: session };
  const parameters = { post_logout_redirect_uri: back, ...hint };
  return { kind: 'redirect', url: demandSafe(oidc.buildEndSessionUrl(config, parameters)).href };
}

/** Returns the parameters of the request. @throws NotIdentified when no level of the provider is high enough */
async function requestOf(settings: Settings, attempt: Attempt): Promise<Record<string, string>> {
  const { checks, level, language, returnUrl } = attempt;
  const words = acrValues(settings.levels, level);
  if (words.length === 0) throw new NotIdentified('too_low', 'level_not_given');
  return {
    redirect_uri: returnUrl,
    scope: settings.scope,
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.verifier),
    code_challenge_method: 'S256',
    state: checks.state,
    nonce: checks.nonce,
    acr_values: words.join(' '),
    ui_locales: language,
    ...(needsFresh(attempt) && { prompt: 'login', max_age: String(FRESH_SECONDS) }),
  };
}

const checksOf = (attempt: Attempt): oidc.AuthorizationCodeGrantChecks => ({
  expectedState: attempt.checks.state,
  expectedNonce: attempt.checks.nonce,
  pkceCodeVerifier: attempt.checks.verifier,
  idTokenExpected: true,
  ...(needsFresh(attempt) && { maxAge: FRESH_SECONDS }),
});

/** Reads who it is from the ID token, and what it lacks from user info, whose `sub` must be the same. */
async function identified(
  config: oidc.Configuration,
  tokens: Tokens,
  settings: Settings,
  attempt: Attempt,
): Promise<Identified> {
  const said = tokens.claims();
  if (!said || !tokens.id_token) throw new NotIdentified('refused', 'id_token_missing');
  const level = levelGiven(settings.levels, said.acr, attempt.level);
  const hasUserInfo = config.serverMetadata().userinfo_endpoint !== undefined;
  const more: Claims | null =
    hasUserInfo && !areEnough(said, settings)
      ? await oidc.fetchUserInfo(config, tokens.access_token, said.sub)
      : null;
  const claims: Claims = { ...more, ...said };
  const person = personIn(claims, settings);
  const evidence: Evidence[] = [
    { type: 'application/jwt', bytes: Buffer.from(tokens.id_token) },
    ...(more ? [{ type: 'application/json', bytes: Buffer.from(JSON.stringify(more)) }] : []),
  ];
  const { name: full, given_name: given, family_name: family } = claims;
  return {
    person,
    name: nameFrom({ full, given, family }),
    represents: null,
    level,
    method: methodIn(said),
    evidence,
    session: config.serverMetadata().end_session_endpoint ? tokens.id_token : null,
    transaction: null,
  };
}

/** Returns an address to which a browser may be sent. @throws NotIdentified when its scheme isn't safe */
function demandSafe(url: URL): URL {
  if (!isSafeAddress(url)) throw new NotIdentified('refused', 'address_not_safe');
  return url;
}

/**
 * What the errors mean with which a provider sends the browser back (RFC 6749, 4.1.2.1; OpenID Connect Core 1.0, 3.1.2.6; Unmet
 * Authentication Requirements 1.0). A person who stops is `access_denied`. All others are refused.
 */
const ERRORS = new Map<string, FailureReason>([
  ['access_denied', 'cancelled'],
  ['unmet_authentication_requirements', 'too_low'],
  ['login_required', 'expired'],
  ['interaction_required', 'expired'],
  ['account_selection_required', 'expired'],
  ['consent_required', 'expired'],
  ['server_error', 'away'],
  ['temporarily_unavailable', 'away'],
  ['invalid_request', 'refused'],
  ['invalid_scope', 'refused'],
  ['unauthorized_client', 'refused'],
  ['unsupported_response_type', 'refused'],
]);

function failureOf(error: unknown): NotIdentified {
  const { reason, code } = oidcFailure(error);
  if (reason === 'answered') {
    const meant = ERRORS.get(code);
    // The browser brought it, so an unknown one can be anything.
    return meant ? new NotIdentified(meant, code) : new NotIdentified('refused', 'error_unknown');
  }
  if (reason === 'stale') return new NotIdentified('expired', 'not_fresh');
  return new NotIdentified(reason, codeFrom(code.replace(/^OAUTH_/, '')));
}
