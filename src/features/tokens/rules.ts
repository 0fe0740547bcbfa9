import type { TokenInfo } from './types.ts';

/** What every token begins with, so that people and scanners of leaked secrets recognise one. */
const PREFIX = 'fin_';

/** A token from a secret of 192 bits in base64url. */
export const tokenFrom = (secret: string): string => `${PREFIX}${secret}`;

/** Whether it looks like a token at all; what doesn't needs no question to the database. */
export const isTokenShaped = (text: string): boolean => /^fin_[A-Za-z0-9_-]{32}$/.test(text);

/** Days after which a token that nobody used is likely to be one that nobody needs. */
export const UNUSED_DAYS = 90;

/** Whether a token that stands has been there, watched and unused, for so long that somebody should look whether it is needed. */
export function isUnused(
  { createdAt, revokedAt, lastUsedOn, watchedSince }: Omit<TokenInfo, 'id' | 'name'>,
  now: Temporal.Instant,
): boolean {
  const dayOf = (at: Temporal.Instant) => at.toZonedDateTimeISO('UTC').toPlainDate();
  const since = lastUsedOn ?? watchedSince;
  const last = since ? Temporal.PlainDate.from(since) : dayOf(createdAt);
  const { days } = last.until(dayOf(now));
  return revokedAt === null && days >= UNUSED_DAYS;
}

/** The token in an `Authorization` header (RFC 6750, 2.1); null when there is none. */
export const readBearer = (header: string | undefined): string | null =>
  /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(header ?? '')?.[1] ?? null;
