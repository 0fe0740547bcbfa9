import type { Ask } from '../../../domain/appointment.ts';
import type { Details } from '../../../domain/person.ts';
import type { Part, Wish } from '../../../domain/waiting.ts';
import type { Language } from '../../../lib/i18n/languages.ts';

/** The need of a person without an appointment. */
export interface WaitingRequest extends Wish, Details, Ask {
  noticeLanguage: Language;
}

export type Outcome = 'accepted' | 'declined' | 'expired';

/** A time that is offered to a person and held until the offer expires. */
export interface Offer {
  id: string;
  waiting: string;
  start: Temporal.Instant;
  offeredAt: Temporal.Instant;
  expiresAt: Temporal.Instant;
  ended: { at: Temporal.Instant; outcome: Outcome } | null;
}

/** A wait list entry with the data that determines its turn. */
export interface Queued extends Wish, Ask {
  id: string;
  /** Local day of their appointment: a time must be on an earlier day. */
  before: string | null;
  /** Their appointment is displaced: they come first. */
  isDisplaced: boolean;
  /** Their contact address, which identifies a person with several entries. */
  person: string;
  /** Starts of earlier offers, in epoch milliseconds: they aren't offered again. */
  seen: ReadonlySet<number>;
  /** Number of their last offers in a row without an answer. */
  unanswered: number;
}

/** A person's offers of the present day, and whether one is open. */
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

/** A time for a person, and the end of its hold. */
export interface Allotment {
  entry: Queued;
  start: Temporal.Instant;
  expiresAt: Temporal.Instant;
}
