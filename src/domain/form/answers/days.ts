import { datesIn } from '../../../lib/i18n/dates.ts';
import type { Language } from '../../../lib/i18n/languages.ts';

/** Returns the day in a text such as `2026-12-24`; null when the calendar has none. */
export function dayIn(text: unknown): Temporal.PlainDate | null {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' });
  } catch {
    return null;
  }
}

const UNITS = { d: 'days', m: 'months', y: 'years' } as const;

/** Returns the day of a limit: `2026-12-24`, `today`, `today+10d`, `today-18y`; null when there is none. */
export function dayOfLimit(limit: string, today: Temporal.PlainDate): Temporal.PlainDate | null {
  const [, sign, amount, unit] = /^today(?:([+-])(\d+)([dmy]))?$/.exec(limit) ?? [];
  if (!limit.startsWith('today')) return dayIn(limit);
  if (!sign) return today;
  const count = Number(amount) * (sign === '-' ? -1 : 1);
  return today.add({ [UNITS[unit as keyof typeof UNITS]]: count });
}

/** Returns a day in words as short as can be: `24/12/2026`. */
export const dayInWords = (day: Temporal.PlainDate, language: Language): string =>
  datesIn(language, 'UTC').shortDay(day.toZonedDateTime('UTC').toInstant());

/** Returns a day in words with its weekday and year, for readers who check it. */
export const longDayInWords = (day: Temporal.PlainDate, language: Language): string =>
  datesIn(language, 'UTC').longDay(day.toZonedDateTime('UTC').toInstant());
