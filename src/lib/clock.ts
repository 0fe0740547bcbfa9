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

/** Hours between two looks at a clock after which it is taken to have jumped ahead. */
const LONGEST_JUMP_HOURS = 36;

/** Thrown where the clock isn't to be believed; the log names it by its code. */
export class ClockJumped extends Error {
  readonly code = 'CLOCK_JUMPED';
}

/**
 * For what can't be undone: the time.
 * @throws ClockJumped where the clock has jumped ahead since it was last asked, until it is put right or the server is started again
 */
export function withoutJumps(clock: Clock): () => Temporal.Instant {
  let last: Temporal.Instant | null = null;
  return () => {
    const now = clock.now();
    if (last && now.since(last).total('hours') > LONGEST_JUMP_HOURS) throw new ClockJumped();
    last = now;
    return now;
  };
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
