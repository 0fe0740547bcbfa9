/** What an office has decided about the time of its desks. */
export interface OccupancyPolicy {
  /** Minutes kept free after each appointment. */
  readonly buffer: number;
}

/** An appointment, as far as it matters for how long its desk is busy. */
export interface Occupying {
  readonly channel: string;
  /** Minutes. */
  readonly duration: number;
}

/**
 * Returns the minutes after an appointment in which its desk takes no other. This is the only place that decides it: slots,
 * claims, the board, reassigning and planning ask here.
 */
export const minutesAfter = ({ buffer }: OccupancyPolicy, _appointment: Occupying): number =>
  buffer;

/** Returns the minutes that an appointment takes of its desk: its own, and those after it. */
export const minutesTaken = (policy: OccupancyPolicy, appointment: Occupying): number =>
  appointment.duration + minutesAfter(policy, appointment);

/** Returns the moment from which the desk of an appointment that ends at `end` can take another. */
export const busyUntil = (
  policy: OccupancyPolicy,
  appointment: Occupying,
  end: Temporal.Instant,
): Temporal.Instant => end.add({ minutes: minutesAfter(policy, appointment) });
