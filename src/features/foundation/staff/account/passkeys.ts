import { randomUUID } from 'node:crypto';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type pg from 'pg';
import { systemClock } from '../../../../lib/clock.ts';
import { noSecurityLog, type SecurityLog } from '../../../../lib/security-events.ts';
import { tellStaff } from '../../staff-mail/service.ts';
import type { AuthOptions } from '../auth.ts';
import { inTransaction } from '../store.ts';
import { tell } from '../trail.ts';
import type { Caller, Cookies, StaffSession } from '../types.ts';
import { readStaffOf } from '../views.ts';
import { createCeremony, type Proof } from './ceremony.ts';
import { readRegistration } from './messages.ts';
import { CHALLENGE_MINUTES, isCopied, isFresh, mayEnter } from './rules.ts';
import {
  confirmSession,
  deletePasskey,
  insertPasskey,
  noteUse,
  renamePasskey,
  spendChallenge,
} from './store.ts';
import {
  type AddOptions,
  type AddResult,
  NAME_LENGTH,
  type PasskeySignIn,
  type SignInOptions,
} from './types.ts';
import { readCredentialsOf, readPasskeys } from './views.ts';

/** Passkeys: keys in a telephone, computer or password manager, unlocked with a fingerprint, a face or a PIN. */
export interface Passkeys {
  /** Returns the options for the sign-in page's script; null when this address can't have passkeys. */
  passkeyOptions(caller: Caller): Promise<SignInOptions | null>;
  /** Signs in with only a passkey, which is two factors: the device, and its unlocking. `answer`: the browser's JSON. */
  signInWithPasskey(answer: string, caller: Caller): Promise<PasskeySignIn>;
  /** Returns the options for a new passkey; null when this address can't have any, or the second factor is too old. */
  addOptions(session: StaffSession, caller: Caller): Promise<AddOptions | null>;
  addPasskey(
    session: StaffSession,
    given: { answer: string; name: string },
    caller: Caller,
  ): Promise<AddResult>;
  /** Returns the options for confirming the person's identity with one of their passkeys. */
  confirmOptions(session: StaffSession, caller: Caller): Promise<SignInOptions | null>;
  confirmWithPasskey(session: StaffSession, answer: string, caller: Caller): Promise<boolean>;
  renamePasskey(session: StaffSession, id: string, name: string): Promise<void>;
  /** `stale`: the second factor was shown too long ago. Another person's passkey is never changed. */
  removePasskey(session: StaffSession, id: string): Promise<'done' | 'stale'>;
}

const MOST_PASSKEYS = 20;
/** EdDSA, ES256 and RS256, by COSE's numbers: every authenticator supports one of them, and Node supports them all. */
const ALGORITHMS = [-8, -7, -257];

export interface PasskeyDeps {
  options: AuthOptions;
  pool: pg.Pool;
  /** Opens a session that counts as two factors, including all steps after a sign-in. */
  letIn(user: string, caller: Caller): Promise<Cookies>;
  now(): Temporal.Instant;
}

/** The dependencies of creating, requesting and verifying passkeys. */
interface Ceremonial extends PasskeyDeps {
  security: SecurityLog;
  ceremony: ReturnType<typeof createCeremony>;
}

export function createPasskeys(given: PasskeyDeps): Passkeys {
  const { options, pool, now } = given;
  const security = options.security ?? noSecurityLog;
  const deps = { ...given, security, ceremony: createCeremony(options, pool) };
  return {
    passkeyOptions: async (caller) => {
      const { party, ask } = deps.ceremony;
      if (!party) return null;
      const { challenge, cookies } = ask({ purpose: 'sign_in', user: '' }, caller);
      return { options: await requestOptions(party.id, challenge), cookies };
    },
    signInWithPasskey: (answer, caller) => signInWith(deps, answer, caller),
    addOptions: (session, caller) => addOptions(deps, session, caller),
    addPasskey: (session, typed, caller) => addPasskey(deps, session, typed, caller),
    confirmOptions: (session, caller) => confirmOptions(deps, session, caller),
    confirmWithPasskey: (session, answer, caller) => confirmWith(deps, session, answer, caller),
    renamePasskey: (session, id, name) => renamePasskey(pool, session.user, id, nameOf(name)),
    removePasskey: async (session, id) => {
      const { user, staff } = session;
      if (!isFresh(session.confirmedAt, systemClock.now())) return 'stale';
      await inTransaction(pool, async (client) => {
        if (!(await deletePasskey(client, user, id))) return;
        await tell(client, { staff, by: staff, action: 'passkey_removed', now: now() });
        await tellStaff(client, { to: { staff }, kind: 'passkey_removed' }, now());
      });
      return 'done';
    },
  };
}

