import type pg from 'pg';
import { systemClock } from '../../../lib/clock.ts';
import { cookieIn, cookieName } from '../../../lib/http/secret-cookie.ts';
import { noSecurityLog, type SecurityLog } from '../../../lib/security-events.ts';
import { tellStaff } from '../staff-mail/service.ts';
import { knownAs, makeKnown } from './account/browser.ts';
import { createPasskeys, type Passkeys } from './account/passkeys.ts';
import { countTry, forgetTries, sweepAccounts } from './account/store.ts';
import { takeTry } from './account/tries.ts';
import {
  type Asking,
  type AuthOptions,
  type Auths,
  askAuth,
  openChallenge,
  openSession,
  TWO_FACTOR_PATHS,
} from './auth.ts';
import { codeCounters, countedAs, passwordCounters, WINDOW_MINUTES } from './lockout.ts';
import { readCode } from './rules.ts';
import { decoded } from './secrets.ts';
import { admitSession, endSession, inTransaction, sweep } from './store.ts';
import { tell } from './trail.ts';
import type { Caller, CodeResult, Cookies, SignInResult } from './types.ts';
import { readStaffId, readStaffOf } from './views.ts';

export interface SignIn extends Passkeys {
  /** Checks the first factor. Success opens a challenge, never a session. A refusal doesn't show whether the account exists. */
  signIn(email: string, password: string, caller: Caller): Promise<SignInResult>;
  /** Returns whether the request has a challenge that can still be answered. */
  hasChallenge(cookie: string): boolean;
  /** Checks the second factor: a time code or a recovery code. Success opens the session. */
  enterCode(typed: string, caller: Caller): Promise<CodeResult>;
  /**
   * Signs in a person whom the town's provider confirmed: with a session when the provider checked a second factor, else with the
   * challenge for `enterCode`. The caller checks whether they work here.
   */
  enterVouched(user: string, how: { secondFactor: boolean }, caller: Caller): Promise<Cookies>;
  /** Signs in one of the demo's people, whom nobody confirmed: the audit trail says so. */
  enterUnproved(user: string, caller: Caller): Promise<Cookies>;
  /** Ends the session of the cookies. Returns the cookies that delete them in the browser. */
  signOut(caller: Caller): Promise<Cookies>;
}

/** The library's cookie, beside `session_token`. */
const CHALLENGE = 'finestreta.two_factor';

/** The dependencies of the sign-in. */
interface SignInDeps {
  options: AuthOptions;
  auths: Auths;
  pool: pg.Pool;
  security: SecurityLog;
  now(): Temporal.Instant;
}

export function createSignIn(options: AuthOptions, auths: Auths, pool: pg.Pool): SignIn {
  const now = () => (options.clock ?? systemClock).now();
  const security = options.security ?? noSecurityLog;
  const deps = { options, auths, pool, security, now };
  return {
    ...createPasskeys({
      options,
      pool,
      now,
      letIn: (user, caller) => letIn(deps, user, 'passkey', caller),
    }),
    signIn: (typed, password, caller) => signIn(deps, typed, password, caller),
    hasChallenge: (cookie) => challengeOf(cookie, options.baseUrl) !== '',
    enterCode: (typed, caller) => enterCode(deps, typed, caller),
    enterVouched: async (user, { secondFactor }, caller) => {
      if (secondFactor) return letIn(deps, user, 'sso', caller);
      await endOld(deps, caller);
      return openChallenge(auths.newest(), options.baseUrl, user, caller);
    },
    enterUnproved: (user, caller) => letIn(deps, user, 'demo', caller),
    signOut: (caller) => signOut(deps, caller),
  };
}

const ask = (
  { auths, options }: Pick<SignInDeps, 'auths' | 'options'>,
  path: string,
  body: Record<string, unknown>,
  caller: Asking,
) => askAuth(auths.of(caller.cookie), options.baseUrl, path, body, caller);

