/** The policy of an office about the time of its desks. */
export interface OccupancyPolicy {
  /** Minutes kept free after each appointment. */
  readonly buffer: number;
}

/** The part of an appointment that decides how long its desk is busy. */
export interface Occupying {
  readonly channel: string;
  /** Minutes. */
  readonly duration: number;
}

/**
 * Returns the minutes after an appointment in which its desk takes no other. Slots, claims, the board, reassigning and planning all use
 * this function.
 */
export const minutesAfter = ({ buffer }: OccupancyPolicy, _appointment: Occupying): number =>
  buffer;

/** Returns the minutes of desk time that an appointment takes: its duration and the minutes after it. */
export const minutesTaken = (policy: OccupancyPolicy, appointment: Occupying): number =>
  appointment.duration + minutesAfter(policy, appointment);

/** Returns the moment from which the desk of an appointment that ends at `end` can take another. */
export const busyUntil = (
  policy: OccupancyPolicy,
  appointment: Occupying,
  end: Temporal.Instant,
): Temporal.Instant => end.add({ minutes: minutesAfter(policy, appointment) });