/** Returns whether the passkey may be used, and records the use. A copied passkey is reported. */
async function use(
  { pool, now }: PasskeyDeps,
  { passkey, counter, isBackedUp }: Proof,
  staff: number,
): Promise<boolean> {
  if (isCopied(passkey.counter, counter)) {
    await tell(pool, { staff, by: null, action: 'passkey_copied', now: now() });
    return false;
  }
  return noteUse(pool, { id: passkey.id, counter, isBackedUp });
}

async function signInWith(
  deps: Ceremonial,
  answer: string,
  caller: Caller,
): Promise<PasskeySignIn> {
  const { pool, letIn, security, ceremony } = deps;
  const found = await ceremony.proven(answer, { purpose: 'sign_in', user: '' }, caller);
  const person = found && (await readStaffOf(pool, found.passkey.user));
  const isLetIn = found && person && mayEnter(person) && (await use(deps, found, person.staff.id));
  if (!isLetIn) {
    security.note('auth.second_factor_refused', { what: 'passkey' }, caller.address);
    return { ok: false };
  }
  return { ok: true, cookies: await letIn(found.passkey.user, caller) };
}

async function addOptions(
  { options, pool, ceremony }: Ceremonial,
  session: StaffSession,
  caller: Caller,
): Promise<AddOptions | null> {
  const { party, ask } = ceremony;
  if (!party || !isFresh(session.confirmedAt, systemClock.now())) return null;
  const { challenge, cookies } = ask({ purpose: 'add', user: session.user }, caller);
  const theirs = await readCredentialsOf(pool, session.user);
  const made = await generateRegistrationOptions({
    rpName: options.issuer,
    rpID: party.id,
    userName: session.email,
    userDisplayName: session.name,
    userID: Uint8Array.from(Buffer.from(session.user)),
    challenge,
    timeout: CHALLENGE_MINUTES * 60_000,
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: theirs.map(({ credential: id, transports }) => ({ id, transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  return { options: made, cookies };
}

async function addPasskey(
  { pool, now, ceremony }: Ceremonial,
  session: StaffSession,
  given: { answer: string; name: string },
  caller: Caller,
): Promise<AddResult> {
  const { party, judge } = ceremony;
  if (!isFresh(session.confirmedAt, systemClock.now())) return { ok: false, reason: 'stale' };
  const { user, staff } = session;
  if ((await readPasskeys(pool, user)).length >= MOST_PASSKEYS)
    return { ok: false, reason: 'too_many' };
  const response = readRegistration(given.answer);
  if (!party || !response) return { ok: false, reason: 'refused' };
  const { found, expectedChallenge } = judge({ purpose: 'add', user }, caller);
  const verified = await verifyRegistrationResponse({
    response,
    expectedChallenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch(() => null);
  const { challenge, until } = found;
  if (!verified?.verified || !until) return { ok: false, reason: 'refused' };
  const { credential, credentialBackedUp: isBackedUp } = verified.registrationInfo;
  const passkey = { id: randomUUID(), user, name: nameOf(given.name), credential, isBackedUp };
  return inTransaction(pool, async (client) => {
    if (!(await spendChallenge(client, challenge, until))) return { ok: false, reason: 'refused' };
    if (!(await insertPasskey(client, passkey))) return { ok: false, reason: 'known' };
    await tell(client, { staff, by: staff, action: 'passkey_added', now: now() });
    await tellStaff(client, { to: { staff }, kind: 'passkey_added' }, now());
    return { ok: true };
  });
}

async function confirmOptions(
  { pool, ceremony }: Ceremonial,
  session: StaffSession,
  caller: Caller,
): Promise<SignInOptions | null> {
  const { party, ask } = ceremony;
  const theirs = party ? await readCredentialsOf(pool, session.user) : [];
  if (!party || theirs.length === 0) return null;
  const { challenge, cookies } = ask({ purpose: 'confirm', user: session.user }, caller);
  const allowed = theirs.map(({ credential: id, transports }) => ({ id, transports }));
  return { options: await requestOptions(party.id, challenge, allowed), cookies };
}

async function confirmWith(
  deps: Ceremonial,
  session: StaffSession,
  answer: string,
  caller: Caller,
): Promise<boolean> {
  const { staff, user } = session;
  const found = await deps.ceremony.proven(answer, { purpose: 'confirm', user }, caller);
  if (!found || !(await use(deps, found, staff))) {
    const about = { staff, what: 'confirm' };
    deps.security.note('auth.second_factor_refused', about, caller.address);
    return false;
  }
  await confirmSession(deps.pool, session.id);
  return true;
}

function requestOptions(
  rpID: string,
  challenge: Uint8Array<ArrayBuffer>,
  allowCredentials?: { id: string; transports: string[] }[],
) {
  return generateAuthenticationOptions({
    rpID,
    challenge,
    timeout: CHALLENGE_MINUTES * 60_000,
    userVerification: 'required',
    ...(allowCredentials && { allowCredentials }),
  });
}

const nameOf = (typed: string): string =>
  typed.replaceAll(/\s+/g, ' ').trim().slice(0, NAME_LENGTH) || '–';
