import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';

/** Minutes after which what guards the account asks for a second factor again (OWASP ASVS 5.0, 7.5). */
const FRESH_MINUTES = 10;
/** Minutes that a challenge for a passkey is good. */
export const CHALLENGE_MINUTES = 5;

export function isFresh(confirmedAt: Temporal.Instant, now: Temporal.Instant): boolean {
  return Temporal.Instant.compare(confirmedAt.add({ minutes: FRESH_MINUTES }), now) > 0;
}

/** To whom passkeys belong; null where browsers have none: an address in numbers. */
export function relyingParty(baseUrl: string): { id: string; origin: string } | null {
  const { hostname, origin } = new URL(baseUrl);
  return isIP(hostname.replaceAll(/[[\]]/g, '')) ? null : { id: hostname, origin };
}

/** What a challenge is for. `user`: whom it is for; '' where a passkey is to tell. `browser`: the secret in its cookie. */
export interface Asked {
  purpose: 'sign_in' | 'add' | 'confirm';
  user: string;
  browser: string;
}

const RANDOM_BYTES = 16;
const TIME_BYTES = 6;

/**
 * A challenge that says under a seal until when it is good, for what and for whom, so that nothing need be kept of it until
 * it is spent. Base64url.
 */
export function newChallenge(key: string, asked: Asked, now: Temporal.Instant): string {
  const until = now.add({ minutes: CHALLENGE_MINUTES }).epochMilliseconds;
  const time = Buffer.alloc(TIME_BYTES);
  time.writeUIntBE(until, 0, TIME_BYTES);
  const head = Buffer.concat([time, randomBytes(RANDOM_BYTES)]);
  return Buffer.concat([head, sealOf(key, asked, head)]).toString('base64url');
}

/** Until when the challenge is good; null when it isn't ours, isn't for this, or no longer. */
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

/** Whether a passkey that counts its uses has counted backwards: then there are two of it (WebAuthn, 7.2, step 22). */
export const isCopied = (kept: number, said: number): boolean =>
  (kept > 0 || said > 0) && said <= kept;

/** Who has no role and runs nothing has nothing to come in for. */
export const mayEnter = (person: { staff: { operator: boolean }; offices: readonly unknown[] }) =>
  person.staff.operator || person.offices.length > 0;

/** What a browser says it is: names, since all of it is made up of other browsers' names. */
export function browserOf(userAgent: string): { browser: string | null; system: string | null } {
  const firstOf = (all: readonly (readonly [RegExp, string])[]) =>
    all.find(([pattern]) => pattern.test(userAgent))?.[1] ?? null;
  return { browser: firstOf(BROWSERS), system: firstOf(SYSTEMS) };
}

/** In this order: each names those after it. */
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
