import type { Language } from '../lib/i18n/languages.ts';
import type { Ask } from './appointment.ts';
import type { Details } from './person.ts';

export const PARTS = ['morning', 'afternoon'] as const;
/** A part of the day, in the office's zone. */
export type Part = (typeof PARTS)[number];

/** The times that suit a person on the wait list. Local days of the office, `YYYY-MM-DD`, both included; null: any. */
export interface Wish {
  firstDay: string | null;
  lastDay: string | null;
  part: Part | null;
}

/** The reason why an entry of the wait list ended. `too_late`: no suitable time remained. */
export type Ending = 'served' | 'left' | 'too_late' | 'appointment_ended';

/** An entry of the wait list: a person who waits, or waited, for a time. */
export interface Waiting extends Wish, Details, Ask {
  id: string;
  office: number;
  noticeLanguage: Language;
  /** The appointment that the person wants earlier, or that an offer became. Displaced: no desk serves it at its hour. */
  appointment: { id: string; link: number; start: Temporal.Instant; isDisplaced: boolean } | null;
  /** Whether the person waits because that appointment was displaced; the entry lasts until the appointment has another hour. */
  isDisplaced: boolean;
  since: Temporal.Instant;
  ended: { at: Temporal.Instant; why: Ending } | null;
}
