/** Signs that nobody sees or that turn the order of what is read; those that join letters (Persian) and emoji stay. */
const UNSEEN = /(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}]/gu;
/** What somebody can see: letters, digits, marks of punctuation and symbols. */
const SEEN = /[\p{L}\p{N}\p{P}\p{S}]/u;

/**
 * Returns a text of several lines as it is kept: well formed, composed (NFC), with plain line ends, and without signs that nobody sees. Empty where nothing of
 * it can be seen.
 */
export function tidyText(text: string): string {
  const tidy = text
    .toWellFormed()
    .replaceAll(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll(UNSEEN, '')
    .normalize('NFC')
    .trim();
  return SEEN.test(tidy) ? tidy : '';
}
