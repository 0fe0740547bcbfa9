/** What a token says of who brings it: which token, and the body that it opens. */
export interface TokenAccess {
  token: number;
  body: number;
  /** The body's code. */
  code: string;
  /** The body's revision at this moment, so that the body needn't be looked up again. */
  revision: number;
}

/** A token as it is shown to who administers a body: its secret is gone. */
export interface TokenInfo {
  id: number;
  name: string;
  createdAt: Temporal.Instant;
  revokedAt: Temporal.Instant | null;
  /** The day (UTC) of its last request; null: none is known. */
  lastUsedOn: string | null;
  /** The day (UTC) since which its requests are noted, of one that is older than that; null: since it was made. */
  watchedSince: string | null;
}
