import type { DayEntry } from '../encounter/types.ts';

/** Half-open, `[from, to)`. */
export interface Stretch {
  from: Temporal.Instant;
  to: Temporal.Instant;
}

/** When a desk works in one local day, and when it doesn't though its shift says so. */
export interface Presence {
  shifts: Stretch[];
  absences: Stretch[];
  /** When only a connected calendar is busy, within the shifts. */
  elsewhere: Stretch[];
}

/** What the line needs to know of an appointment. */
export type Booked = Pick<DayEntry, 'start' | 'end' | 'status' | 'dueAt'>;

/**
 * Something of a day. `again`: when somebody who didn't answer is called once more; `free`: nobody is booked; `elsewhere`: a connected
 * calendar is busy, and nobody is booked; `end`: of a shift; `now`: what is above it is over or under way. The last three and `again` have no length.
 */
export type Piece<E extends Booked = Booked> = { at: Temporal.Instant; until: Temporal.Instant } & (
  | { kind: 'appointment' | 'again'; entry: E }
  | { kind: 'free' | 'absence' | 'elsewhere' | 'end' | 'now' }
);

/** A piece where it stands in its hour, in minutes. */
export type Placed<E extends Booked = Booked> = Piece<E> & {
  /** With nothing before it. */
  before: number;
  /** Of it in this hour. */
  minutes: number;
};

/** An hour of the line, and what begins in it. */
export interface Hour<E extends Booked = Booked> {
  at: Temporal.Instant;
  /** What goes on from the hour before, in minutes of this one. */
  rest: { kind: Piece['kind']; minutes: number } | null;
  pieces: Placed<E>[];
}
