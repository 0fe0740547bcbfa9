/**
 * The languages that an office may offer by an interpreter in the call, in the order in which they are listed. Each has a short page of its
 * own (`src/locales/short`). `zgh` is Amazigh; it is written here in Latin letters, as the Catalan administration writes it.
 */
export const INTERPRETED = ['ar', 'ro', 'ur', 'zh', 'fr', 'uk', 'zgh'] as const;
export type InterpretedLanguage = (typeof INTERPRETED)[number];

/** How a language is named by itself and marked in a page. */
interface Written {
  name: string;
  /** The language tag (BCP 47), with the script where the language has several. */
  tag: string;
  dir: 'ltr' | 'rtl';
}

export const WRITTEN: Readonly<Record<InterpretedLanguage, Written>> = {
  ar: { name: 'العربية', tag: 'ar', dir: 'rtl' },
  ro: { name: 'Română', tag: 'ro', dir: 'ltr' },
  ur: { name: 'اردو', tag: 'ur', dir: 'rtl' },
  zh: { name: '中文', tag: 'zh-Hans', dir: 'ltr' },
  fr: { name: 'Français', tag: 'fr', dir: 'ltr' },
  uk: { name: 'Українська', tag: 'uk', dir: 'ltr' },
  zgh: { name: 'Tamaziɣt', tag: 'zgh-Latn', dir: 'ltr' },
};

/** Returns the language with this code; null when there is none. */
export const interpretedNamed = (code: unknown): InterpretedLanguage | null =>
  INTERPRETED.find((each) => each === code) ?? null;
