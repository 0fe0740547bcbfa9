/** The languages of Finestreta's texts; Catalan texts are written first. */
export const LANGUAGES = ['ca', 'es', 'en', 'eu'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language's own name, for the links that choose it. */
export const LANGUAGE_NAMES: Record<Language, string> = {
  ca: 'Català',
  es: 'Castellano',
  en: 'English',
  eu: 'Euskara',
};

/**
 * Sign languages that an agent may use, by video only (ISO 639-3): Catalan and Spanish sign language. They are languages of an encounter
 * like the others, but never of written text.
 */
export const SIGN_LANGUAGES = ['csc', 'ssp'] as const;
export type SignLanguage = (typeof SIGN_LANGUAGES)[number];

/** The spoken language into which each sign language is interpreted. */
const SPOKEN_BESIDE: Record<SignLanguage, Language> = { csc: 'ca', ssp: 'es' };

/** A language of an encounter, spoken or signed. */
export const ENCOUNTER_LANGUAGES = [...LANGUAGES, ...SIGN_LANGUAGES] as const;
export type EncounterLanguage = (typeof ENCOUNTER_LANGUAGES)[number];

export function isSigned(language: EncounterLanguage): language is SignLanguage {
  return (SIGN_LANGUAGES as readonly string[]).includes(language);
}

/** Returns the language that is spoken in an encounter: beside a sign language, the one of its interpreters. */
export const spokenIn = (language: EncounterLanguage): Language =>
  isSigned(language) ? SPOKEN_BESIDE[language] : language;

export function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && (LANGUAGES as readonly string[]).includes(value);
}

/** Returns an object with a value for each language. */
export const inEveryLanguage = <T>(make: (language: Language) => T): Record<Language, T> =>
  Object.fromEntries(LANGUAGES.map((each) => [each, make(each)])) as Record<Language, T>;

/** A text in several languages, from the town file. */
export type Texts = Partial<Record<Language, string>>;

/** Returns the text in `language`, else in the first language that it has. */
export function textIn(texts: Texts | undefined, language: Language): string {
  if (!texts) return '';
  const found = texts[language] ?? LANGUAGES.map((each) => texts[each]).find((text) => text);
  return found ?? '';
}

/** Returns the offered language that a browser's `Accept-Language` prefers (RFC 9110, 12.5.4), else the first offered. */
export function preferredLanguage(
  header: string | undefined,
  offered: readonly Language[],
): Language {
  const wanted = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const q = parameters.map((each) => /^\s*q=([\d.]+)/.exec(each)?.[1]).find(Boolean);
      return { tag: tag.toLowerCase().split('-')[0], weight: q === undefined ? 1 : Number(q) };
    })
    .filter((each) => each.weight > 0)
    .sort((a, b) => b.weight - a.weight);
  const match = wanted
    .map((each) => each.tag)
    .find((tag) => (offered as readonly string[]).includes(tag ?? ''));
  return (match as Language | undefined) ?? offered[0] ?? 'ca';
}
