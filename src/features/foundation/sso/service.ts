import type pg from 'pg';
import { giveSecret, secretIn } from '../../../lib/http/secret-cookie.ts';
import { type KeyVersion, newSecret, type PurposeKey } from '../../../lib/secrets.ts';
import { addAccount, bindAccount, type Staff } from '../staff/service.ts';
import type { Caller } from '../staff/types.ts';
import { type Checks, createProvider, type Provider, type ProviderOptions } from './provider.ts';
import { ATTEMPT_MINUTES } from './rules.ts';
import { findByEmail, findBySubject, type Known, saveAttempt, spendAttempt } from './store.ts';
import type { SsoEnd, SsoFailure, SsoStart, Vouched } from './types.ts';

export { createProvider } from './provider.ts';

/** Sign-in through the town's own provider (OpenID Connect), for existing staff: there is no self-registration. */
export interface Sso {
  /** The button's label. */
  name: string;
  /** Returns the address that sends a browser to the provider, and later to `next`. */
  start(next: string, caller: Caller): Promise<SsoStart>;
  /** Handles the browser's return to `url`. */
  finish(url: URL, caller: Caller): Promise<SsoEnd>;
  /** Returns the page for signing out of the provider; null: it has none, or is unavailable. */
  logoutUrl(): Promise<string | null>;
}

export interface SsoDeps extends ProviderOptions {
  staff: Pick<Staff, 'transaction' | 'enterVouched'>;
  key: PurposeKey;
}

/** The browser's secret for attempts. */
const COOKIE = 'finestreta.sso';

export function createSso(deps: SsoDeps): Sso {
  const { settings, baseUrl, staff, key } = deps;
  const provider: Provider = createProvider(deps);

  /** The state identifies the attempt and its browser. All else is derived from both, so the database holds no secret. */
  const stateOf = (by: KeyVersion, attempt: string, browser: string) =>
    `${attempt}.${by.derive(`sso state ${attempt} ${browser}`)}`;
  const checksOf = (by: KeyVersion, state: string, browser: string): Checks => ({
    state,
    nonce: by.derive(`sso nonce ${state} ${browser}`),
    // At least 43 characters (RFC 7636, 4.1).
    verifier: [1, 2].map((part) => by.derive(`sso verifier ${part} ${state} ${browser}`)).join(''),
  });

  return {
    name: settings.name,

    start: async (next, caller) => {
      const browser = secretIn(caller.cookie, COOKIE, baseUrl) || newSecret(); // another tab may be at the provider
      const by = key.at(key.version);
      const state = stateOf(by, newSecret(), browser);
      const url = await provider.authorizationUrl(checksOf(by, state, browser));
      if (!url.ok) return url;
      await staff.transaction((client) => saveAttempt(client, { state, next }, ATTEMPT_MINUTES));
      const cookie = {
        name: COOKIE,
        secret: browser,
        seconds: ATTEMPT_MINUTES * 60,
      };
      return { ok: true, url: url.value, cookies: [giveSecret(baseUrl, cookie)] };
    },

    finish: async (url, caller) => {
      const state = url.searchParams.get('state') ?? '';
      const browser = secretIn(caller.cookie, COOKIE, baseUrl);
      const attempt = state.split('.')[0] ?? '';
      const by = key.live().find((each) => stateOf(each, attempt, browser) === state);
      if (browser === '' || !by) return { ok: false, reason: 'gone' };
      const next = await staff.transaction((client) => spendAttempt(client, state));
      if (!next) return { ok: false, reason: 'gone' };
      const vouched = await provider.exchange(url, checksOf(by, state, browser));
      if (!vouched.ok) return vouched;
      const person = await staff.transaction((client) =>
        recognise(client, settings.issuer, vouched.value),
      );
      if (!person.ok) return person;
      const { secondFactor } = vouched.value;
      const cookies = await staff.enterVouched(person.user, { secondFactor }, caller);
      return { ok: true, step: secondFactor ? 'in' : 'code', next, cookies };
    },

    logoutUrl: provider.logoutUrl,
  };
}

type Recognised = { ok: true; user: string } | { ok: false; reason: SsoFailure };

/** Returns the account of the confirmed person: bound before, or bound now by their confirmed address. */
async function recognise(
  client: pg.PoolClient,
  issuer: string,
  { subject, email, secondFactor }: Vouched,
): Promise<Recognised> {
  const bound = await findBySubject(client, issuer, subject);
  if (bound) return entering(bound, secondFactor);
  if (!email) return { ok: false, reason: 'unverified' };
  const known = await findByEmail(client, email);
  if (!known || known.isRetired) return { ok: false, reason: 'unknown' };
  if (!secondFactor && !known.hasCode) return { ok: false, reason: 'set_up' };
  const user = known.user ?? (await addAccount(client, { ...known, email }));
  if (!(await bindAccount(client, user, issuer, subject))) return { ok: false, reason: 'taken' };
  return { ok: true, user };
}

/** A retired person gets the same answer as a stranger. */
function entering({ user, isRetired, hasCode }: Known, secondFactor: boolean): Recognised {
  if (isRetired || !user) return { ok: false, reason: 'unknown' };
  return secondFactor || hasCode ? { ok: true, user } : { ok: false, reason: 'set_up' };
}
