import type { HolidayRules } from './holidays.ts';
import { workingDaysOf } from './working-days.ts';

/** The local hours of a morning: from the first on, before the second. */
export const MORNING = { from: 8, before: 12 };

/**
 * Returns whether it is the morning of a day on which an office works. What nobody has asked for just now, such as what reminds people and officials, is
 * told then, and neither at night nor on holidays.
 */
export function isWorkingMorning(
  { timeZone, settings }: { timeZone: string; settings: HolidayRules },
  now: Temporal.Instant,
): boolean {
  const local = now.toZonedDateTimeISO(timeZone);
  const { from, before } = MORNING;
  const isMorning = local.hour >= from && local.hour < before;
  return isMorning && workingDaysOf(settings).counts(local.toPlainDate());
}
