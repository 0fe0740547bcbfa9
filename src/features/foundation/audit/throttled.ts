import type { Unit } from './unit.ts';

/** Minimum time between two records of the same look that a page repeats automatically, such as a list that reloads. */
const EVERY: Temporal.DurationLike = { minutes: 15 };
/** Maximum remembered looks. Beyond this, those that are due again are removed. */
const SWEEP_ABOVE = 1_000;

export interface ThrottledAudit {
  /**
   * Runs `work` with whether the look at `what` is to be recorded. The record is remembered only after `work` succeeds, so a failed
   * transaction loses none. Another process may record the same look once more.
   */
  look<T>(
    what: string,
    now: Temporal.Instant,
    work: (isToRecord: boolean) => Promise<T>,
  ): Promise<T>;
  /** Runs `record` in a unit of work if the look at `what` is to be recorded; it is remembered after the commit. */
  within(
    unit: Pick<Unit, 'now' | 'afterCommit'>,
    what: string,
    record: () => Promise<void>,
  ): Promise<void>;
}

/** Otherwise a day's trail would hold hundreds of looks at the list and hide the important entries. */
export function createThrottledAudit(): ThrottledAudit {
  const recorded = new Map<string, Temporal.Instant>();
  const isDue = (last: Temporal.Instant | undefined, now: Temporal.Instant) =>
    !last || Temporal.Instant.compare(now, last.add(EVERY)) >= 0;
  const remember = (what: string, now: Temporal.Instant) => {
    if (recorded.size > SWEEP_ABOVE)
      for (const [each, last] of recorded) if (isDue(last, now)) recorded.delete(each);
    recorded.set(what, now);
  };
  return {
    async look(what, now, work) {
      const isToRecord = isDue(recorded.get(what), now);
      const done = await work(isToRecord);
      if (isToRecord) remember(what, now);
      return done;
    },
    async within({ now, afterCommit }, what, record) {
      if (!isDue(recorded.get(what), now)) return;
      await record();
      afterCommit(() => remember(what, now));
    },
  };
}
