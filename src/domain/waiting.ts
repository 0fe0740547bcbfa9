import type { Language } from '../lib/i18n/languages.ts';
import type { Ask } from './appointment.ts';
import type { Details } from './person.ts';

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
export interface Waiting extends Wish, Details, Ask {
  id: string;
  office: number;
  noticeLanguage: Language;
  /** The appointment that they would have earlier, or that an offer became. Displaced: nobody attends it at its hour. */
  appointment: { id: string; link: number; start: Temporal.Instant; isDisplaced: boolean } | null;
  /** They wait because that appointment was displaced, until it has another hour. */
  isDisplaced: boolean;
  since: Temporal.Instant;
  ended: { at: Temporal.Instant; why: Ending } | null;
}
