import type { Viewer } from '../../lib/viewer.ts';

/** A look at, or a change of, what the audit trail must account for. */
export interface AuditEntry {
  viewer: Viewer;
  body: number;
  /** The citizen's appointment, when it is about one. */
  appointment?: string;
  /** What was done, in the past tense: `read`, `listed`, `token_created`. */
  action: string;
  now: Temporal.Instant;
  /** Ids and numbers; never personal data. */
  data?: Record<string, unknown>;
}
