import { betterAuth } from 'better-auth';
import { APIError, createAuthEndpoint, createAuthMiddleware } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { twoFactor } from 'better-auth/plugins/two-factor';
import type pg from 'pg';
import { z } from 'zod';
import type { Clock } from '../../../lib/clock.ts';
import { systemClock } from '../../../lib/clock.ts';
import { cookieName } from '../../../lib/http/secret-cookie.ts';
import { newSecret } from '../../../lib/secrets.ts';
import type { SecurityLog } from '../../../lib/security-events.ts';
import { createRecoveryCodes, type RecoveryCodes } from './account/recovery.ts';
import { CHALLENGE_MINUTES, PASSWORD_LENGTH, SESSION_HOURS } from './rules.ts';
import {
  type LibrarySecret,
  librarySecrets,
  type StaffKeys,
  sealingOf,
  signerOf,
} from './secrets.ts';
import { type PoolOptions, spendCode } from './store.ts';
import type { Caller, Cookies } from './types.ts';
import { isEnrolled } from './views.ts';

export interface AuthOptions extends PoolOptions {
  /** Public address without a trailing slash. */
  baseUrl: string;
  /** Encrypts the authenticators' secrets and signs the cookies. Must outlive restarts. */
  secret: StaffKeys;
  /** What an authenticator shows above the code. */
  issuer: string;
  /** What the audit trail and mails are dated by, in place of the machine's time: the demo's clock. */
  clock?: Clock;
  /** Where refusals, sign-ins and sign-outs are noted. */
  security?: SecurityLog;
}

const BASE_PATH = '/staff/auth';
/** Whom the library's limits count. */
const COUNTED_HEADER = 'x-finestreta-counted';
/** Where the session is opened from. */
const ADDRESS_HEADER = 'x-finestreta-address';
const OPEN_PATH = '/session/open';
export const TWO_FACTOR_PATHS = {
  time: '/two-factor/verify-totp',
  recovery: '/two-factor/verify-backup-code',
} as const;

/**
 * The library that keeps accounts and sessions. None of its HTTP endpoints is exposed: our pages call it with requests
 * made here, so that its rate limits and its challenge between password and code work.
 */
function createAuth(options: AuthOptions, pool: pg.Pool, secrets: readonly LibrarySecret[]) {
  return betterAuth({
    appName: options.issuer,
    baseURL: options.baseUrl,
    basePath: BASE_PATH,
    ...secretsFor(options.secret, secrets),
    database: pool,
    telemetry: { enabled: false },
    logger: {
      level: 'error',
      log: (level, message) => {
        if (level === 'error') options.onError?.(message);
      },
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH.least,
      maxPasswordLength: PASSWORD_LENGTH.most,
    },
    session: {
      expiresIn: SESSION_HOURS * 3600,
      disableSessionRefresh: true,
      additionalFields: {
        secondFactor: { type: 'boolean', input: false, defaultValue: false },
        lastSeenAt: { type: 'date', input: false, required: false },
        confirmedAt: { type: 'date', input: false, required: false },
      },
    },
    advanced: {
      // The prefix of our own, in place of the library's `__Secure-`, which lets other hosts of the domain write it.
      useSecureCookies: false,
      cookiePrefix: cookieName(options.baseUrl, 'finestreta'),
      defaultCookieAttributes: { secure: options.baseUrl.startsWith('https:') },
      ipAddress: { ipAddressHeaders: [COUNTED_HEADER] },
    },
    rateLimit: {
      enabled: true,
      storage: 'database',
      // A whole office stands behind one address, so these stop machines; each account has its own, stricter limits
      // (lockout.ts). A browser known as somebody's is counted by itself.
      customRules: {
        '/sign-in/email': { window: 60, max: 30 },
        '/two-factor/*': { window: 60, max: 60 },
      },
    },
    databaseHooks: { session: { create: { before: stampSession(pool) } } },
    hooks: { before: prepareCode(pool, createRecoveryCodes(pool, sealingOf(options.secret))) },
    plugins: [
      twoFactor({
        issuer: options.issuer,
        twoFactorCookieMaxAge: CHALLENGE_MINUTES * 60,
        // Its lock would shut out the owner with whoever guesses: ours (lockout.ts) doesn't.
        accountLockout: { enabled: false },
        // What is kept is a list of hashes already (account/recovery.ts).
        backupCodeOptions: { storeBackupCodes: 'plain' },
      }),
      opening,
    ],
  });
}

