import { dictionary } from '@zxcvbn-ts/language-common';
import long from './long.json' with { type: 'json' };

/** Returns a password in the form of the lists: without accents and in small letters. */
export const plainly = (text: string): string =>
  text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

let known: ReadonlySet<string> | null = null;

/**
 * Returns whether a text in the form of `plainly` is a password that attackers try first. There are two lists (OWASP ASVS 5.0, 6.2.4):
 * the 49,000 most frequent passwords of any length, from the package zxcvbn-ts; and `long.json`, the 9,900 most frequent ones of twelve
 * characters or more, from the ten million passwords that the OWASP project SecLists publishes.
 */
export function isOnLists(text: string): boolean {
  known ??= new Set([...dictionary['passwords-common'], ...long].map(plainly));
  return known.has(text);
}
