import { IntlMessageFormat } from 'intl-messageformat';
import ca from '../../locales/ca/index.ts';
import en from '../../locales/en/index.ts';
import es from '../../locales/es/index.ts';
import eu from '../../locales/eu/index.ts';
import type { Language } from './languages.ts';

/** A key of the messages: Catalan is the reference, the other catalogues are checked against it. */
export type MessageKey = keyof typeof ca;
export type MessageValues = Record<string, string | number>;

/** Formats a message in one language; ICU syntax for plurals and choices. */
export interface Translate {
  (key: MessageKey, values?: MessageValues): string;
  readonly language: Language;
}

const catalogues: Record<Language, Record<MessageKey, string>> = { ca, es, en, eu };

function translator(language: Language): Translate {
  const catalogue = catalogues[language];
  const compiled = new Map<MessageKey, IntlMessageFormat>();
  const translate = (key: MessageKey, values?: MessageValues): string => {
    const text = catalogue[key];
    if (text === undefined) throw new Error(`No text for ${String(key)} in ${language}`);
    if (!values && !/[{}'<]/.test(text)) return text;
    let message = compiled.get(key);
    if (!message) {
      message = new IntlMessageFormat(text, language, undefined, { ignoreTag: true });
      compiled.set(key, message);
    }
    return String(message.format(values));
  };
  return Object.assign(translate, { language });
}

const translators = new Map<Language, Translate>();

/** Returns the translator of a language, made once. */
export function translateTo(language: Language): Translate {
  let found = translators.get(language);
  if (!found) {
    found = translator(language);
    translators.set(language, found);
  }
  return found;
}
