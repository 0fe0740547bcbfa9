import type { Ask } from '../../../domain/appointment.ts';
import type { Language } from '../../../lib/i18n/languages.ts';

/** How long a booking that isn't finished is kept. */
export const LIVES = { hours: 4 } as const;

/** What a citizen has typed so far, by field, as typed. */
export type Answers = Record<string, string | string[]>;

/** A booking on its way: what was chosen, the hold, the answers. Kept for some hours under a secret in its address. */
export interface Journey extends Ask {
  id: string;
  office: number;
  pageLanguage: Language;
  start: Temporal.Instant;
  /** Until when the time is kept; null when the hold was lost. It may have ended: compare with now. */
  holdUntil: Temporal.Instant | null;
  answers: Answers;
  /** Whose it is, as their holds are counted: a keyed hash of the network address that it was begun from. */
  begunBy: Buffer | null;
  /** How often it was refused because its person has as many appointments to come as they may. */
  refusals: number;
  /** The appointment it became. */
  appointment: string | null;
}
