import type { Clock } from './clock.ts';

export interface Limiter {
  /** Takes one from `key`'s allowance. Returns 0, or the whole seconds to wait until there is one again. */
  take(key: string): number;
}

/** Beyond this many keys, those that are full again are forgotten. */
const SWEEP_ABOVE = 10_000;

/** A token bucket per key, in this process's memory: `burst` at once, then `perMinute`. */
export function createLimiter(
  clock: Clock,
  { burst, perMinute }: { burst: number; perMinute: number },
): Limiter {
  const perMillisecond = perMinute / 60_000;
  const buckets = new Map<string, { left: number; at: number }>();
  let sweepAbove = SWEEP_ABOVE;
  const leftAt = (bucket: { left: number; at: number }, now: number) =>
    Math.min(burst, bucket.left + (now - bucket.at) * perMillisecond);

  return {
    take: (key) => {
      const now = clock.now().epochMilliseconds;
      if (buckets.size > sweepAbove) {
        for (const [each, bucket] of buckets)
          if (leftAt(bucket, now) >= burst) buckets.delete(each);
        // Of many that aren't full not each request goes through all again.
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
