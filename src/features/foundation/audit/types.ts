import type { Viewer } from '../../../lib/viewer.ts';
import type { AuditAction } from './actions.ts';

export type { AccountAction, AuditAction } from './actions.ts';

/** A look at, or a change of, what the audit trail must account for. */
export interface AuditEntry {
  viewer: Viewer;
  office: number;
  /** The citizen's appointment, when it is about one. */
  appointment?: string;
  action: AuditAction;
  now: Temporal.Instant;
  /** Ids and numbers; never personal data. */
  data?: Record<string, unknown>;
}

/** One line of the audit trail, to be read. */
export interface TrailEntry {
  id: number;
  at: Temporal.Instant;
  /** See `actorOf`. */
  actor: string;
  /** Of the staff member, when it was one. */
  who: string | null;
  action: string;
  /** The colleague whom it was done to, such as one who was given a role. */
  about: string | null;
  appointment: { id: string; reference: string } | null;
  /** Somebody who attends looked at an appointment of another desk: theirs to explain. */
  isForeign: boolean;
  data: Record<string, unknown>;
}

/** Which part of an office's trail. */
export interface TrailFilter {
  /** Instants, half-open. */
  from: Temporal.Instant;
  to: Temporal.Instant;
  /** Only what this actor did. */
  actor?: string;
  /** Only what was done with the appointment of this reference. */
  reference?: string;
  /** Only what is `isForeign`. */
  foreign?: boolean;
}
