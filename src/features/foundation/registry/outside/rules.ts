import type { FailureReason, OutsideState } from '../types.ts';
import type { Outside } from './types.ts';

/** What is to be done next with an entry that is owed. */
export type Step =
  /** It was never sent, so it can't be there. */
  | { do: 'enter' }
  /** It was sent and no answer came: it is looked for, and sent only if it is not there. */
  | { do: 'find'; since: Temporal.Instant }
  /** It was sent a moment ago: it may still be on its way, so that looking would not find it yet. */
  | { do: 'wait'; until: Temporal.Instant }
  /** It has its number: which registry made it, and whether the main one took it over, is asked. */
  | { do: 'classify' };

/** Minutes after which what was sent is there or will never be. MUX waits half a minute for a registry, and then for the auxiliary one. */
export const SETTLES_MINUTES = 5;

/** Returns the next step of an entry. It is never sent twice without having been looked for in between. */
export function stepOf(
  { number, firstSentAt, lastSentAt }: Pick<Outside, 'number' | 'firstSentAt' | 'lastSentAt'>,
  now: Temporal.Instant,
): Step {
  if (number !== null) return { do: 'classify' };
  if (!firstSentAt || !lastSentAt) return { do: 'enter' };
  const settled = lastSentAt.add({ minutes: SETTLES_MINUTES });
  if (Temporal.Instant.compare(now, settled) < 0) return { do: 'wait', until: settled };
  return { do: 'find', since: firstSentAt };
}

const FIRST_WAIT_SECONDS = 60;
/** A registry that is away is asked every hour at most. One that refuses will do so until somebody mends something. */
const LONGEST_WAIT_SECONDS = { away: 3_600, unclear: 3_600, refused: 6 * 3_600 } as const;

/** Returns the seconds until the next try: a minute, doubled each time, shortened by up to a quarter. `random` is in [0, 1). */
export function secondsUntilTry(attempts: number, reason: FailureReason, random: number): number {
  const doubled = FIRST_WAIT_SECONDS * 2 ** Math.min(attempts - 1, 12);
  return Math.min(doubled, LONGEST_WAIT_SECONDS[reason]) * (1 - random / 4);
}

/** Days during which it is asked whether the main registry took over an entry of the auxiliary one. */
const RECONCILED_WITHIN_DAYS = 90;

/** Returns when it is asked again whether the main registry has an entry of the auxiliary one; null: never. */
export function asksAgainAt(
  owedAt: Temporal.Instant,
  now: Temporal.Instant,
): Temporal.Instant | null {
  const days = owedAt.until(now).total('hours') / 24;
  return days < RECONCILED_WITHIN_DAYS ? now.add({ hours: 24 }) : null;
}

/** Returns what people are told of an entry. The number of the main registry takes the place of that of the auxiliary one. */
export function stateOf(of: Outside): OutsideState {
  const { number, at, register, failing, consolidated } = of;
  if (number === null) return { state: 'owed', failing };
  return consolidated === null
    ? { state: 'registered', number, at, register }
    : { state: 'registered', number: consolidated, at, register: 'main' };
}
