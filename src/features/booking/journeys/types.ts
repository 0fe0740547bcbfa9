import type { Ask } from '../../../domain/appointment.ts';
import type { Language } from '../../../lib/i18n/languages.ts';

/** How long an unfinished booking is kept. */
export const LIVES = { hours: 4 } as const;

/** A citizen's answers so far, by field, as typed. */
export type Answers = Record<string, string | string[]>;

/** An unfinished booking: the choices, the hold, the answers. It is kept for some hours under a secret in its address. */
export interface Journey extends Ask {
  id: string;
  office: number;
  pageLanguage: Language;
  start: Temporal.Instant;
  /** End of the hold; null when the hold was lost. It may have ended: compare with now. */
  holdUntil: Temporal.Instant | null;
  answers: Answers;
  /** The sender, for counting holds: a keyed hash of the network address from which it was begun. */
  begunBy: Buffer | null;
  /** Number of refusals since its person has the maximum of appointments. */
  refusals: number;
  /** The appointment it became. */
  appointment: string | null;
}
