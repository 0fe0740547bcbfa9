import type { Office } from '../../domain/office/types.ts';
import { type Language, textIn } from '../../lib/i18n/languages.ts';

/** Returns the names of some procedures of an office, as a list in words; null: there are none. */
export function proceduresIn(
  office: Office,
  codes: readonly string[],
  language: Language,
): string | null {
  if (codes.length === 0) return null;
  const names = codes.map((code) => textIn(office.procedure(code)?.name, language) || code);
  return new Intl.ListFormat(language).format(names);
}
