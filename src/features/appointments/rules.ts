import { parsePhoneNumberFromString } from 'libphonenumber-js';
import type { Channel, Citizen, Details, Need, Status } from './types.ts';
import { NEEDS } from './types.ts';

/** The fields of the form, as typed. */
export interface RawDetails {
  name?: string | undefined;
  email?: string | undefined;
  phone?: string | undefined;
  onBehalfOf?: string | undefined;
  needs?: readonly string[] | undefined;
  comment?: string | undefined;
}

export type DetailField = keyof RawDetails;
export type FieldMistake =
  | 'missing'
  | 'too_long'
  | 'not_email'
  | 'not_phone'
  | 'not_known'
  | 'not_text';

export type CheckedDetails =
  | { ok: true; details: Details }
  | { ok: false; mistakes: Partial<Record<DetailField, FieldMistake>> };

/** Characters. */
export const LONGEST = {
  name: 120,
  email: 254,
  phone: 40,
  onBehalfOf: 120,
  comment: 1000,
} as const;

/**
 * Checks what a citizen typed. A phone call needs a telephone, a video call an e-mail for the link; its telephone, to go on
 * with when video fails, is asked for and not required.
 */
export function checkDetails(
  channel: Channel,
  raw: RawDetails,
  country: CountryCode,
): CheckedDetails {
  const mistakes: Partial<Record<DetailField, FieldMistake>> = {};
  const text = (field: keyof typeof LONGEST, required: boolean): string => {
    const value = tidy(raw[field] ?? '', field === 'comment');
    if (value === '' && required) mistakes[field] = 'missing';
    else if (value.length > LONGEST[field]) mistakes[field] = 'too_long';
    else if (CONTROL.test(value) || !value.isWellFormed()) mistakes[field] = 'not_text';
    return value;
  };

  const name = text('name', true);
  const email = text('email', channel === 'video').toLowerCase();
  const typedPhone = text('phone', channel === 'phone');
  const onBehalfOf = text('onBehalfOf', false);
  const comment = text('comment', false);
  const phone = readPhone(typedPhone, country);
  if (email !== '' && !mistakes.email && !isEmail(email)) mistakes.email = 'not_email';
  if (typedPhone !== '' && !mistakes.phone && !phone) mistakes.phone = 'not_phone';
  const needs = [...new Set(raw.needs ?? [])];
  if (!needs.every(isNeed)) mistakes.needs = 'not_known';

  if (Object.keys(mistakes).length > 0) return { ok: false, mistakes };
  const citizen: Citizen = { name, email: email || null, phone };
  return {
    ok: true,
    details: { citizen, onBehalfOf: onBehalfOf || null, needs: needs.filter(isNeed), comment },
  };
}

/** ISO 3166-1 alpha-2, of the town: how a number without a prefix is read. */
export type CountryCode = 'ES';

/** Control characters other than tab and new line: nobody types them, and headers and calendars must not carry them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f\u2028\u2029]/;

function tidy(value: string, lines: boolean): string {
  const unified = value.normalize('NFC').replaceAll(/\r\n?/g, '\n');
  return (lines ? unified : unified.replaceAll(/\s+/g, ' ')).trim();
}

const isNeed = (value: string): value is Need => (NEEDS as readonly string[]).includes(value);

/** Good enough to catch slips; whether it exists only a mail can tell. */
const isEmail = (value: string): boolean =>
  /^[^\s@<>(),;:"[\]\\]+@([^\s@.<>(),;:"[\]\\]+\.)+[^\s@.\d<>(),;:"[\]\\]{2,}$/.test(value);

/** A number of any country as people type it, in E.164; null when it is none. */
export function readPhone(typed: string, country: CountryCode): string | null {
  const number = parsePhoneNumberFromString(typed, country);
  // "Possible" rather than "valid": ranges are opened faster than a library's tables learn of them.
  return number?.isPossible() ? number.number : null;
}

/** A number as people of `country` read it: grouped, with the prefix only when it is foreign. */
export function sayPhone(e164: string, country: CountryCode): string {
  const number = parsePhoneNumberFromString(e164);
  if (!number) return e164;
  return number.country === country ? number.formatNational() : number.formatInternational();
}

/** Without 0, O, 1, I and L, which people mix up when they read them out. */
const REFERENCE_LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

/** A reference such as K7M-2QX, from six random bytes. 31⁶ are 887 million: it names an appointment and opens nothing. */
export function referenceFrom(bytes: Uint8Array): string {
  const letters = [...bytes.subarray(0, 6)].map(
    (byte) => REFERENCE_LETTERS[byte % REFERENCE_LETTERS.length],
  );
  return `${letters.slice(0, 3).join('')}-${letters.slice(3).join('')}`;
}

const NEXT: Record<Status, readonly Status[]> = {
  booked: ['arrived', 'in_progress', 'noshow', 'cancelled'],
  arrived: ['booked', 'in_progress', 'noshow', 'cancelled'],
  in_progress: ['fulfilled', 'noshow'],
  fulfilled: [],
  noshow: ['in_progress'], // who calls back the same day is attended after all
  cancelled: [],
};

/** Whether an appointment in `from` may become `to`. */
export const mayBecome = (from: Status, to: Status): boolean => NEXT[from].includes(to);

/** Whether the citizen can still move or cancel it: until it begins. */
export const isOpen = (
  appointment: { status: Status; start: Temporal.Instant },
  now: Temporal.Instant,
): boolean =>
  appointment.status === 'booked' && Temporal.Instant.compare(now, appointment.start) < 0;
