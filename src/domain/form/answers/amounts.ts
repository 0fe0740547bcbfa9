import type { Language } from '../../../lib/i18n/languages.ts';

/** Returns whole cents as an amount for readers: `12,50 €`. */
export const eurosInWords = (cents: number, language: Language): string =>
  new Intl.NumberFormat(language, { style: 'currency', currency: 'EUR' }).format(cents / 100);

/** Returns a number for readers, with its decimals. */
export const numberInWords = (value: number, language: Language): string =>
  new Intl.NumberFormat(language, { maximumFractionDigits: 6 }).format(value);
