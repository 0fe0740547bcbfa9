import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/**
 * The kinds of numbers that receive SMS, in the words of libphonenumber. In the plan of North America (+1) mobiles and landlines share
 * their ranges (`FIXED_LINE_OR_MOBILE`): most numbers that people give are mobiles, and a landline there refuses the SMS, so it is sent.
 */
const RECEIVING: ReadonlySet<string> = new Set(['MOBILE', 'FIXED_LINE_OR_MOBILE']);

/**
 * Returns whether a number (E.164) receives SMS by its country's numbering plan: in Spain, numbers that begin with 6 or 71–74. A
 * landline would read the message aloud to anybody who picks it up. Personal numbers, internet telephony and numbers that the plan
 * doesn't have are not sent any: it is unknown who would get the secret link, and pages then ask for an e-mail address.
 */
export const canReceiveSms = (phone: string): boolean =>
  RECEIVING.has(parsePhoneNumberFromString(phone)?.getType() ?? '');

/** Returns the address that calls a number, however it is written (RFC 3966). */
export const telephoneAddress = (number: string): string =>
  `tel:${number.replaceAll(/[^+\d]/g, '')}`;
