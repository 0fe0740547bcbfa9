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
  /** The day (UTC) of its last request; null: there was none. */
  lastUsedOn: string | null;
}
