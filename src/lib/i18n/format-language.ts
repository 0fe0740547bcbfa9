import { type EncounterLanguage, isSigned, LANGUAGE_NAMES, type Language } from './languages.ts';
import type { Translate } from './translate.ts';

/**
 * Returns the name of a language in writing: a spoken one by its own name, a signed one, which has no letters, in the language of the page.
 */
export function formatLanguage(
  of: EncounterLanguage,
  t: Translate,
): { name: string; writtenIn: Language } {
  return isSigned(of)
    ? { name: t(`common.signed.${of}`), writtenIn: t.language }
    : { name: LANGUAGE_NAMES[of], writtenIn: of };
}
