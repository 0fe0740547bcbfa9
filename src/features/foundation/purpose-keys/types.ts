import type { Purpose } from '../../../lib/keys/purposes.ts';

/** One version of a purpose's key as the database keeps it. */
export interface KeptVersion {
  purpose: Purpose;
  version: number;
  /** Null: it has ended. */
  wrapped: Buffer | null;
  /** Id of the root key that wrapped it; null: it has ended. */
  root: string | null;
  madeAt: Temporal.Instant;
  /** Secrets derive from it from then on. */
  activeAt: Temporal.Instant;
  isActive: boolean;
  endedAt: Temporal.Instant | null;
}

/** A version to be written. */
export interface NewVersion {
  purpose: Purpose;
  version: number;
  wrapped: Buffer;
  root: string;
  /** Seconds until secrets derive from it. */
  activeAfter: number;
}
