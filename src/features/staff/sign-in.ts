import type pg from 'pg';
import { type Auth, type AuthOptions, askAuth, LOCK_SECONDS, TWO_FACTOR_PATHS } from './auth.ts';
import {
  PASSWORD_TRIES,
  PASSWORD_TRIES_OF_ALL,
  PASSWORD_WINDOW_MINUTES,
  readCode,
} from './rules.ts';
import { countFailure, forgetFailures, sweep } from './store.ts';
import type { Caller, CodeResult, Cookies, SignInResult } from './types.ts';
import { readFailures } from './views.ts';

export interface SignIn {
  /** The first factor. Success opens a challenge, never a session; refusals don't tell whether the account exists. */
  signIn(email: string, password: string, caller: Caller): Promise<SignInResult>;
  /** Whether the request carries a challenge that may still be answered. */
  hasChallenge(cookie: string): boolean;
  /** The second factor: a time code or a recovery code. Success opens the session. */
  enterCode(typed: string, caller: Caller): Promise<CodeResult>;
  /** Ends the session that the cookies carry; answers the cookies that make the browser forget it. */
  signOut(caller: Caller): Promise<Cookies>;
}

const CHALLENGE = 'finestreta.two_factor';

export function createSignIn(options: AuthOptions, auth: Auth, pool: pg.Pool): SignIn {
  const ask = (path: string, body: Record<string, unknown>, caller: Caller) =>
    askAuth(auth, options.baseUrl, path, body, caller);
  const signOut = async (caller: Caller) =>
    (await ask('/sign-out', {}, caller)).headers.getSetCookie();

  return {
    signIn: async (typed, password, caller) => {
      const email = typed.trim().toLowerCase().slice(0, 320);
      const fromHere = `${email} from ${caller.address}`;
      for (const [who, most] of [
        [fromHere, PASSWORD_TRIES],
        [email, PASSWORD_TRIES_OF_ALL],
      ] as const) {
        const failures = await readFailures(pool, who, PASSWORD_WINDOW_MINUTES);
        if (failures.count >= most)
          return { ok: false, reason: 'too_many', retryAfter: failures.secondsLeft };
      }

      // Without the browser's cookies: a "trusted device" there is none, and an old session has no say.
      const response = await ask('/sign-in/email', { email, password }, { ...caller, cookie: '' });
      if (response.status === 429) return tooMany(response, 60);
      const answer = response.ok
        ? ((await response.json()) as { twoFactorRedirect?: boolean })
        : null;
      if (!answer?.twoFactorRedirect) {
        await countFailure(pool, fromHere, PASSWORD_WINDOW_MINUTES);
        await countFailure(pool, email, PASSWORD_WINDOW_MINUTES);
        return { ok: false, reason: 'refused' };
      }
      await forgetFailures(pool, fromHere);
      await forgetFailures(pool, email);
      await sweep(pool, PASSWORD_WINDOW_MINUTES);
      if (caller.cookie.includes('session_token')) await signOut(caller);
      return { ok: true, cookies: response.headers.getSetCookie() };
    },

    hasChallenge: (cookie) => challengeOf(cookie) !== '',

    enterCode: async (typed, caller) => {
      const { kind, code } = readCode(typed);
      // Only the challenge goes in: the library treats a request with a session as a mere confirmation.
      const response = await ask(
        TWO_FACTOR_PATHS[kind],
        { code },
        { ...caller, cookie: challengeOf(caller.cookie) },
      );
      const cookies = response.headers.getSetCookie();
      if (response.ok) return { ok: true, cookies };
      if (response.status === 429) return tooMany(response, LOCK_SECONDS);
      const { code: why } = (await response.json()) as { code?: string };
      return why === 'INVALID_CODE' || why === 'INVALID_BACKUP_CODE'
        ? { ok: false, reason: 'wrong_code' }
        : { ok: false, reason: 'start_again', cookies };
    },

    signOut,
  };
}

function tooMany(response: Response, otherwise: number) {
  const seconds = Number(response.headers.get('x-retry-after'));
  return { ok: false, reason: 'too_many', retryAfter: seconds > 0 ? seconds : otherwise } as const;
}

/** The challenge's cookie alone, as a Cookie header. */
function challengeOf(cookie: string): string {
  const parts = cookie.split(/;\s*/);
  return parts.find((each) => each.split('=')[0]?.endsWith(CHALLENGE)) ?? '';
}