/**
 * Records that a staff account is locked, without an actor. It records once per window, otherwise an attacker with many
 * networks would fill the trail. The lock itself exists already: when this fails, the next try records it.
 */
async function tellLocked(
  { pool, now }: Pick<SignInDeps, 'pool' | 'now'>,
  staff: number | null | undefined,
  what: 'password' | 'code',
): Promise<void> {
  if (typeof staff !== 'number') return;
  await inTransaction(pool, async (client) => {
    const { number } = await countTry(client, { name: `told ${what} ${staff}`, most: 1 });
    if (number > 1) return;
    await tell(client, { staff, by: null, action: 'sign_in_locked', data: { what }, now: now() });
  });
}

async function signOut(deps: SignInDeps, caller: Caller): Promise<Cookies> {
  const { auths, pool, security, now } = deps;
  const headers = new Headers({ cookie: caller.cookie });
  const found = await auths.of(caller.cookie).api.getSession({ headers });
  if (found) {
    const staff = (await readStaffOf(pool, found.user.id))?.staff.id;
    await inTransaction(pool, async (client) => {
      await endSession(client, found.session.id);
      if (staff !== undefined)
        await tell(client, { staff, by: staff, action: 'signed_out', now: now() });
    });
    security.note('auth.signed_out', { staff: staff ?? null });
  }
  return (await ask(deps, '/sign-out', {}, caller)).headers.getSetCookie();
}

async function endOld(deps: SignInDeps, caller: Caller): Promise<void> {
  if (caller.cookie.includes('session_token')) await signOut(deps, caller);
}

/**
 * The steps after every sign-in: old sessions are deleted, and the new one becomes valid in the transaction that records
 * the sign-in. `cookies`: those of the session. Returns the cookie of the known browser.
 */
async function welcome(
  { options, pool, security, now }: SignInDeps,
  user: string,
  how: 'code' | 'recovery' | 'passkey' | 'sso' | 'demo',
  caller: Caller,
  cookies: Cookies,
): Promise<string> {
  await sweep(pool, WINDOW_MINUTES);
  await sweepAccounts(pool);
  const staff = (await readStaffOf(pool, user))?.staff.id;
  await inTransaction(pool, async (client) => {
    await admitSession(client, sessionTokenIn(cookies));
    if (how === 'recovery')
      await tellStaff(client, { to: { user }, kind: 'signed_in_with_recovery_code' }, now());
    if (staff !== undefined)
      await tell(client, { staff, by: staff, action: 'signed_in', data: { how }, now: now() });
  });
  security.note('auth.signed_in', { staff: staff ?? null, what: how }, caller.address);
  return makeKnown(pool, options.baseUrl, caller.cookie, user);
}

/** Opens a session that counts as two factors, and replaces the browser's session. */
async function letIn(
  deps: SignInDeps,
  user: string,
  how: 'passkey' | 'sso' | 'demo',
  caller: Caller,
): Promise<Cookies> {
  await endOld(deps, caller);
  const cookies = await openSession(deps.auths.newest(), deps.options.baseUrl, user, caller);
  return [...cookies, await welcome(deps, user, how, caller, cookies)];
}

/** Returns the person of the browser's challenge. The library checks its signature, so a forged one matches nobody. */
async function challenged(auths: Auths, cookie: string): Promise<string | null> {
  const [id] = decoded(cookie.split('=')[1] ?? '').split('.');
  if (!id) return null;
  const { internalAdapter } = await auths.newest().$context;
  return (await internalAdapter.findVerificationValue(id))?.value ?? null;
}

