/** The cache of the offline page; a new number makes a worker delete the earlier caches. */
export const KEPT = 'finestreta-offline-2';

export const offlineAddress = (language: string): string => `/${language}/offline`;

/** Returns the language of a citizen's page; undefined for any other address. */
export const languageOf = (url: string): string | undefined =>
  /^\/(ca|es|en|eu)(?:\/|$)/.exec(new URL(url).pathname)?.[1];
