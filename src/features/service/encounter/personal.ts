const PERSONAL = [
  /\b\d{8}\s?-?[A-Z]\b/i, // DNI
  /\b[XYZ]\s?-?\d{7}\s?-?[A-Z]\b/i, // NIE
  /\b[A-Z]{4}\s?\d\s?\d{6}\s?\d{3}\b/i, // the card of the Catalan health service
  /\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}\b/i, // IBAN
  /\b(?:\d[ -]?){12,19}\b/, // card, social security
  /[^\s@]{1,64}@[^\s@]+\.[a-z]{2,}/i, // without the bound a long text with no @ takes seconds
  /(?:\+34\s?)?\b[6789]\d{2}[\s.]?\d{2,3}[\s.]?\d{2,3}[\s.]?\d{0,2}\b/, // telephone
  /\+(?:\d[\s.-]?){8,15}\b/, // telephone of another country
];

/**
 * Whether a note seems to hold a document's, account's or telephone number, or a mail address. It is asked while somebody
 * types and when they save: a hint, never a refusal, since a file's number may look like any of them.
 */
export const looksPersonal = (text: string): boolean => PERSONAL.some((each) => each.test(text));

/** Returns a text in which such numbers and addresses are masked, whatever else they may be. */
export const maskPersonal = (text: string): string =>
  PERSONAL.reduce((left, each) => left.replaceAll(new RegExp(each, `${each.flags}g`), '•••'), text);