/** Opens a session for whom we have recognised ourselves; it can't be reached over HTTP. */
const opening = {
  id: 'opening',
  endpoints: {
    openSession: createAuthEndpoint(
      OPEN_PATH,
      { method: 'POST', body: z.object({ user: z.string() }), metadata: { SERVER_ONLY: true } },
      async (ctx) => {
        const { internalAdapter } = ctx.context;
        const user = await internalAdapter.findUserById(ctx.body.user);
        const session = user && (await internalAdapter.createSession(user.id));
        if (!session) throw new APIError('UNAUTHORIZED');
        await setSessionCookie(ctx, { session, user });
        return ctx.json({ id: session.id });
      },
    ),
    /** The challenge that a right password opens, as the library makes it. */
    openChallenge: createAuthEndpoint(
      '/session/challenge',
      { method: 'POST', body: z.object({ user: z.string() }), metadata: { SERVER_ONLY: true } },
      async (ctx) => {
        const { internalAdapter, createAuthCookie, secret } = ctx.context;
        const maxAge = CHALLENGE_MINUTES * 60;
        const cookie = createAuthCookie('two_factor', { maxAge });
        const ends = systemClock.now().add({ seconds: maxAge });
        const expiresAt = new Date(ends.epochMilliseconds);
        const identifier = `2fa-${newSecret()}`;
        const { user } = ctx.body;
        await internalAdapter.createVerificationValue({ value: user, identifier, expiresAt });
        const attempts = `2fa-attempts-${identifier}`;
        await internalAdapter.createVerificationValue({
          value: '0',
          identifier: attempts,
          expiresAt,
        });
        await ctx.setSignedCookie(cookie.name, identifier, secret, cookie.attributes);
        return ctx.json({});
      },
    ),
  },
} as const;

/** How the library is told its secrets: the first signs. What has no version in it was encrypted by version 0. */
function secretsFor(keys: StaffKeys, secrets: readonly LibrarySecret[]) {
  if (typeof keys === 'string') return { secret: keys };
  const legacy = secrets.find(({ version }) => version === 0);
  return { secrets: [...secrets], ...(legacy && { secret: legacy.value }) };
}

export type Auth = ReturnType<typeof createAuth>;

/** The library by each secret that it may sign with. */
export interface Auths {
  /** The library that signs by the secret in use. */
  newest(): Auth;
  /** The library by the secret that signed the cookies of this Cookie header: a session outlives a change of keys. */
  of(cookie: string): Auth;
}

export function createAuths(options: AuthOptions, pool: pg.Pool): Auths {
  const made = new Map<string, Auth>();
  const by = (signing: LibrarySecret | undefined): Auth => {
    const all = librarySecrets(options.secret);
    const others = all.filter((each) => each.version !== signing?.version);
    const secrets = signing ? [signing, ...others] : others;
    const name = secrets.map((each) => each.version).join();
    const there = made.get(name);
    if (there) return there;
    const auth = createAuth(options, pool, secrets);
    made.set(name, auth);
    return auth;
  };
  return {
    newest: () => by(librarySecrets(options.secret)[0]),
    of: (cookie) => by(signerOf(options.secret, cookie)),
  };
}

/**
 * Says when a session was opened, and lets an account that has no second factor yet have no session at all: else a session
 * opened by a password alone would become good the moment its owner enrols. A new session opens nothing: `admitSession` marks
 * it as one that passed the second factor, in the transaction that records the sign-in.
 */
