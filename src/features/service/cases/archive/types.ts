import type { Case } from '../types.ts';

/** Why a case that is due is not destroyed. `held`: a law keeps it. `unnotified`: its decision counts as notified on no day. `fee`: what was paid for it is not settled, or is to be given back. */
export type KeepingReason = 'held' | 'unnotified' | 'fee';

/** How long a case is kept. */
export interface Keeping {
  /** The last local day; null: it is open, or it is kept for good. */
  until: Temporal.PlainDate | null;
  /** Whether its form has it kept for good. */
  isForGood: boolean;
  /** Who keeps it longer for a legal reason, and since when; null: nobody does. */
  held: { at: Temporal.Instant; by: string; reason: string } | null;
  /** Whether the viewer may hold it. */
  mayHold: boolean;
}

/** A case that is going to be destroyed. */
export interface Ending extends Pick<Case, 'id' | 'reference' | 'procedure'> {
  closedAt: Temporal.Instant;
  /** The last local day on which it is kept. */
  until: Temporal.PlainDate;
  /** Why it stays all the same; null: it does not. */
  stays: KeepingReason | null;
}

/** A line of the register of cases that were destroyed. */
export interface Destruction {
  reference: string;
  /** The id of its procedure. */
  procedure: number;
  /** The table of the archive that says so; null: its form names none. */
  schedule: string | null;
  handedInAt: Temporal.Instant;
  closedAt: Temporal.Instant;
  destroyedAt: Temporal.Instant;
}

/** What an office's archive shows: at most so many of each, those that end first, and those that were destroyed last. */
export interface ArchivePage {
  ending: readonly Ending[];
  /** How many more end soon. */
  moreEnding: number;
  destroyed: readonly Destruction[];
  moreDestroyed: number;
}

/** What somebody wants of the hold of a case. */
export interface HoldRequest {
  /** Why it must be kept; null: it is held no longer. */
  reason: string | null;
  /** Since when it is held, as they saw it; null: it was not. */
  seen: Temporal.Instant | null;
}

/** `changed`: somebody has held it, or let it go, meanwhile. */
export type HoldResult =
  | { ok: true }
  | { ok: false; reason: 'not_found' | 'no_reason' | 'too_long' | 'changed' };
