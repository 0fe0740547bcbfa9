import {
  hashPassword,
  type SecretConfig,
  symmetricDecrypt,
  symmetricEncrypt,
  verifyPassword,
} from 'better-auth/crypto';
import type pg from 'pg';
import { z } from 'zod';
import { systemClock } from '../../../../lib/clock.ts';
import { noSecurityLog, type SecurityLog } from '../../../../lib/security-events.ts';
import { tellStaff } from '../../staff-mail/service.ts';
import type { AuthOptions } from '../auth.ts';
import { codeCounters, PASSWORD_TRIES } from '../lockout.ts';
import { passwordRefusal } from '../passwords/rules.ts';
import { isIdle, readCode } from '../rules.ts';
import { sealingOf } from '../secrets.ts';
import { inTransaction, spendCode } from '../store.ts';
import { isRight, keptSecret, newRecoveryCodes, newTotpSecret, secretIn, totpOf } from '../totp.ts';
import { tell } from '../trail.ts';
import type { Caller, StaffDeed, StaffSession } from '../types.ts';
import { readPlaces } from '../views.ts';
import { knownAs, makeKnown } from './browser.ts';
import { createRecoveryCodes, hashedCodes } from './recovery.ts';
import { browserOf, isFresh, relyingParty } from './rules.ts';
import {
  confirmSession,
  endSessions,
  forgetBrowsers,
  forgetTries,
  saveAuthenticator,
  savePassword,
  saveRecoveryCodes,
} from './store.ts';
import { takeTry } from './tries.ts';
import type {
  AccountSeen,
  Confirmed,
  NewAuthenticator,
  PasswordChange,
  ReplaceResult,
} from './types.ts';
import { type Factors, readFactors, readPasskeys, readSessions } from './views.ts';

/** A signed-in person's actions on their own account. Changes of the sign-in need a second factor shown a few minutes ago. */
export interface OwnAccount {
  account(session: StaffSession): Promise<AccountSeen>;
  /** Returns whether the session has shown a second factor recently. */
  isFresh(session: StaffSession): boolean;
  /** Confirms the person's identity again, with a code of the authenticator or a recovery code. */
  confirmWithCode(session: StaffSession, typed: string, caller: Caller): Promise<Confirmed>;
  /** Returns a new authenticator to enrol in place of the old one. */
  newAuthenticator(session: StaffSession): Promise<NewAuthenticator>;
  /** Returns the same authenticator after a wrong code; null when it is another person's, or too old. */
  offeredAuthenticator(session: StaffSession, sealed: string): Promise<NewAuthenticator | null>;
  /** Replaces the old authenticator when the new one's first code is right. */
  replaceAuthenticator(
    session: StaffSession,
    given: { sealed: string; code: string },
  ): Promise<ReplaceResult>;
  /** Makes new recovery codes, shown once; the old ones become invalid. Null: the second factor was shown too long ago. */
  makeRecoveryCodes(session: StaffSession): Promise<string[] | null>;
  /** Ends every other session, and removes all other known browsers. */
  changePassword(
    session: StaffSession,
    given: { current: string; next: string },
    caller: Caller,
  ): Promise<PasswordChange>;
  /** Ends one of their sessions, or all except this one. Returns the number; null: the second factor was shown too long ago. */
  endSessions(session: StaffSession, which: { only: string } | 'others'): Promise<number | null>;
}

/** Minutes for entering the new authenticator's first code. */
const SEAL_MINUTES = 30;
const sealed = z.object({ user: z.string(), secret: z.string(), until: z.number() });

/** The dependencies of account changes. */
interface AccountDeps {
  options: AuthOptions;
  pool: pg.Pool;
  now(): Temporal.Instant;
  key: ReturnType<typeof sealingOf>;
  security: SecurityLog;
}

