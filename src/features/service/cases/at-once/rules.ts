/** The minutes for which it is tried. */
export const HOUR = 60;

/** Returns the whole minutes since a case was handed in. */
export const minutesSince = (handedInAt: Temporal.Instant, now: Temporal.Instant): number =>
  Math.max(0, Math.floor(handedInAt.until(now).total('minutes')));

/** Returns whether the job, which runs each minute, tries it in this one: after 0, 1, 2, 4, 8 … minutes, and after an hour in each until it is left. */
export const isTried = (minutes: number): boolean =>
  minutes >= HOUR || (minutes & (minutes - 1)) === 0;
