import type pg from 'pg';
import { giveSecret, secretIn } from '../../../../lib/http/secret-cookie.ts';
import { hashSecret, newSecret } from '../../../../lib/secrets.ts';
import { KNOWN_DAYS } from '../rules.ts';
import { rememberBrowser } from './store.ts';
import { isKnownBrowser } from './views.ts';

/** The browser's own secret: what makes it known as somebody's, and what a passkey's challenge is bound to. */
const COOKIE = 'finestreta.browser';

/** The secret that the browser brings; '' when none. */
export const browserSecret = (cookie: string, baseUrl: string): string =>
  secretIn(cookie, COOKIE, baseUrl);

/** Gives the browser its secret, as a `Set-Cookie` value. */
export const giveBrowser = (baseUrl: string, secret: string): string =>
  giveSecret(baseUrl, { name: COOKIE, secret, seconds: KNOWN_DAYS * 24 * 3600 });

/** The browser by its hash, in hexadecimal, where it is known as this person's; else null. */
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
 * Makes the browser known as somebody's who has just come in with both factors. A secret that nobody has come in with is
 * exchanged: somebody else may have put it there.
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
