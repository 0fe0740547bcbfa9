import type { EventKind } from '../../../domain/appointment.ts';

/** Something that happened to an appointment, as those who have it on their screen are told. */
export interface OfficeEvent {
  /** Rises; a stream that was interrupted goes on after the last one that it told. */
  id: number;
  office: number;
  appointment: string;
  kind: EventKind;
  at: Temporal.Instant;
  /** See `actorOf`. */
  actor: string;
  /** Id of the desk that the appointment is at now. */
  desk: number;
  data: Record<string, unknown>;
  /** When it is now. */
  start: Temporal.Instant;
  /** The citizen's. */
  name: string;
  /** Code of the procedure. */
  procedure: string;
}
