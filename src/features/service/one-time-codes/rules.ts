import { isOfTheFuture } from '../../../lib/clock.ts';
import type { MadeCode } from '../../booking/proof/types.ts';

/** How long a code can be typed, and how often it may be typed wrong. */
export const CODE_MINUTES = 10;
export const MOST_TRIES = 5;
/** Between two, and within 24 hours: nobody guesses one, and nobody's telephone is filled. */
const BETWEEN_SECONDS = 60;
const MOST_A_DAY = 6;

/** What somebody typed, as digits: codes are copied with spaces and hyphens. */
export const readDigits = (typed: string): string => typed.replaceAll(/[\s-]/g, '');

/** When the next code may be sent; null: now. */
export function nextCodeAt(
  sent: readonly Pick<MadeCode, 'madeAt'>[],
  now: Temporal.Instant,
): Temporal.Instant | null {
  const dayAgo = now.subtract({ hours: 24 });
  const lately = upTo(sent, now)
    .map((each) => each.madeAt)
    .filter((each) => Temporal.Instant.compare(each, dayAgo) > 0)
    .sort(Temporal.Instant.compare);
  const last = lately.at(-1);
  if (!last) return null;
  const first = lately.at(-MOST_A_DAY);
  const at = first ? first.add({ hours: 24 }) : last.add({ seconds: BETWEEN_SECONDS });
  return Temporal.Instant.compare(at, now) > 0 ? at : null;
}

/** Whether a code can still be typed. */
export const isOpen = (
  code: Pick<MadeCode, 'endedAt' | 'tries' | 'expiresAt'>,
  now: Temporal.Instant,
): boolean =>
  code.endedAt === null &&
  code.tries < MOST_TRIES &&
  Temporal.Instant.compare(now, code.expiresAt) < 0;

/**
 * Returns the codes that count. One of the future was made before the clock was set back: it would last longer than it should, and keep its
 * person from another one until then.
 */
export const upTo = <Code extends Pick<MadeCode, 'madeAt'>>(
  codes: readonly Code[],
  now: Temporal.Instant,
): Code[] => codes.filter(({ madeAt }) => !isOfTheFuture(madeAt, now));
