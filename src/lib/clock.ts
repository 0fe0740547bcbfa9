/** The only source of the current time. Other code gets `now` or this. */
export interface Clock {
  /** Returns the time in whole milliseconds: rows, records and browsers then all say the same moment. */
  now(): Temporal.Instant;
}

const inMilliseconds = (at: Temporal.Instant): Temporal.Instant =>
  at.round({ smallestUnit: 'millisecond', roundingMode: 'floor' });

export const systemClock: Clock = { now: () => inMilliseconds(Temporal.Now.instant()) };

/** Returns a clock that starts at `at` when it is made and runs at real speed (`CLOCK` in demo mode). */
export function clockStartingAt(at: Temporal.Instant): Clock {
  const madeAt = Temporal.Now.instant();
  return { now: () => inMilliseconds(at.add(Temporal.Now.instant().since(madeAt))) };
}

/** The hours between two readings of a clock above which it counts as having jumped ahead. */
const LONGEST_JUMP_HOURS = 36;

/** Thrown when the clock can't be trusted; the log names it by its code. */
export class ClockJumped extends Error {
  readonly code = 'CLOCK_JUMPED';
}

/**
 * Returns the time for irreversible work. @throws ClockJumped when the clock has jumped ahead since the last reading, until it is corrected
 * or the server is restarted
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

/** Returns a clock that stands still until it is moved by hand; for tests. */
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
