import { digest } from '../digest.ts';

/** What a request's bindings carry where it came through a process's door (src/web/operation/crowd.ts). */
export interface Door {
  /** Tells that the request's session is valid, and whose it is. */
  recognise?(account: string): void;
  /** Resolves as `wait` does. Until then the request is no work of the process: it waits for its turn, and nothing is done for it. */
  aside?<T>(wait: Promise<T>): Promise<T>;
}

/** Tells whose session a request has, so that colleagues behind one address don't wait for each other. Returns the session. */
export async function recognised<Session extends { staff: number }>(
  { env }: { env: unknown },
  found: Promise<Session | null>,
): Promise<Session | null> {
  const session = await found;
  if (session) (env as Door | undefined)?.recognise?.(`staff ${session.staff}`);
  return session;
}

/** For so long, in milliseconds, a session is known after its last request. */
const KNOWN_MS = 10 * 60_000;
/** More sessions than a process has at once. */
const MOST = 10_000;
/** So many sessions of one account are known, those that were used last: nobody pushes out those of others. */
const MOST_OF_ONE = 8;

/** The sessions of which the answers told that they are valid: a cookie that somebody made up is none. */
export interface Recognised {
  /** Returns whose session the cookies have; null: none that is known. */
  find(cookies: string, now: number): string | null;
  learn(cookies: string, account: string, now: number): void;
}

/**
 * Returns sessions of which none is known yet. `name`: the cookie's name, to which a browser may have had to put `__Secure-` or `__Host-`. Times are
 * milliseconds since some moment.
 */
export function createRecognised(name: string): Recognised {
  const cookie = new RegExp(`(?:^|;\\s*)(?:__Secure-|__Host-)?${RegExp.escape(name)}=([^;\\s]+)`);
  const known = new Map<string, { account: string; until: number }>();
  /** The keys of each account, the one that was unused longest first. */
  const accounts = new Map<string, Set<string>>();
  const keyOf = (cookies: string): string | null => {
    const value = cookie.exec(cookies)?.[1];
    return value === undefined ? null : digest(value);
  };
  const forget = (key: string) => {
    const account = known.get(key)?.account;
    known.delete(key);
    if (account === undefined) return;
    accounts.get(account)?.delete(key);
    if (accounts.get(account)?.size === 0) accounts.delete(account);
  };
  const firstOf = (keys: Iterable<string>): string | undefined =>
    keys[Symbol.iterator]().next().value;
  return {
    find(cookies, now) {
      const key = keyOf(cookies);
      const found = key === null ? undefined : known.get(key);
      return found && found.until > now ? found.account : null;
    },
    learn(cookies, account, now) {
      const key = keyOf(cookies);
      if (key === null) return;
      // The one that was unused longest comes first.
      forget(key);
      known.set(key, { account, until: now + KNOWN_MS });
      const own = accounts.get(account) ?? new Set();
      accounts.set(account, own.add(key));
      const oldest = own.size > MOST_OF_ONE ? firstOf(own) : firstOf(known.keys());
      if ((own.size > MOST_OF_ONE || known.size > MOST) && oldest !== undefined) forget(oldest);
    },
  };
}
