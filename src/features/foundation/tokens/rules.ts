import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import { dayIn } from '../../../domain/form/answers/days.ts';
import { isScope, type Scope } from '../../../domain/scopes.ts';
import type { TokenGrant, TokenInfo, TokenMistakes, TokenRequest } from './types.ts';

/** The prefix of every token, so that people and scanners of leaked secrets recognise it. */
const PREFIX = 'fin_';

/** Returns a token from a secret of 192 bits in base64url. */
export const tokenFrom = (secret: string): string => `${PREFIX}${secret}`;

/** Returns whether a text has the form of a token; other texts need no database query. */
export const isTokenShaped = (text: string): boolean => /^fin_[A-Za-z0-9_-]{32}$/.test(text);

/** Returns the token in an `Authorization` header (RFC 6750, 2.1); null when there is none. */
export const readBearer = (header: string | undefined): string | null =>
  /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(header ?? '')?.[1] ?? null;

/** Days after which an unused token is probably not needed. */
export const UNUSED_DAYS = 90;
/** Default validity of a token in days. */
export const USUAL_DAYS = 365;
/** Maximum validity of a token in days. */
export const MOST_DAYS = 730;
/** Days before its end from which a token is shown as ending soon. */
export const SOON_DAYS = 30;

/** The state of a token; `ending` is before `expired`, and a replacement is needed. */
export type TokenState = 'in_force' | 'ending' | 'expired' | 'revoked';

/** Returns the state of a token at this moment. */
export function stateOf(
  { revokedAt, expiresAt }: Pick<TokenInfo, 'revokedAt' | 'expiresAt'>,
  now: Temporal.Instant,
): TokenState {
  if (revokedAt !== null) return 'revoked';
  const hoursLeft = now.until(expiresAt).total('hours');
  if (hoursLeft <= 0) return 'expired';
  return hoursLeft <= SOON_DAYS * 24 ? 'ending' : 'in_force';
}

/** Returns whether a token is valid at this moment. */
export function isInForce(
  token: Pick<TokenInfo, 'revokedAt' | 'expiresAt'>,
  now: Temporal.Instant,
): boolean {
  const state = stateOf(token, now);
  return state === 'in_force' || state === 'ending';
}

/** Returns whether a valid token has existed, with its uses recorded, for so long without a use that somebody should check it. */
export function isUnused(token: Omit<TokenInfo, 'id' | 'name'>, now: Temporal.Instant): boolean {
  if (!isInForce(token, now)) return false;
  const dayOf = (at: Temporal.Instant) => at.toZonedDateTimeISO('UTC').toPlainDate();
  const since = token.lastUsedOn ?? token.watchedSince;
  const last = since ? Temporal.PlainDate.from(since) : dayOf(token.createdAt);
  return last.until(dayOf(now)).days >= UNUSED_DAYS;
}

const LONGEST_NAME = 80;
const MOST_NETWORKS = 20;

/** Returns the grant of a new token, or the errors of the request by field. */
export function checkRequest(
  { name, scopes, lastDay, networks }: TokenRequest,
  { now, timeZone }: { now: Temporal.Instant; timeZone: string },
): { ok: true; grant: TokenGrant } | { ok: false; mistakes: TokenMistakes } {
  const mistakes: TokenMistakes = {};
  const called = name.trim();
  if (called === '') mistakes.name = { reason: 'missing' };
  else if (called.length > LONGEST_NAME)
    mistakes.name = { reason: 'too_long', text: String(LONGEST_NAME) };

  const unknown = scopes.find((each) => !isScope(each));
  if (unknown !== undefined) mistakes.scopes = { reason: 'unknown_scope', text: unknown };
  else if (scopes.length === 0) mistakes.scopes = { reason: 'missing' };

  const today = now.toZonedDateTimeISO(timeZone).toPlainDate();
  const last = lastDay === null ? today.add({ days: USUAL_DAYS }) : dayIn(lastDay.trim());
  if (!last) mistakes.lastDay = { reason: lastDay?.trim() ? 'not_a_day' : 'missing' };
  else if (Temporal.PlainDate.compare(last, today) < 0) mistakes.lastDay = { reason: 'past' };
  else if (Temporal.PlainDate.compare(last, today.add({ days: MOST_DAYS })) > 0)
    mistakes.lastDay = { reason: 'too_far', text: String(MOST_DAYS) };

  const listed = networks.split(/[\s,;]+/).filter((each) => each !== '');
  const wrong = listed.find((each) => readNetwork(each) === null);
  if (wrong !== undefined) mistakes.networks = { reason: 'not_a_network', text: wrong };
  else if (listed.length > MOST_NETWORKS)
    mistakes.networks = { reason: 'too_many', text: String(MOST_NETWORKS) };

  if (!last || Object.keys(mistakes).length > 0) return { ok: false, mistakes };
  const expiresAt = last.add({ days: 1 }).toZonedDateTime(timeZone).toInstant();
  const granted = [...new Set(scopes)] as Scope[];
  return {
    ok: true,
    grant: { name: called, scopes: granted, expiresAt, networks: [...new Set(listed)] },
  };
}

interface Network {
  address: string;
  prefix: number;
  family: 'ipv4' | 'ipv6';
}

/** Returns a network in CIDR notation (RFC 4632, RFC 4291), of a lone address the network of itself; null when it is none. */
function readNetwork(text: string): Network | null {
  const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  // A zone (fe80::1%eth0) names a network interface of this machine, which no request contains.
  if (isIP(address) === 0 || address.includes('%')) return null;
  const most = isIPv4(address) ? 32 : 128;
  const prefix = length === undefined ? most : Number(length);
  if (prefix > most) return null;
  return { address, prefix, family: isIPv4(address) ? 'ipv4' : 'ipv6' };
}

/** Returns whether a request from this IP address may use a token of these networks. An invalid address is in no network. */
export function isFrom(networks: readonly string[], address: string): boolean {
  if (networks.length === 0) return true;
  if (isIP(address) === 0) return false;
  const list = new BlockList();
  for (const each of networks) {
    const network = readNetwork(each);
    if (network) list.addSubnet(network.address, network.prefix, network.family);
  }
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
