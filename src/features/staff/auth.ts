import { betterAuth } from 'better-auth';
import { createAuthMiddleware } from 'better-auth/api';
import { twoFactor } from 'better-auth/plugins/two-factor';
import type pg from 'pg';
import { CHALLENGE_MINUTES, PASSWORD_LENGTH, SESSION_HOURS } from './rules.ts';
import { type PoolOptions, spendCode } from './store.ts';
import type { Caller } from './types.ts';
import { isEnrolled } from './views.ts';

export interface AuthOptions extends PoolOptions {
  /** Public address without a trailing slash. */
  baseUrl: string;
  /** Encrypts the authenticators' secrets and signs the cookies. Must outlive restarts. */
  secret: string;
  /** What an authenticator shows above the code. */
  issuer: string;
}

const BASE_PATH = '/staff/auth';
const ADDRESS_HEADER = 'x-finestreta-address';
export const TWO_FACTOR_PATHS = {
  time: '/two-factor/verify-totp',
  recovery: '/two-factor/verify-backup-code',
} as const;
const SECOND_FACTOR: ReadonlySet<string> = new Set(Object.values(TWO_FACTOR_PATHS));

/**
 * The library that keeps accounts and sessions. None of its HTTP endpoints is exposed: our pages call it with requests
 * made here, so that its rate limits and its challenge between password and code work.
 */
export function createAuth(options: AuthOptions, pool: pg.Pool) {
  return betterAuth({
    appName: options.issuer,
    baseURL: options.baseUrl,
    basePath: BASE_PATH,
    secret: options.secret,
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
      },
    },
    advanced: {
      cookiePrefix: 'finestreta',
      useSecureCookies: options.baseUrl.startsWith('https:'),
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    rateLimit: {
      enabled: true,
      storage: 'database',
      // A whole office stands behind one address, so these stop machines; each account has its own, stricter limits.
      customRules: {
        '/sign-in/email': { window: 60, max: 30 },
        '/two-factor/*': { window: 60, max: 60 },
      },
    },
    databaseHooks: { session: { create: { before: stampSession(pool) } } },
    hooks: { before: refuseUsedCode(pool) },
    plugins: [
      twoFactor({
        issuer: options.issuer,
        twoFactorCookieMaxAge: CHALLENGE_MINUTES * 60,
        accountLockout: { enabled: true, maxFailedAttempts: 10, durationSeconds: LOCK_SECONDS },
      }),
    ],
  });
}

/** How long an account that was given ten wrong codes in a row takes no more. */
export const LOCK_SECONDS = 900;

export type Auth = ReturnType<typeof createAuth>;

/**
 * Marks whether a session passed the second factor, and lets an account that has none yet have no session at all: else
 * a session opened by a password alone would become good the moment its owner enrols.
 */
function stampSession(pool: pg.Pool) {
  return async (
    session: { userId: string; createdAt: Date },
    context: { path?: string } | null,
  ) => {
    if (!(await isEnrolled(pool, session.userId))) return false;
    const secondFactor = SECOND_FACTOR.has(context?.path ?? '');
    return { data: { ...session, secondFactor, lastSeenAt: session.createdAt } };
  };
}

/** A time code opens once (RFC 6238, 5.2). One that was used is turned into one that can't be right, so it counts as wrong. */
function refuseUsedCode(pool: pg.Pool) {
  return createAuthMiddleware(async (ctx) => {
    if (ctx.path !== TWO_FACTOR_PATHS.time) return;
    const cookie = ctx.context.createAuthCookie('two_factor');
    const challenge = await ctx.getSignedCookie(cookie.name, ctx.context.secret);
    if (!challenge) return;
    const pending = await ctx.context.internalAdapter.findVerificationValue(challenge);
    if (!pending) return;
    const code = String(ctx.body?.code ?? '');
    const fresh = await spendCode(pool, pending.value, code);
    return fresh ? undefined : { context: { body: { ...ctx.body, code: '' } } };
  });
}

/** Asks the library as its own client would. Nothing of the browser's request goes in but what `caller` holds. */
export function askAuth(
  auth: Auth,
  baseUrl: string,
  path: string,
  body: Record<string, unknown>,
  caller: Caller,
): Promise<Response> {
  return auth.handler(
    new Request(`${baseUrl}${BASE_PATH}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: baseUrl,
        'user-agent': caller.userAgent.slice(0, 200),
        [ADDRESS_HEADER]: caller.address,
        ...(caller.cookie ? { cookie: caller.cookie } : {}),
      },
      body: JSON.stringify(body),
    }),
  );
}
