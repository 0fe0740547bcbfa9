import type { Channel } from '../../../domain/channel.ts';

/** The state of the agent at a desk. */
export const STATES = ['available', 'in_call', 'wrap_up', 'break', 'away'] as const;
export type State = (typeof STATES)[number];

/** What they say themselves; calls say the rest. */
export const SAID = ['available', 'break', 'away'] as const;
export type Said = (typeof SAID)[number];

/**
 * Why a state is what it is. `self`: they said so; `came`: their console opened; `signed_out`; `call`: one began or ended;
 * `timeout`: their console is gone.
 */
export type Why = 'self' | 'came' | 'signed_out' | 'call' | 'timeout';

/** An encounter that was begun at a desk. */
export interface Work {
  appointment: string;
  /** Code. */
  procedure: string;
  channel: Channel;
  startedAt: Temporal.Instant;
  /** When its call ended, as far as it is known; null: it goes on, or nobody can tell. */
  callEndedAt: Temporal.Instant | null;
  endedAt: Temporal.Instant | null;
}

/** What is known of a desk, from which its state follows. */
export interface Signs {
  said: { state: Said; at: Temporal.Instant; why: 'self' | 'came' | 'signed_out' };
  /** When a page was open there. */
  seenAt: Temporal.Instant;
  /** What was begun since `said`, and whatever may go on still. */
  work: readonly Work[];
}

/** How a desk stands. */
export interface Standing {
  state: State;
  since: Temporal.Instant;
  why: Why;
  /** The encounter that it is in call for, or writing. */
  work: Work | null;
}

/** A change of a desk's state. */
export interface Change {
  from: State;
  to: State;
  at: Temporal.Instant;
  why: Why;
}

/** Minutes; see the town file's `board`. */
export interface PresencePolicy {
  unresponsiveMinutes: number;
  wrapUpMinutes: number;
  awayMinutes: number;
}

/** A desk at which somebody has been. */
export interface DeskPresence {
  /** Id of the desk. */
  desk: number;
  /** Who was there last: an id of the staff. */
  staff: number | null;
  signs: Signs;
  /** When somebody asked for a page there. */
  actedAt: Temporal.Instant;
  /** What the newest event says. */
  recorded: { state: State; since: Temporal.Instant };
}
