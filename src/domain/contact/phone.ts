import {
  type CountryCode,
  getCountryCallingCode,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';

export type { CountryCode };

export type PhoneMistake =
  | 'not_phone'
  /** A short or special number, which charges the caller or reaches no person. */
  | 'not_called'
  /** A second number, or an extension, which would be lost. */
  | 'phone_extra';

export type ReadPhone = { ok: true; phone: string } | { ok: false; mistake: PhoneMistake };

/** Where digits of other scripts begin: Arabic, Persian and Urdu, Devanagari, Bengali. */
const ZEROS = [0x660, 0x6f0, 0x966, 0x9e6];
const FOREIGN_DIGIT = /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef]/g;

/** Digits with common separators; a slash only without spaces, as in 030/123456. */
const RUN = /\+?\d(?:[\s.\-\u2010-\u2015\u2212·'’_]*(?:(?<=\d)\/(?=\d))?\d)*/gu;
const EXTENSION = /(?:\bext\w*|\bint\w*|\bx|#|,|;)[\s.:]*$/iu;
/** Numbers of three to six digits that are services: 112, 010, 11818. */
const SERVICE = /^(?:[01]\d\d|1\d{3,5}|911|999)$/;
const COSTLY: ReadonlySet<string> = new Set(['PREMIUM_RATE', 'SHARED_COST', 'PAGER']);
/** International freephone; the other numbers of no country are satellites and premium services. */
const FREEPHONE = '800';
/** Patterns of no valid number; for example, a foreign number without its prefix. */
const NEVER: Partial<Record<CountryCode, RegExp>> = { ES: /^[0-4]/, AD: /^[0-2]|^(?!690)\d{9}$/ };
/** Premium services that are missing in the library's tables. */
const ALSO_COSTLY: Partial<Record<CountryCode, RegExp>> = { ES: /^90[57]/ };

/**
 * Reads a number of any country in usual notation, and returns it in E.164. Words around it ("612 345 678, tardes") are
 * removed; without a prefix it is a number of `country`.
 */
export function readPhone(typed: string, country: CountryCode): ReadPhone {
  const text = plain(typed);
  const runs = runsOf(text);
  const main = runs.find((run) => digitsOf(run[0]).length >= 5) ?? runs[0];
  if (!main) return { ok: false, mistake: 'not_phone' };
  const after = text.slice(main.index + main[0].length);
  if (SERVICE.test(main[0].replaceAll(/\D/gu, '')) && !main[0].startsWith('+'))
    return { ok: false, mistake: 'not_called' };
  // One letter at the end is a typo for a digit: 61234567o.
  const number = /^\p{L}(?!\p{L})/u.test(after) ? undefined : parse(main[0], country);
  if (!number || (number.country && NEVER[number.country]?.test(number.nationalNumber)))
    return { ok: false, mistake: 'not_phone' };
  if (runs.some((run) => run !== main && isAnother(run, text)))
    return { ok: false, mistake: 'phone_extra' };
  return mayBeCalled(number)
    ? { ok: true, phone: number.number }
    : { ok: false, mistake: 'not_called' };
}

/** Returns the text with ASCII digits, 00 as the plus sign, and no brackets. */
function plain(typed: string): string {
  const text = typed
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(FOREIGN_DIGIT, (digit) => {
      const code = digit.charCodeAt(0);
      return String(code - (ZEROS.findLast((zero) => zero <= code) ?? code));
    })
    .replace(/^([^\d+]*)0[\s.-]?0(?=[\s.()-]*[1-9])/, '$1+')
    .replace(/\+[\s(]+(?=\d)/, '+');
  // The zero of +44 (0)20 is only dialled within the country; in Italy and San Marino it always belongs to the number.
  const mended = /\+\s?(?:39|378)/.test(text) ? text : text.replace(/(\+.*?)\(0\)/, '$1 ');
  return mended.replaceAll(/[()[\]]/g, ' ');
}

function runsOf(text: string): RegExpExecArray[] {
  const runs = [...text.matchAll(RUN)];
  const isLong = runs.some((run) => digitsOf(run[0]).length > 15 && run[0].includes('/'));
  return isLong ? runsOf(text.replaceAll('/', '|')) : runs;
}

const digitsOf = (run: string): string => run.replaceAll(/\D/g, '');

/** A second number, or an extension of the first. */
const isAnother = (run: RegExpExecArray, text: string): boolean =>
  digitsOf(run[0]).length >= 7 || EXTENSION.test(text.slice(0, run.index));

function parse(run: string, country: CountryCode): PhoneNumber | undefined {
  const number = parsePhoneNumberFromString(run.replaceAll(/[/_·'’]/g, ' '), {
    defaultCountry: country,
    extract: false,
  });
  // "Possible" rather than "valid": new ranges are opened before the library's tables have them.
  return number?.isPossible() ? number : undefined;
}

function mayBeCalled(number: PhoneNumber): boolean {
  if (number.isNonGeographic()) return number.countryCallingCode === FREEPHONE;
  const also = number.country && ALSO_COSTLY[number.country];
  return !COSTLY.has(number.getType() ?? '') && !also?.test(number.nationalNumber);
}

/** Returns a number for readers of `country`: grouped, with the prefix only when it is foreign. */
export function formatPhone(e164: string, country: CountryCode): string {
  const number = parsePhoneNumberFromString(e164, country);
  if (!number) return e164;
  return number.country === country ? number.formatNational() : number.formatInternational();
}

/** Returns the prefix of a country's numbers in E.164: +34. */
export const callingCode = (country: CountryCode): string => `+${getCountryCallingCode(country)}`;
