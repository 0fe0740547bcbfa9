import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';

/** Minutes after which sensitive account actions need the second factor again (OWASP ASVS 5.0, 7.5). */
const FRESH_MINUTES = 10;
/** Minutes for which a passkey challenge is valid. */
export const CHALLENGE_MINUTES = 5;

export function isFresh(confirmedAt: Temporal.Instant, now: Temporal.Instant): boolean {
  return Temporal.Instant.compare(confirmedAt.add({ minutes: FRESH_MINUTES }), now) > 0;
}

/** Returns the relying party; null for an address in numbers, where browsers support no passkeys. */
export function relyingParty(baseUrl: string): { id: string; origin: string } | null {
  const { hostname, origin } = new URL(baseUrl);
  return isIP(hostname.replaceAll(/[[\]]/g, '')) ? null : { id: hostname, origin };
}

/** The binding of a challenge. `user`: the person; '' when the passkey names them. `browser`: the secret in its cookie. */
export interface Asked {
  purpose: 'sign_in' | 'add' | 'confirm';
  user: string;
  browser: string;
}

const RANDOM_BYTES = 16;
const TIME_BYTES = 6;

/**
 * Returns a sealed challenge that contains its end, purpose and person, so that nothing is stored until
 * it is spent. Base64url.
 */
export function newChallenge(key: string, asked: Asked, now: Temporal.Instant): string {
  const until = now.add({ minutes: CHALLENGE_MINUTES }).epochMilliseconds;
  const time = Buffer.alloc(TIME_BYTES);
  time.writeUIntBE(until, 0, TIME_BYTES);
  const head = Buffer.concat([time, randomBytes(RANDOM_BYTES)]);
  return Buffer.concat([head, sealOf(key, asked, head)]).toString('base64url');
}

/** Returns the end of the challenge; null when it is forged, for another purpose, or over. */
export function readChallenge(
  key: string,
  asked: Asked,
  challenge: string,
  now: Temporal.Instant,
): Temporal.Instant | null {
  const bytes = Buffer.from(challenge, 'base64url');
  const head = bytes.subarray(0, TIME_BYTES + RANDOM_BYTES);
  const given = bytes.subarray(TIME_BYTES + RANDOM_BYTES);
  const seal = sealOf(key, asked, head);
  if (given.length !== seal.length || !timingSafeEqual(given, seal)) return null;
  const until = Temporal.Instant.fromEpochMilliseconds(head.readUIntBE(0, TIME_BYTES));
  return Temporal.Instant.compare(now, until) < 0 ? until : null;
}

function sealOf(key: string, { purpose, user, browser }: Asked, head: Buffer): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify(['passkey', purpose, user, browser, head.toString('hex')]))
    .digest();
}

/** Returns whether a passkey's use counter went backwards: then there are two copies of it (WebAuthn, 7.2, step 22). */
export const isCopied = (kept: number, said: number): boolean =>
  (kept > 0 || said > 0) && said <= kept;

/** Returns whether the person may sign in: they need a role or must be an operator. */
export const mayEnter = (person: { staff: { operator: boolean }; offices: readonly unknown[] }) =>
  person.staff.operator || person.offices.length > 0;

/** Returns the names of a browser and system from its user agent, which also contains other browsers' names. */
export function browserOf(userAgent: string): { browser: string | null; system: string | null } {
  const firstOf = (all: readonly (readonly [RegExp, string])[]) =>
    all.find(([pattern]) => pattern.test(userAgent))?.[1] ?? null;
  return { browser: firstOf(BROWSERS), system: firstOf(SYSTEMS) };
}

/** The order matters: each user agent also contains the names after it. */
const BROWSERS = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\b(OPR|OPT)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bVersion\/.*\bSafari\//, 'Safari'],
] as const;

const SYSTEMS = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
] as const;
