import { giveSecret, secretIn } from '../../../lib/http/secret-cookie.ts';
import { newSecret } from '../../../lib/secrets.ts';
import { ATTEMPT_MINUTES } from './rules.ts';

/** The browser's secret for attempts to identify, and for codes of another device. */
const COOKIE = 'finestreta.identifying';

/** Returns the browser's secret in a `Cookie` header; '' when it has none. */
export const browserSecretIn = (cookie: string, baseUrl: string): string =>
  secretIn(cookie, COOKIE, baseUrl);

/**
 * Returns the browser's secret, which is new where it has none: another tab of it may be at a provider. `cookie`: the `Set-Cookie` value that
 * keeps it from now on.
 */
export function keepBrowserSecret(
  cookie: string,
  baseUrl: string,
): { secret: string; cookie: string } {
  const secret = browserSecretIn(cookie, baseUrl) || newSecret();
  const kept = { name: COOKIE, secret, seconds: ATTEMPT_MINUTES * 60 };
  return { secret, cookie: giveSecret(baseUrl, kept) };
}
