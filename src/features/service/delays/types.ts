import type { Status } from '../../../domain/appointment.ts';

/** An appointment of a desk, as far as waiting for its turn goes. */
export interface Turn {
  id: string;
  /** Id of the desk. */
  desk: number;
  start: Temporal.Instant;
  end: Temporal.Instant;
  status: Status;
  /** When the encounter began; null: it hasn't. */
  startedAt: Temporal.Instant | null;
  /** How many times the citizen was called. */
  attempts: number;
  /** What the citizen was told of this start being late. */
  told: Told;
}

export interface Told {
  times: number;
  /** The most that they were told; 0: nothing. */
  minutes: number;
  /** The most that somebody who works here had them told; 0: nothing. */
  announced: number;
}

/** A candidate for the notice that a desk runs late. */
export interface Reached {
  id: string;
  /** Id of the desk. */
  desk: number;
  start: Temporal.Instant;
  name: string;
  /** How they are written to; null: they can't be. */
  by: 'email' | 'sms' | null;
  /** The most minutes that they were told already. */
  told: number;
}

/** Whom it is about that we run late. */
export interface Announcement {
  /** Id of the desk; null: all of the office. */
  desk: number | null;
  /** Of those that begin in so many hours; null: all that remain today. */
  hours: number | null;
}

/** How late an appointment is likely to begin, as it is said: never a moment that is over already. */
export interface Delay {
  /** After its start; a multiple of five. */
  minutes: number;
  at: Temporal.Instant;
}

/** The place of somebody who waits for a desk. It says nothing about the others but how many they are. */
export interface PlaceInLine {
  /** How many people come before; 0: they are next. */
  before: number;
  /** Minutes until they are likely to be attended; 0: at any moment. */
  minutes: number;
  /** When that is. */
  at: Temporal.Instant;
  /** The desk is still with somebody. */
  isBusy: boolean;
  /** Nobody is at the desk, although they would be next by now. */
  isUnattended: boolean;
}
