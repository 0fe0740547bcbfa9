import type { EventKind } from '../../../domain/appointment.ts';

/** An event of an appointment, for pages that show it. */
export interface OfficeEvent {
  /** Increasing; an interrupted stream continues after its last id. */
  id: number;
  office: number;
  appointment: string;
  kind: EventKind;
  at: Temporal.Instant;
  /** See `actorOf`. */
  actor: string;
  /** Id of the appointment's present desk. */
  desk: number;
  data: Record<string, unknown>;
  /** The present start. */
  start: Temporal.Instant;
  /** The citizen's. */
  name: string;
  /** Code of the procedure. */
  procedure: string;
}