async function signIn(
  deps: SignInDeps,
  typed: string,
  password: string,
  caller: Caller,
): Promise<SignInResult> {
  const { options, pool, security } = deps;
  const email = typed.trim().toLowerCase().slice(0, 320);
  const known = await knownAs(pool, options.baseUrl, caller.cookie, { email });
  const counters = passwordCounters(email, caller.address, known);
  const taken = await takeTry(pool, counters);
  if (!taken.ok) {
    security.note('auth.locked_out', { what: 'password' }, caller.address);
    await tellLocked(deps, await readStaffId(pool, email), 'password');
    return { ok: false, reason: 'too_many', retryAfter: taken.retryAfter };
  }

  // Without the browser's cookies: "trusted devices" aren't used, and an old session must have no effect.
  const asking = { ...caller, cookie: '', ...(known && { counted: countedAs(known) }) };
  const response = await ask(deps, '/sign-in/email', { email, password }, asking);
  if (response.status === 429) return tooMany(response);
  const answer = response.ok ? ((await response.json()) as { twoFactorRedirect?: boolean }) : null;
  if (!answer?.twoFactorRedirect) {
    security.note('auth.password_refused', { what: 'sign_in' }, caller.address);
    if (taken.isLast) await tellLocked(deps, await readStaffId(pool, email), 'password');
    return { ok: false, reason: 'refused' };
  }
  await forgetTries(pool, counters);
  await endOld(deps, caller);
  return { ok: true, cookies: response.headers.getSetCookie() };
}

async function enterCode(deps: SignInDeps, typed: string, caller: Caller): Promise<CodeResult> {
  const { options, auths, pool, security } = deps;
  const { kind, code } = readCode(typed);
  // Only the challenge is passed: with a session, the library would treat the request as a mere confirmation.
  const cookie = challengeOf(caller.cookie, options.baseUrl);
  const user = await challenged(auths, cookie);
  const known = user && (await knownAs(pool, options.baseUrl, caller.cookie, { user }));
  const counters = user ? codeCounters(user, known) : [];
  const taken = await takeTry(pool, counters);
  const lock = async () => {
    if (user) await tellLocked(deps, (await readStaffOf(pool, user))?.staff.id, 'code');
  };
  if (!taken.ok) {
    security.note('auth.locked_out', { what: 'code' }, caller.address);
    await lock();
    return { ok: false, reason: 'too_many', retryAfter: taken.retryAfter };
  }

  const asking = { ...caller, cookie, ...(known && { counted: countedAs(known) }) };
  const response = await ask(deps, TWO_FACTOR_PATHS[kind], { code }, asking);
  const cookies = response.headers.getSetCookie();
  if (response.ok && user) {
    await forgetTries(pool, counters);
    const how = kind === 'time' ? 'code' : 'recovery';
    const browser = await welcome(deps, user, how, caller, cookies);
    return { ok: true, cookies: [...cookies, browser] };
  }
  security.note('auth.second_factor_refused', { what: 'code' }, caller.address);
  if (taken.isLast) await lock();
  if (response.status === 429) return tooMany(response);
  const { code: why } = (await response.json()) as { code?: string };
  return why === 'INVALID_CODE' || why === 'INVALID_BACKUP_CODE'
    ? { ok: false, reason: 'wrong_code' }
    : { ok: false, reason: 'start_again', cookies };
}

/** Returns the token of the session of these cookies. @throws when there is none */
function sessionTokenIn(cookies: Cookies): string {
  const found = cookies.find((each) => each.split('=')[0]?.endsWith('session_token'));
  // The value is the token and its signature: `token.signature`.
  const value = found?.slice(found.indexOf('=') + 1).split(';')[0] ?? '';
  const [token] = decoded(value).split('.');
  if (!token) throw new Error('Signed in without a session');
  return token;
}

function tooMany(response: Response) {
  const seconds = Number(response.headers.get('x-retry-after'));
  return { ok: false, reason: 'too_many', retryAfter: seconds > 0 ? seconds : 60 } as const;
}

/** Returns only the challenge's cookie, as a Cookie header. */
function challengeOf(cookie: string, baseUrl: string): string {
  const value = cookieIn(cookie, CHALLENGE, baseUrl);
  return value && `${cookieName(baseUrl, CHALLENGE)}=${value}`;
}
