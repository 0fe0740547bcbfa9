import type { Ask } from '../../../domain/appointment.ts';
import type { Details } from '../../../domain/person.ts';
import type { Part, Wish } from '../../../domain/waiting.ts';
import type { Language } from '../../../lib/i18n/languages.ts';

/** What is asked for by who has no appointment. */
export interface WaitingRequest extends Wish, Details, Ask {
  noticeLanguage: Language;
}

export type Outcome = 'accepted' | 'declined' | 'expired';

/** A time that somebody was offered, and is kept for them until it expires. */
export interface Offer {
  id: string;
  waiting: string;
  start: Temporal.Instant;
  offeredAt: Temporal.Instant;
  expiresAt: Temporal.Instant;
  ended: { at: Temporal.Instant; outcome: Outcome } | null;
}

/** An entry of the list with what decides whose turn it is. */
export interface Queued extends Wish, Ask {
  id: string;
  /** Local day of the appointment that they have: a time must be on a day before it. */
  before: string | null;
  /** Nobody attends the appointment that they have: they come first. */
  isDisplaced: boolean;
  /** Where they are written to: who has several entries is one person. */
  person: string;
  /** Starts that they were offered, in epoch milliseconds: they aren't offered again. */
  seen: ReadonlySet<number>;
  /** How many offers they last left unanswered, one after the other. */
  unanswered: number;
}

/** What a person was offered in the day that now is, and whether they still think about one. */
export interface Tally {
  today: number;
  isOpen: boolean;
}

/** A start that is free now, with the local day and part of the day that it lies in. */
export interface FreeTime {
  start: Temporal.Instant;
  day: string;
  part: Part;
  /** Desks that could take it. */
  capacity: number;
}

/** A time for somebody, until when. */
export interface Allotment {
  entry: Queued;
  start: Temporal.Instant;
  expiresAt: Temporal.Instant;
}
