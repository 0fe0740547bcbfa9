/** Direction marks and zero-width signs that copying brings; joiners, which some scripts need, stay. */
const INVISIBLE = /[\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff]/g;

/**
 * What a mail program would make a link of: a name is printed in mails that the town hall signs, and must not carry a
 * stranger's address to them. Abbreviations (Ma.José, Dr.de) are names.
 */
const LINK =
  /@|:\/\/|www\.|\.\p{L}{2,}\/|\.(?:com|net|org|info|biz|cat|eus|xyz|top|app|dev|online|site|shop|link|click|live|club|store)(?![\p{L}\d])|[\p{L}\d-]{4,}\.\p{L}{2}(?![\p{L}\d.])|\d+\.\d+\.\d+\.\d+/iu;

export type NameMistake = 'not_name' | 'has_link';

/** Without what nobody sees; whatever else people are called stays as it is. */
export const tidyName = (typed: string): string => typed.replaceAll(INVISIBLE, '');

/** What is wrong with a name of a person; null when nothing is. */
export function nameMistake(name: string): NameMistake | null {
  if (LINK.test(name)) return 'has_link';
  return /\p{L}/u.test(name) && !/\p{Extended_Pictographic}/u.test(name) ? null : 'not_name';
}
