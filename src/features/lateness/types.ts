import type { Status } from '../appointments/types.ts';

/** An appointment of a desk, as far as waiting for its turn goes. */
export interface Turn {
  id: string;
  /** Id of the desk. */
  agent: number;
  start: Temporal.Instant;
  end: Temporal.Instant;
  status: Status;
  /** When the attention began; null: it hasn't. */
  startedAt: Temporal.Instant | null;
  /** How many times the citizen was called. */
  attempts: number;
  /** What the citizen was told of this start being late. */
  told: Told;
}

export interface Told {
  times: number;
  /** As they were told last; 0: they weren't. */
  minutes: number;
}

/** How late an appointment is likely to begin, as it is said: never a moment that is over already. */
export interface Delay {
  /** After its start; a multiple of five. */
  minutes: number;
  at: Temporal.Instant;
}
