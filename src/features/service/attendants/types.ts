import type { Language } from '../../../lib/i18n/languages.ts';

/** What is known of the people who may attend an appointment. */
export interface Candidates {
  /** Id of the appointment. */
  appointment: string;
  start: Temporal.Instant;
  /** In which its citizen reads. */
  language: Language;
  /** Who began its encounter or took it over last, as in events; null: it hasn't begun. */
  actor: string | null;
  present: AtDesk['present'];
  owners: AtDesk['owners'];
}

/** The people of a desk. */
export interface AtDesk {
  /** The member of staff who was there last, and when; null: nobody. */
  present: { staff: number; seenAt: Temporal.Instant } | null;
  /** The members of staff whose desk it is. */
  owners: readonly number[];
}
