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
