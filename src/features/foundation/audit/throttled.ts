/** A look that a page repeats by itself, such as at the list beside everything, is recorded this often at most. */
const EVERY: Temporal.DurationLike = { minutes: 15 };
/** Beyond this many, those that are due again are forgotten. */
const SWEEP_ABOVE = 1_000;

export interface ThrottledAudit {
  /**
   * Runs `work`, told whether the look at `what` is to be recorded. That it was is remembered once `work` is through, so a
   * transaction that fails loses nothing. Another process records the same look once more.
   */
  look<T>(
    what: string,
    now: Temporal.Instant,
    work: (isToRecord: boolean) => Promise<T>,
  ): Promise<T>;
}

/** Else the trail of a day would be its list, opened a hundred times, and what matters would drown in it. */
export function createThrottledAudit(): ThrottledAudit {
  const recorded = new Map<string, Temporal.Instant>();
  const isDue = (last: Temporal.Instant | undefined, now: Temporal.Instant) =>
    !last || Temporal.Instant.compare(now, last.add(EVERY)) >= 0;
  return {
    async look(what, now, work) {
      const isToRecord = isDue(recorded.get(what), now);
      const done = await work(isToRecord);
      if (!isToRecord) return done;
      if (recorded.size > SWEEP_ABOVE)
        for (const [each, last] of recorded) if (isDue(last, now)) recorded.delete(each);
      recorded.set(what, now);
      return done;
    },
  };
}
