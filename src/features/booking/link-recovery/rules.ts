import { type CountryCode, checkText } from '../appointments/rules.ts';
import type { Contact } from './types.ts';

/**
 * Reads an e-mail address or a telephone, or returns null. It uses the rules of the booking form, so that an address from
 * there is found again.
 */
export function readContact(typed: string, country: CountryCode): Contact | null {
  const kind = typed.includes('@') ? 'email' : 'phone';
  const { kept, mistake } = checkText(kind, typed, country);
  if (mistake || kept === '') return null;
  return kind === 'email' ? { email: kept } : { phone: kept };
}

/** Maximum links per request. The others are in earlier messages, or the citizen asks the office. */
export const MOST_LINKS = 5;
const AGAIN_AFTER_MINUTES = 10;
const MOST_A_DAY = 3;

/** Returns whether an appointment's link may be sent (again); the limit protects mailboxes of other people. */
export function mayBeSent(
  lately: { lastAt: Temporal.Instant | null; inADay: number },
  now: Temporal.Instant,
): boolean {
  if (!lately.lastAt) return true;
  const from = lately.lastAt.add({ minutes: AGAIN_AFTER_MINUTES });
  return lately.inADay < MOST_A_DAY && Temporal.Instant.compare(now, from) >= 0;
}
