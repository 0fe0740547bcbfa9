import type { Scope } from '../../../domain/scopes.ts';

/** What a token says of who brings it: which token, the office that it opens, and what it may do there. */
export interface TokenAccess {
  token: number;
  office: number;
  /** The office's code. */
  code: string;
  /** The office's revision at this moment, so that the office needn't be looked up again. */
  revision: number;
  scopes: readonly Scope[];
}

/**
 * What comes of a token that a request brings. `why` is for the installation's own log; the answer to the request is the same
 * for each. `unknown`: there is none such, it was ended, or its office is retired; `expired`: its end has passed; `elsewhere`:
 * the request comes from an address that the token may not be used from.
 */
export type TokenFound =
  | { ok: true; access: TokenAccess }
  | { ok: false; why: 'unknown' }
  | { ok: false; why: 'expired' | 'elsewhere'; token: number };

/** What somebody asks for when they make a token, as they typed it. */
export interface TokenRequest {
  name: string;
  scopes: readonly string[];
  /** The last day on which it is valid, `YYYY-MM-DD` in the office's zone; null: a year from now. */
  lastDay: string | null;
  /** Addresses and networks that it may be used from, separated by commas or spaces; empty: any. */
  networks: string;
}

/** What a new token is given, after the request was checked. */
export interface TokenGrant {
  name: string;
  scopes: readonly Scope[];
  /** The first moment at which it is no longer valid. */
  expiresAt: Temporal.Instant;
  /** In CIDR notation; none: any address. */
  networks: readonly string[];
}

export type TokenField = keyof TokenRequest;

/** What is wrong with a field of a request; `text` is the part of it that is wrong. */
export interface TokenMistake {
  reason:
    | 'missing'
    | 'too_long'
    | 'unknown_scope'
    | 'not_a_day'
    | 'past'
    | 'too_far'
    | 'not_a_network'
    | 'too_many';
  text?: string;
}

export type TokenMistakes = Partial<Record<TokenField, TokenMistake>>;

/** A token as it is shown to who administers an office: its secret is gone. */
export interface TokenInfo {
  id: number;
  name: string;
  createdAt: Temporal.Instant;
  revokedAt: Temporal.Instant | null;
  /** The day (UTC) of its last request; null: none is known. */
  lastUsedOn: string | null;
  /** The day (UTC) since which its requests are noted, of one that is older than that; null: since it was made. */
  watchedSince: string | null;
  scopes: readonly Scope[];
  expiresAt: Temporal.Instant;
  networks: readonly string[];
}
