import type { Language } from '../../../lib/i18n/languages.ts';

/** Returns the addresses of what everybody may see of an office's requests: the map with its list, and one request. */
export function publicUrls(language: Language, office: string) {
  const all = `/${language}/${office}/requests/map`;
  return {
    all,
    one: (reference: string) => `${all}/${reference}`,
    photo: (reference: string, photo: string) => `${all}/${reference}/photos/${photo}`,
  };
}
