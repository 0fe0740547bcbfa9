import ar from '../../locales/short/ar.json' with { type: 'json' };
import fr from '../../locales/short/fr.json' with { type: 'json' };
import ro from '../../locales/short/ro.json' with { type: 'json' };
import uk from '../../locales/short/uk.json' with { type: 'json' };
import ur from '../../locales/short/ur.json' with { type: 'json' };
import zgh from '../../locales/short/zgh.json' with { type: 'json' };
import zh from '../../locales/short/zh.json' with { type: 'json' };
import type { InterpretedLanguage } from './interpreted.ts';

/** A key of the short texts: each language with an interpreter has the same ones. */
export type ShortKey = keyof typeof ar;

const SHORT: Readonly<Record<InterpretedLanguage, Readonly<Record<ShortKey, string>>>> = {
  ar,
  ro,
  ur,
  zh,
  fr,
  uk,
  zgh,
};

/** Returns a short text in a language that is spoken by an interpreter. */
export const shortIn = (language: InterpretedLanguage, key: ShortKey): string =>
  SHORT[language][key];
