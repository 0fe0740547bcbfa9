/** In lower case and without accents: texts that differ in nothing else are the same. */
export const unaccented = (text: string): string =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
