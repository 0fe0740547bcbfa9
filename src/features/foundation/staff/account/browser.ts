import type pg from 'pg';
import { giveSecret, secretIn } from '../../../../lib/http/secret-cookie.ts';
import { hashSecret, newSecret } from '../../../../lib/secrets.ts';
import { KNOWN_DAYS } from '../rules.ts';
import { rememberBrowser } from './store.ts';
import { isKnownBrowser } from './views.ts';

/** The browser's secret: it identifies a known browser, and a passkey's challenge is bound to it. */
const COOKIE = 'finestreta.browser';

/** Returns the secret in the browser's cookie; '' when there is none. */
export const browserSecret = (cookie: string, baseUrl: string): string =>
  secretIn(cookie, COOKIE, baseUrl);

/** Returns a `Set-Cookie` value with the secret. */
export const giveBrowser = (baseUrl: string, secret: string): string =>
  giveSecret(baseUrl, { name: COOKIE, secret, seconds: KNOWN_DAYS * 24 * 3600 });

/** Returns the browser's hash, in hexadecimal, when it is known for this person; else null. */
export async function knownAs(
  pool: pg.Pool,
  baseUrl: string,
  cookie: string,
  whose: { user: string } | { email: string },
): Promise<string | null> {
  const secret = browserSecret(cookie, baseUrl);
  const isKnown = secret !== '' && (await isKnownBrowser(pool, secret, whose));
  return isKnown ? hashSecret(secret).toString('hex') : null;
}

/**
 * Records the browser as known for a person who has just signed in with both factors. A secret without a sign-in is
 * replaced, since another person may have put it there.
 */
export async function makeKnown(
  pool: pg.Pool,
  baseUrl: string,
  cookie: string,
  user: string,
): Promise<string> {
  const brought = browserSecret(cookie, baseUrl);
  const secret = brought && (await isKnownBrowser(pool, brought)) ? brought : newSecret();
  await rememberBrowser(pool, secret, user, KNOWN_DAYS);
  return giveBrowser(baseUrl, secret);
}
