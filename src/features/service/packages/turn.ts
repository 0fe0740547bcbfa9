import type { Clock } from '../../../lib/clock.ts';
import type { PackageResult } from './types.ts';

/** For how long somebody has their turn at most: a connection that hangs must not keep the others waiting for ever. */
const LONGEST = { minutes: 30 };

/** Lets one at a time pack, from when they begin until they have the file, or have let go of it: two would read the same files, and pack the same cases. */
export function createTurn(clock: Clock) {
  let taken: { until: Temporal.Instant } | null = null;
  return {
    /** Does it, unless somebody else has their turn. `end`: to be called when the result is used up. */
    async take(work: (end: () => void) => Promise<PackageResult>): Promise<PackageResult> {
      const now = clock.now();
      if (taken && Temporal.Instant.compare(now, taken.until) < 0)
        return { ok: false, reason: 'busy', leftOut: [] };
      const mine = { until: now.add(LONGEST) };
      taken = mine;
      const end = () => {
        if (taken === mine) taken = null;
      };
      try {
        const done = await work(end);
        if (!done.ok) end();
        return done;
      } catch (error) {
        end();
        throw error;
      }
    },
  };
}
