import type { Direction, FailureReason, PresentedPerson, Register } from '../types.ts';

/**
 * The port of a registry that the town has elsewhere, such as MUX of the Consorci AOC. Each kind (`src/domain/office/connectors/registry.ts`)
 * has an adapter in `src/connectors/registry/`. An adapter keeps nothing between its calls and throws nothing that the other side can cause:
 * every failure is a value. It logs nothing.
 */
export interface OutsideRegistry {
  /**
   * Has something registered. It may be registered although no answer comes: see `find`. `goAhead` is asked when the message is made and nothing
   * is sent yet; where it says no, nothing is. From then on the message counts for some minutes only, so that a process which stops before it
   * sends can't do so later. Null: nothing was sent.
   */
  enter(what: Presented, goAhead: () => Promise<boolean>): Promise<Answered<Registered> | null>;
  /** Returns the entries of something that was sent at `since` or later, oldest first; none: it is not registered there. */
  find(what: Presented, since: Temporal.Instant): Promise<Answered<Registered[]>>;
  /** Returns the entries that went to the auxiliary registry in a span, since the main one was away. */
  auxiliary(span: Span): Promise<Answered<Registered[]>>;
}

/** A span of time, both ends included. */
export interface Span {
  from: Temporal.Instant;
  until: Temporal.Instant;
}

/** What is told to the registry. */
export interface Presented {
  /** The id of our entry: the same thing always has the same. */
  id: string;
  /** Part of the subject, by which the entry is found again. No other thing of the town has it: `oac E2026000123`. */
  mark: string;
  direction: Direction;
  /** What it is, in a few words: `Llicència de terrassa`. */
  subject: string;
  /** When it was presented: the hour of our entry. */
  at: Temporal.Instant;
  /** Who presented it, or who it is for; null: nobody was identified. */
  person: PresentedPerson | null;
}

/** An entry there. */
export interface Registered {
  number: string;
  /** When it was registered; null: it isn't said. */
  at: Temporal.Instant | null;
  /** The subject; null: it isn't said. */
  subject: string | null;
  /** The entry of the main registry that took the place of this auxiliary one; null: none yet. */
  consolidated: { number: string; at: Temporal.Instant | null } | null;
}

export type Answered<T> = { ok: true; value: T } | ({ ok: false } & OutsideFailure);

/** Why there is no answer that counts. */
export interface OutsideFailure {
  reason: FailureReason;
  /** For logs: small letters and digits, without personal data. */
  code: string;
  /** The words of the other side for whoever mends it; they may name a person. Null: there are none. */
  words: string | null;
}

/** Where an entry of ours stands with the registry of the town. */
export interface Outside {
  /** The id of our entry. */
  id: string;
  office: number;
  owedAt: Temporal.Instant;
  /** How often it was tried without an end. */
  attempts: number;
  /** When it is tried again; null: nothing is left to do. */
  nextTryAt: Temporal.Instant | null;
  /** When it was first sent, and last; null: never. From then on it is looked for there before it is sent again. */
  firstSentAt: Temporal.Instant | null;
  lastSentAt: Temporal.Instant | null;
  /** Why the last try had no end; null: there was none, or it had one. */
  failing: FailureReason | null;
  /** The words of the other side for it. */
  words: string | null;
  /** The number there; null: not yet. */
  number: string | null;
  at: Temporal.Instant | null;
  /** Null: it isn't known yet. */
  register: Register | null;
  /** Numbers that the same thing has besides; none is right. */
  also: readonly string[];
  /** The number of the main registry that took the place of an auxiliary one. */
  consolidated: string | null;
}