function stampSession(pool: pg.Pool) {
  return async (
    session: { userId: string; createdAt: Date },
    context: { path?: string; headers?: Headers | undefined } | null,
  ) => {
    const path = context?.path ?? '';
    if (path !== OPEN_PATH && !(await isEnrolled(pool, session.userId))) return false;
    const times = { lastSeenAt: session.createdAt, confirmedAt: session.createdAt };
    const ipAddress = context?.headers?.get(ADDRESS_HEADER) ?? '';
    return { data: { ...session, ...times, secondFactor: false, ipAddress } };
  };
}

/**
 * Puts what the library compares in place of what was typed. A time code opens once (RFC 6238, 5.2): one that was used is turned
 * into one that can't be right, so it counts as wrong. A recovery code becomes its hash, since hashes are what is kept.
 */
function prepareCode(pool: pg.Pool, recovery: RecoveryCodes) {
  const prepared = async (path: string, user: string, code: string): Promise<string> => {
    if (path === TWO_FACTOR_PATHS.recovery) return (await recovery.entry(user, code)) ?? '';
    return (await spendCode(pool, user, code)) ? code : '';
  };
  return createAuthMiddleware(async (ctx) => {
    if (ctx.path !== TWO_FACTOR_PATHS.time && ctx.path !== TWO_FACTOR_PATHS.recovery) return;
    const cookie = ctx.context.createAuthCookie('two_factor');
    const challenge = await ctx.getSignedCookie(cookie.name, ctx.context.secret);
    if (!challenge) return;
    const pending = await ctx.context.internalAdapter.findVerificationValue(challenge);
    if (!pending) return;
    const typed = String(ctx.body?.code ?? '');
    const code = await prepared(ctx.path, pending.value, typed);
    return code === typed ? undefined : { context: { body: { ...ctx.body, code } } };
  });
}

/** Whose request it is: where from, in what, and on whose account the library's limits count it. */
export type Asking = Caller & { counted?: string };

/** Asks the library as its own client would. Nothing of the browser's request goes in but what `caller` holds. */
export function askAuth(
  auth: Auth,
  baseUrl: string,
  path: string,
  body: Record<string, unknown>,
  caller: Asking,
): Promise<Response> {
  return auth.handler(
    new Request(`${baseUrl}${BASE_PATH}${path}`, {
      method: 'POST',
      headers: headersOf(baseUrl, caller),
      body: JSON.stringify(body),
    }),
  );
}

/**
 * Opens a session for somebody who has proved by other means who they are: a passkey, the town's provider. It opens nothing
 * before `admitSession`. Whether they may still come in is the caller's to ask. Answers the cookies.
 */
export async function openSession(
  auth: Auth,
  baseUrl: string,
  user: string,
  caller: Caller,
): Promise<Cookies> {
  const { headers } = await auth.api.openSession({
    body: { user },
    headers: new Headers(headersOf(baseUrl, { ...caller, cookie: '' })),
    returnHeaders: true,
  });
  return headers.getSetCookie();
}

/** Asks somebody for the code, who has proved by other means than a password who they are. Answers the cookies. */
export async function openChallenge(
  auth: Auth,
  baseUrl: string,
  user: string,
  caller: Caller,
): Promise<Cookies> {
  const { headers } = await auth.api.openChallenge({
    body: { user },
    headers: new Headers(headersOf(baseUrl, { ...caller, cookie: '' })),
    returnHeaders: true,
  });
  return headers.getSetCookie();
}

function headersOf(baseUrl: string, caller: Asking): Record<string, string> {
  return {
    'content-type': 'application/json',
    origin: baseUrl,
    'user-agent': caller.userAgent.slice(0, 200),
    [COUNTED_HEADER]: caller.counted ?? caller.address,
    [ADDRESS_HEADER]: caller.address,
    ...(caller.cookie ? { cookie: caller.cookie } : {}),
  };
}
