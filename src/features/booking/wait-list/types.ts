import type { EncounterLanguage, Language } from '../../../lib/i18n/languages.ts';
import type { Channel, Details } from '../appointments/types.ts';

export const PARTS = ['morning', 'afternoon'] as const;
/** Of the day, in the office's zone. */
export type Part = (typeof PARTS)[number];

/** Which times are of use to somebody. Local days of the office, `YYYY-MM-DD`, both included; null: any. */
export interface Wish {
  firstDay: string | null;
  lastDay: string | null;
  part: Part | null;
}

/** Why somebody no longer waits. `too_late`: no time could be of use any more. */
export type Ending = 'served' | 'left' | 'too_late' | 'appointment_ended';

/** Somebody who waits, or waited, for a time. */
export interface Waiting extends Wish, Details {
  id: string;
  office: number;
  /** Code of the procedure. */
  procedure: string;
  channel: Channel;
  /** Of the encounter. */
  language: EncounterLanguage;
  noticeLanguage: Language;
  /** The appointment that they would have earlier, or that an offer became. Displaced: nobody attends it at its hour. */
  appointment: { id: string; link: number; start: Temporal.Instant; isDisplaced: boolean } | null;
  /** They wait because that appointment was displaced, until it has another hour. */
  isDisplaced: boolean;
  since: Temporal.Instant;
  ended: { at: Temporal.Instant; why: Ending } | null;
}

/** What is asked for by who has no appointment. */
export interface WaitingRequest extends Wish, Details {
  procedure: string;
  channel: Channel;
  language: EncounterLanguage;
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
export interface Queued extends Wish {
  id: string;
  procedure: string;
  channel: Channel;
  language: EncounterLanguage;
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
