import type { Clock } from './clock.ts';

export interface Limiter {
  /** Takes one from the allowance of `key`. Returns 0, or the whole seconds until the next one. */
  take(key: string): number;
}

/** With more keys than this, full ones are removed. */
const SWEEP_ABOVE = 10_000;

/** Returns a limiter with a token bucket per key, in this process's memory: `burst` at once, then `perMinute`. */
export function createLimiter(
  clock: Clock,
  { burst, perMinute }: { burst: number; perMinute: number },
): Limiter {
  const perMillisecond = perMinute / 60_000;
  const buckets = new Map<string, { left: number; at: number }>();
  let sweepAbove = SWEEP_ABOVE;
  const leftAt = (bucket: { left: number; at: number }, now: number) => {
    // The clock was set back: it fills from now on, and not only once the clock is there again.
    if (bucket.at > now) bucket.at = now;
    return Math.min(burst, bucket.left + (now - bucket.at) * perMillisecond);
  };

  return {
    take: (key) => {
      const now = clock.now().epochMilliseconds;
      if (buckets.size > sweepAbove) {
        for (const [each, bucket] of buckets)
          if (leftAt(bucket, now) >= burst) buckets.delete(each);
        // When many aren't full, the next search waits, so that not every request searches all of them.
        sweepAbove = Math.max(SWEEP_ABOVE, 2 * buckets.size);
      }
      const bucket = buckets.get(key) ?? { left: burst, at: now };
      const left = leftAt(bucket, now);
      if (left < 1) return Math.ceil((1 - left) / perMillisecond / 1000);
      buckets.set(key, { left: left - 1, at: now });
      return 0;
    },
  };
}
