/** The only place that asks what time it is. Everything else is given `now` or this. */
export interface Clock {
  now(): Temporal.Instant;
}

export const systemClock: Clock = { now: () => Temporal.Now.instant() };

/** A clock that starts at `at` when it is made and runs on at real speed (`CLOCK` in demo mode). */
export function clockStartingAt(at: Temporal.Instant): Clock {
  const madeAt = Temporal.Now.instant();
  return { now: () => at.add(Temporal.Now.instant().since(madeAt)) };
}

/** A clock that stands still until it is moved by hand; for tests. */
export function handClock(
  at: string,
): Clock & { set(at: string): void; advance(by: Temporal.DurationLike): void } {
  let instant = Temporal.Instant.from(at);
  return {
    now: () => instant,
    set: (to) => {
      instant = Temporal.Instant.from(to);
    },
    advance: (by) => {
      instant = instant.add(by);
    },
  };
}
