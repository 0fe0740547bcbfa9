/** How long a process takes to stop, at most: less than its supervisor waits. */
export const STOPPING = {
  /** Seconds that DRAIN_SECONDS may say, before everything else. */
  mostDrainSeconds: 20,
  /** Milliseconds in which it must have closed everything, after that. */
  withinMs: 20_000,
  /** Milliseconds of those in which requests may finish. An upload that is cut goes on where it stopped. */
  finishMs: 12_000,
};
