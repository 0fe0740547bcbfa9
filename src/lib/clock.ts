/** The only source of the current time. Other code gets `now` or this. */
export interface Clock {
  /** Returns the time in whole milliseconds: rows, records and browsers then all say the same moment. */
  now(): Temporal.Instant;
  /** True: somebody moves it by hand, as in a demonstration, so a jump is no fault. */
  readonly isMovedByHand?: boolean;
  /** Calls the listener after each move by hand. Returns the function that removes it. */
  onMoved?(listener: () => void): () => void;
}

let latest = Temporal.Instant.fromEpochMilliseconds(0);
let latestMs = 0;

/** Returns the machine's time, so many milliseconds ahead: the same object to all who ask within a millisecond, since making one takes longer than the rest. */
function timeAhead(ms: number): Temporal.Instant {
  const now = Date.now() + ms;
  if (now !== latestMs) {
    latest = Temporal.Instant.fromEpochMilliseconds(now);
    latestMs = now;
  }
  return latest;
}

export const systemClock: Clock = { now: () => timeAhead(0) };

/** Returns a clock that starts at `at` when it is made and runs at real speed (`CLOCK` in demo mode). */
export function clockStartingAt(at: Temporal.Instant): Clock {
  const ahead = at.epochMilliseconds - Date.now();
  return { now: () => timeAhead(ahead) };
}

/** A clock that runs at real speed, and that somebody moves ahead by hand. */
export interface MovableClock extends Clock {
  readonly isMovedByHand: true;
  onMoved(listener: () => void): () => void;
  /** How far it is ahead of the machine's, in milliseconds. */
  aheadMs(): number;
  /** Shows this moment from now on. A moment before the present one is left out: what happened after it would be in the future. */
  moveTo(at: Temporal.Instant): void;
}

/** Returns a clock that is so many milliseconds ahead of the machine's. */
export function movableClock(aheadMs = 0): MovableClock {
  let ahead = aheadMs;
  const listeners = new Set<() => void>();
  const now = () => timeAhead(ahead);
  return {
    isMovedByHand: true,
    now,
    aheadMs: () => ahead,
    moveTo: (at) => {
      ahead += Math.max(0, at.epochMilliseconds - now().epochMilliseconds);
      for (const each of listeners) each();
    },
    onMoved: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Clocks of two machines differ by less. */
export const CLOCKS_APART = Temporal.Duration.from({ minutes: 1 });

/**
 * Returns whether a moment was noted by a clock that has been set back since. What is granted for some minutes from such a moment on would last for
 * as much longer as the clock was set back. Pure.
 */
export const isOfTheFuture = (noted: Temporal.Instant, now: Temporal.Instant): boolean =>
  Temporal.Instant.compare(noted, now.add(CLOCKS_APART)) > 0;

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
  if (clock.isMovedByHand) return () => clock.now();
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
