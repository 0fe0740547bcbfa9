import type { Translate } from '../../lib/i18n/translate.ts';

/** Returns a period in years where it is some whole years, with or without their leap days: 1827 days are five. */
export function formatPeriod(t: Translate, days: number): string {
  const years = Math.round(days / 365.25);
  const isWhole = years > 0 && days >= years * 365 && days <= Math.ceil(years * 365.25);
  return isWhole
    ? t('common.period.years', { count: years })
    : t('common.period.days', { count: days });
}
