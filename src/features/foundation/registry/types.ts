import type { PersonId } from '../../../domain/identity.ts';

/** `entry`: the office received it; `exit`: the office sent it. */
export const DIRECTIONS = ['entry', 'exit'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** An entry of an office's registry: Ley 39/2015, art. 16. It has no personal data: what was handed in is kept by its own feature. */
export interface RegistryEntry {
  id: string;
  office: number;
  direction: Direction;
  /** The local year, in which numbers begin with 1. */
  year: number;
  number: number;
  at: Temporal.Instant;
  /** The working day on which it counts as received (art. 31.2). */
  countsFrom: Temporal.PlainDate;
  /** What was registered, as its feature calls it: `case <id> application`. It is registered once. */
  about: string;
  /** SHA-256 of what was handed in or sent, in hexadecimal. */
  content: string;
  /** The hash of the entry before in the same book, in hexadecimal; null: it is the first. */
  previous: string | null;
  /** SHA-256 of all of the above, in hexadecimal. */
  hash: string;
}

/** What is registered. */
export type ToRegister = Pick<RegistryEntry, 'direction' | 'about' | 'content'>;

/** The entries of a day that is closed. */
export interface ClosedDay {
  day: Temporal.PlainDate;
  entries: number;
  exits: number;
  /** The hash of the last entry until the end of that day; null: there was none yet. */
  lastEntry: string | null;
  lastExit: string | null;
}

/** Whether a registry is as it was written. `number`: of the first entry that is not, such as E2026000123. */
export type RegistryVerdict =
  | { ok: true; entries: number }
  | { ok: false; number: string; what: 'removed' | 'added' | 'changed' };

/** What an entry is of, as a registry elsewhere is told. */
export interface Described {
  /** In a few words. */
  subject: string;
  /** Who presented it, or who it is for; null: nobody was identified. */
  person: PresentedPerson | null;
}

export interface PresentedPerson {
  id: PersonId;
  /** The whole name, on one line; it may be empty. */
  name: string;
  given: string | null;
  family: string | null;
}

/** Which registry of the town made an entry. `auxiliary`: the one that stands in when the main one is away. */
export type Register = 'main' | 'auxiliary';

/**
 * Why the registry of the town has not registered something yet. `away`: it can't be reached, or not in time. `refused`: it answered that it
 * registers nothing. `unclear`: its answer can't be read.
 */
export type FailureReason = 'away' | 'refused' | 'unclear';

/** What people are told of an entry. `owed`: its number there follows. */
export type OutsideState =
  | { state: 'owed'; failing: FailureReason | null }
  | { state: 'registered'; number: string; at: Temporal.Instant | null; register: Register | null };
