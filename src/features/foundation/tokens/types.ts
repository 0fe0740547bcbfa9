import type { Scope } from '../../../domain/scopes.ts';

/** The grant of a token in a request: its id, its office and its scopes. */
export interface TokenAccess {
  token: number;
  office: number;
  /** The office's code. */
  code: string;
  /** The office's current revision, so that it needn't be read again. */
  revision: number;
  scopes: readonly Scope[];
}

/**
 * The result of checking a request's token. `why` is only for the installation's log; the response is the same
 * for each. `unknown`: there is no such token, it was revoked, or its office is retired; `expired`: its end has passed; `elsewhere`:
 * the request comes from an address that the token doesn't allow.
 */
export type TokenFound =
  | { ok: true; access: TokenAccess }
  | { ok: false; why: 'unknown' }
  | { ok: false; why: 'expired' | 'elsewhere'; token: number };

/** A request for a token, as typed. */
export interface TokenRequest {
  name: string;
  scopes: readonly string[];
  /** The last day on which it is valid, `YYYY-MM-DD` in the office's zone; null: a year from now. */
  lastDay: string | null;
  /** Allowed addresses and networks, separated by commas or spaces; empty: any. */
  networks: string;
}

/** The grant of a new token, from a valid request. */
export interface TokenGrant {
  name: string;
  scopes: readonly Scope[];
  /** The first moment at which it is no longer valid. */
  expiresAt: Temporal.Instant;
  /** In CIDR notation; none: any address. */
  networks: readonly string[];
}

export type TokenField = keyof TokenRequest;

/** An error in a field of a request; `text` is the wrong part. */
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

/** A token, as shown to an office's administrator, without its secret. */
export interface TokenInfo {
  id: number;
  name: string;
  createdAt: Temporal.Instant;
  revokedAt: Temporal.Instant | null;
  /** The day (UTC) of its last request; null: none is known. */
  lastUsedOn: string | null;
  /** The day (UTC) since which its requests are recorded, for an older token; null: since it was made. */
  watchedSince: string | null;
  scopes: readonly Scope[];
  expiresAt: Temporal.Instant;
  networks: readonly string[];
}
