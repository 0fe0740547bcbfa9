import type { Viewer } from '../../../lib/viewer.ts';
import type { AuditAction } from './actions.ts';

export type { AccountAction, AuditAction } from './actions.ts';

/** A look or a change that the audit trail records. */
export interface AuditEntry {
  viewer: Viewer;
  office: number;
  /** The citizen's appointment, when the record is about one. */
  appointment?: string;
  action: AuditAction;
  now: Temporal.Instant;
  /** Ids and numbers; never personal data. */
  data?: Record<string, unknown>;
}

/** An entry of the audit trail, for reading. */
export interface TrailEntry {
  id: number;
  at: Temporal.Instant;
  /** See `actorOf`. */
  actor: string;
  /** Name of the staff member, when the actor was one. */
  who: string | null;
  action: string;
  /** The affected colleague, such as a person who was given a role. */
  about: string | null;
  appointment: { id: string; reference: string } | null;
  /** An agent looked at an appointment of another desk and should be able to explain it. */
  isForeign: boolean;
  data: Record<string, unknown>;
}

/** A filter of an office's trail. */
export interface TrailFilter {
  /** Instants, half-open. */
  from: Temporal.Instant;
  to: Temporal.Instant;
  /** Only the entries of this actor. */
  actor?: string;
  /** Only the entries about the appointment with this reference. */
  reference?: string;
  /** Only entries that are `isForeign`. */
  foreign?: boolean;
}
