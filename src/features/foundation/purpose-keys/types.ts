import type { Purpose } from '../../../lib/keys/purposes.ts';

/** A stored version of a purpose's key. */
export interface KeptVersion {
  purpose: Purpose;
  version: number;
  /** Null: the version has ended. */
  wrapped: Buffer | null;
  /** Id of the root key that wrapped it; null: it has ended. */
  root: string | null;
  madeAt: Temporal.Instant;
  /** Time from which secrets derive from it. */
  activeAt: Temporal.Instant;
  isActive: boolean;
  endedAt: Temporal.Instant | null;
}

/** A new version to write. */
export interface NewVersion {
  purpose: Purpose;
  version: number;
  wrapped: Buffer;
  root: string;
  /** Seconds until secrets derive from it. */
  activeAfter: number;
}