export function createOwnAccount(
  options: AuthOptions,
  pool: pg.Pool,
  now: () => Temporal.Instant,
): OwnAccount {
  const key = sealingOf(options.secret);
  const deps = { options, pool, now, key, security: options.security ?? noSecurityLog };
  return {
    isFresh: isFreshNow,
    account: (session) => readAccount(deps, session),
    confirmWithCode: (session, typed, caller) => confirmWithCode(deps, session, typed, caller),
    newAuthenticator: (session) => newAuthenticator(deps, session),
    offeredAuthenticator: async ({ user, email }, offer) => {
      const offered = await openSeal(key, offer);
      if (offered?.user !== user) return null;
      const { secret } = offered;
      return { secret, uri: totpOf(options.issuer, email, secret).toString(), sealed: offer };
    },
    replaceAuthenticator: (session, given) => replaceAuthenticator(deps, session, given),
    makeRecoveryCodes: (session) => makeRecoveryCodes(deps, session),
    changePassword: (session, given, caller) => changePassword(deps, session, given, caller),
    endSessions: async (session, which) => {
      if (!isFreshNow(session)) return null;
      return inTransaction(pool, async (client) => {
        const ended = which === 'others' ? { except: session.id } : which;
        const count = await endSessions(client, session.user, ended);
        const told = { ...toldOf(session, 'sessions_ended', now()), data: { count } };
        if (count > 0) await tell(client, told);
        return count;
      });
    },
  };
}

const isFreshNow = (session: StaffSession): boolean =>
  isFresh(session.confirmedAt, systemClock.now());

const toldOf = ({ staff }: StaffSession, action: StaffDeed, now: Temporal.Instant) => ({
  staff,
  by: staff,
  action,
  now,
});

async function readAccount(
  { options, pool, key }: AccountDeps,
  session: StaffSession,
): Promise<AccountSeen> {
  const factors = await readFactors(pool, session.user);
  const sessions = await readSessions(pool, session.user);
  const moment = systemClock.now();
  return {
    passkeys: await readPasskeys(pool, session.user),
    recoveryCodes: await createRecoveryCodes(pool, key).count(session.user),
    hasAuthenticator: Boolean(factors?.secret),
    hasPassword: Boolean(factors?.passwordHash),
    takesPasskeys: relyingParty(options.baseUrl) !== null,
    sessions: sessions
      .filter((each) => !isIdle(each.lastSeenAt, moment))
      .map(({ id, userAgent, ipAddress, createdAt, lastSeenAt }) => ({
        id,
        createdAt,
        lastSeenAt,
        address: ipAddress,
        ...browserOf(userAgent),
        isThis: id === session.id,
      })),
  };
}

/** Returns whether the code is right and unused. It can't be used again: a time code is spent, a recovery code is deleted. */
async function isGood(
  { options, pool, key }: AccountDeps,
  user: string,
  factors: Factors,
  typed: string,
): Promise<boolean> {
  const { kind, code } = readCode(typed);
  if (kind !== 'time') return createRecoveryCodes(pool, key).spend(user, code);
  if (!factors.secret) return false;
  const totp = totpOf(options.issuer, factors.email, await secretIn(key, factors.secret));
  return isRight(totp, code) && spendCode(pool, user, code);
}

async function confirmWithCode(
  deps: AccountDeps,
  session: StaffSession,
  typed: string,
  caller: Caller,
): Promise<Confirmed> {
  const { options, pool, now, security } = deps;
  const { user, staff } = session;
  const known = await knownAs(pool, options.baseUrl, caller.cookie, { user });
  const counters = codeCounters(user, known);
  const taken = await takeTry(pool, counters);
  if (!taken.ok) {
    security.note('auth.locked_out', { staff, what: 'code' }, caller.address);
    return { ok: false, reason: 'too_many', retryAfter: taken.retryAfter };
  }
  const factors = await readFactors(pool, user);
  if (!factors || !(await isGood(deps, user, factors, typed))) {
    security.note('auth.second_factor_refused', { staff, what: 'confirm' }, caller.address);
    const told = { ...toldOf(session, 'sign_in_locked', now()), data: { what: 'code' } };
    if (taken.isLast) await tell(pool, told);
    return { ok: false, reason: 'wrong_code' };
  }
  await forgetTries(pool, counters);
  await confirmSession(pool, session.id);
  return { ok: true };
}

