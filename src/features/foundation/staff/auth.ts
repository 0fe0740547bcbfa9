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
  /** Encrypts the authenticators' secrets and signs the cookies. It must stay the same after restarts. */
  secret: StaffKeys;
  /** The account's name in an authenticator. */
  issuer: string;
  /** The clock of audit records and mails, instead of the machine's time: the demo's clock. */
  clock?: Clock;
  /** Called for refusals, sign-ins and sign-outs. */
  security?: SecurityLog;
}

const BASE_PATH = '/staff/auth';
/** The key of the library's limits. */
const COUNTED_HEADER = 'x-finestreta-counted';
/** The origin of the session. */
const ADDRESS_HEADER = 'x-finestreta-address';
const OPEN_PATH = '/session/open';
export const TWO_FACTOR_PATHS = {
  time: '/two-factor/verify-totp',
  recovery: '/two-factor/verify-backup-code',
} as const;

/**
 * Returns the library that stores accounts and sessions. None of its HTTP endpoints is public: our pages call it with requests
 * made here, so that its rate limits and its challenge between password and code are used.
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
      // Our own prefix instead of the library's `__Secure-`, which allows other hosts of the domain to write the cookie.
      useSecureCookies: false,
      cookiePrefix: cookieName(options.baseUrl, 'finestreta'),
      defaultCookieAttributes: { secure: options.baseUrl.startsWith('https:') },
      ipAddress: { ipAddressHeaders: [COUNTED_HEADER] },
    },
    rateLimit: {
      enabled: true,
      storage: 'database',
      // A whole office may share one address, so these limits only stop automated attacks; each account has its own, stricter limits
      // (lockout.ts). A known browser is counted separately.
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
        // The library's lock would also lock the owner out when a stranger guesses; ours (lockout.ts) doesn't.
        accountLockout: { enabled: false },
        // The stored value is a list of hashes already (account/recovery.ts).
        backupCodeOptions: { storeBackupCodes: 'plain' },
      }),
      opening,
    ],
  });
}

/** Opens a session for a person whom our own code has verified. It can't be called over HTTP. */
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
    /** Makes the challenge after a right password, in the library's form. */
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

/** Returns the library's secrets: the first one signs. Values without a version were encrypted by version 0. */
function secretsFor(keys: StaffKeys, secrets: readonly LibrarySecret[]) {
  if (typeof keys === 'string') return { secret: keys };
  const legacy = secrets.find(({ version }) => version === 0);
  return { secrets: [...secrets], ...(legacy && { secret: legacy.value }) };
}

export type Auth = ReturnType<typeof createAuth>;

/** Library instances by signing secret. */
export interface Auths {
  /** Returns the library with the signing secret in use. */
  newest(): Auth;
  /** Returns the library for the secret that signed the cookies of this Cookie header: a session stays valid after a change of keys. */
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
 * Adds the time to a new session, and refuses a session to an account that has no second factor yet: otherwise a session
 * opened by a password alone would become valid when its owner enrols. A new session isn't valid yet: `admitSession` marks
 * it as having passed the second factor, in the transaction that records the sign-in.
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
 * Replaces the typed code by the value that the library compares. A time code is valid once (RFC 6238, 5.2): a used code is replaced
 * by one that can't be right, so it counts as wrong. A recovery code is replaced by its hash, since hashes are stored.
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

/** The origin of a request: address, browser, and the account for the library's limits. */
export type Asking = Caller & { counted?: string };

/** Sends a request to the library. Of the browser's request, only the fields of `caller` are used. */
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
 * Opens a session for a person verified by other means: a passkey, the town's provider. It isn't valid
 * before `admitSession`. The caller checks whether the person may still sign in. Returns the cookies.
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

/** Asks for the code of a person verified by other means than a password. Returns the cookies. */
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