async function newAuthenticator(
  { options, key }: AccountDeps,
  { user, email }: StaffSession,
): Promise<NewAuthenticator> {
  const secret = newTotpSecret();
  const until = systemClock.now().add({ minutes: SEAL_MINUTES }).epochMilliseconds;
  const data = JSON.stringify({ user, secret, until });
  return {
    secret,
    uri: totpOf(options.issuer, email, secret).toString(),
    sealed: await symmetricEncrypt({ key, data }),
  };
}

async function replaceAuthenticator(
  { options, pool, now, key }: AccountDeps,
  session: StaffSession,
  given: { sealed: string; code: string },
): Promise<ReplaceResult> {
  const { user, staff } = session;
  if (!isFreshNow(session)) return { ok: false, reason: 'stale' };
  const offered = await openSeal(key, given.sealed);
  if (!offered || offered.user !== user) return { ok: false, reason: 'gone' };
  const { code } = readCode(given.code);
  const totp = totpOf(options.issuer, session.email, offered.secret);
  if (!isRight(totp, code)) return { ok: false, reason: 'wrong_code' };
  const secret = await keptSecret(key, offered.secret);
  return inTransaction(pool, async (client) => {
    if (!(await spendCode(client, user, code))) return { ok: false, reason: 'wrong_code' };
    await saveAuthenticator(client, user, secret);
    await tell(client, toldOf(session, 'authenticator_replaced', now()));
    await tellStaff(client, { to: { staff }, kind: 'authenticator_changed' }, now());
    return { ok: true };
  });
}

async function makeRecoveryCodes(
  { pool, now }: AccountDeps,
  session: StaffSession,
): Promise<string[] | null> {
  if (!isFreshNow(session)) return null;
  const made = newRecoveryCodes();
  const data = await hashedCodes(made);
  await inTransaction(pool, async (client) => {
    await saveRecoveryCodes(client, session.user, data);
    await tell(client, toldOf(session, 'recovery_codes_made', now()));
    const to = { staff: session.staff };
    await tellStaff(client, { to, kind: 'recovery_codes_made' }, now());
  });
  return made;
}

async function changePassword(
  { options, pool, now, security }: AccountDeps,
  session: StaffSession,
  { current, next }: { current: string; next: string },
  caller: Caller,
): Promise<PasswordChange> {
  const { user, staff } = session;
  if (!isFreshNow(session)) return { ok: false, reason: 'stale' };
  const counters = [{ name: `change ${user}`, most: PASSWORD_TRIES }];
  const taken = await takeTry(pool, counters);
  if (!taken.ok) {
    security.note('auth.locked_out', { staff, what: 'change' }, caller.address);
    return { ok: false, reason: 'too_many', retryAfter: taken.retryAfter };
  }
  const hash = (await readFactors(pool, user))?.passwordHash;
  if (!hash || !(await verifyPassword({ hash, password: current }))) {
    security.note('auth.password_refused', { staff, what: 'change' }, caller.address);
    return { ok: false, reason: 'wrong' };
  }
  await forgetTries(pool, counters);
  const refusal = passwordRefusal(next, { ...session, places: await readPlaces(pool) });
  if (refusal) return { ok: false, reason: refusal };
  const hashed = await hashPassword(next);
  await inTransaction(pool, async (client) => {
    await savePassword(client, user, hashed);
    await endSessions(client, user, { except: session.id });
    await forgetBrowsers(client, user);
    await tell(client, toldOf(session, 'password_changed', now()));
    await tellStaff(client, { to: { staff }, kind: 'password_changed' }, now());
  });
  return { ok: true, cookies: [await makeKnown(pool, options.baseUrl, caller.cookie, user)] };
}

async function openSeal(key: string | SecretConfig, data: string) {
  try {
    const read = sealed.parse(JSON.parse(await symmetricDecrypt({ key, data })));
    return read.until > systemClock.now().epochMilliseconds ? read : null;
  } catch {
    return null; // not one of our sealed values
  }
}
