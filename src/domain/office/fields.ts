import { getCountries } from 'libphonenumber-js';
import { z } from 'zod';
import { INTERPRETED } from '../../lib/i18n/interpreted.ts';
import { ENCOUNTER_LANGUAGES, inEveryLanguage, LANGUAGES } from '../../lib/i18n/languages.ts';
import { CHANNELS } from '../channel.ts';
import type { ROLES } from '../roles.ts';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export type Role = (typeof ROLES)[number];

/** A mistake in a value, translatable: `kind` selects the sentence, `values` fills its blanks. */
export interface Slip {
  kind: SlipKind;
  values?: Record<string, string | number>;
}

export type SlipKind =
  | 'whole'
  | 'empty'
  | 'long'
  | 'code'
  | 'day'
  | 'time'
  | 'colour'
  | 'url'
  | 'email'
  | 'phone'
  | 'missing'
  | 'choose'
  | 'no_text'
  | 'twice'
  | 'no_channel'
  | 'no_site'
  | 'window'
  | 'no_day'
  | 'when'
  | 'order'
  | 'contrast'
  | 'not_offered'
  | 'untranslated'
  | 'signs_by_video'
  | 'nobody'
  | 'no_other'
  | 'held'
  | 'no_walk_in'
  | 'no_caller'
  | 'phone_only'
  | 'no_shift'
  | 'unknown_blank'
  | 'no_blank'
  | 'sms_long'
  | 'needed_blank'
  | 'prefix'
  | 'dir3'
  | 'overlap'
  | 'unlike_blanks'
  | 'least_one'
  | 'picture_kind'
  | 'picture_large'
  | 'picture_broken'
  | 'picture_active'
  | 'picture_heavy'
  | 'picture_wide'
  | 'picture_moves';

const slips = new Map<string, Slip>();

/** Returns the translatable form of a field's mistake; undefined when it has none. */
export const slipOf = (message: string): Slip | undefined => slips.get(message);

function slip(message: string, kind: SlipKind, values: Slip['values'] = {}): string {
  slips.set(message, { kind, values });
  return message;
}

/** Returns the schema of a string that matches `pattern`; `what` completes the sentence "must be ..." for any mistake in it. */
export function matching(pattern: RegExp, what: string, description?: string, kind?: SlipKind) {
  const error = `must be ${what}`;
  if (kind) slip(error, kind);
  return z
    .string({ error })
    .regex(pattern, { error })
    .describe(description ?? what);
}

/** Returns the schema of a whole number between two bounds; every mistake names the bounds. */
export function whole(min: number, max: number, description: string) {
  const error = slip(`must be a whole number from ${min} to ${max}`, 'whole', { min, max });
  return z.int({ error }).min(min, { error }).max(max, { error }).describe(description);
}

/** Returns the schema of a text of at most `max` characters that is not blank. The line break at the end of a YAML block is removed. */
export function line(max: number, description: string) {
  return z
    .string({ error: 'must be a text' })
    .trim()
    .regex(/\S/, { error: slip('must not be empty', 'empty') })
    .max(max, { error: slip(`must have at most ${max} characters`, 'long', { max }) })
    .describe(description);
}

/** Returns the schema of a text per language. The required languages depend on the office and are checked separately. */
export function texts(max: number, description: string) {
  const each = line(max, 'the text in this language').exactOptional();
  const map = z
    .strictObject(inEveryLanguage(() => each))
    .describe(`${description}, in each language that the office offers`);
  textMaps.add(map);
  return map;
}

const textMaps = new WeakSet<z.core.$ZodType>();

/** Returns whether texts() made this schema. */
export const isTexts = (schema: z.core.$ZodType): boolean => textMaps.has(schema);

export const code = matching(
  /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/,
  'a code of lower-case letters, digits and hyphens, such as volant-padro',
  undefined,
  'code',
);
export const day = matching(
  /^\d{4}-\d{2}-\d{2}$/,
  'a day written year-month-day, such as 2026-12-24',
  undefined,
  'day',
);
export const time = matching(
  /^(?:[01]\d|2[0-3]):[0-5]\d$/,
  'a time of day written with two digits and two digits, such as 09:30',
  undefined,
  'time',
);
export const endTime = matching(
  /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/,
  'a time of day written with two digits and two digits, such as 14:30 (24:00 is the end of the day)',
  undefined,
  'time',
);
export const moment = matching(
  /^\d{4}-\d{2}-\d{2}(?:T(?:[01]\d|2[0-3]):[0-5]\d)?$/,
  'a day such as 2026-12-24, or a day and time such as 2026-12-24T09:30',
  undefined,
  'day',
);
export const colour = matching(
  /^#[0-9a-fA-F]{6}$/,
  'a colour such as "#0b5d66" (in quotes)',
  undefined,
  'colour',
);
export const url = matching(
  /^https?:\/\/[^\s]+$/,
  'a web address that begins with https:// (or http://)',
  undefined,
  'url',
);
/** An address that only takes encrypted connections. */
export const secureUrl = matching(
  /^https:\/\/[^\s"'<>;,]+$/,
  'a web address that begins with https://',
  undefined,
  'url',
);
/** The address of a picture, or the picture itself as a data URL. */
export const pictureUrl = matching(
  /^(https?:\/\/[^\s]+|data:[^\s]*)$/,
  'a web address that begins with https:// (or http://), or a picture as data:image/png;base64,…',
  undefined,
  'url',
);
export const email = matching(
  /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/,
  'an e-mail address such as oac@vilaclara.example',
  undefined,
  'email',
);
export const phoneNumber = matching(
  /^\+?[0-9][0-9 .()/-]{1,24}$/,
  'a telephone number, in quotes, such as "+34 930 000 010"',
  undefined,
  'phone',
);
export const dialPrefix = matching(
  /^[0-9*#+,]{0,8}$/,
  'up to eight signs of a telephone keypad, in quotes, such as "0"',
  undefined,
  'prefix',
);
export const socketUrl = matching(
  /^wss?:\/\/[^\s]+$/,
  'the address where the exchange takes WebSockets, such as wss://sip.vilaclara.cat:8443/ws',
);
export const engineUrl = matching(
  /^wss?:\/\/[^\s?#]+$/,
  'the address where the speech-to-text engine takes WebSockets, such as wss://parla.vilaclara.cat/ca',
);
export const dir3 = matching(
  /^[A-Z][A-Z0-9]\d{7}$/,
  'a code of the Directorio Común (DIR3): nine capital letters and digits, such as L01080193',
  undefined,
  'dir3',
);
export const ine10 = matching(
  /^\d{10}$/,
  'the ten digits of the town at the INE, in quotes, such as "0801930008"',
);
export const sipDomain = matching(
  /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/,
  'the domain of the SIP addresses, such as sip.vilaclara.cat',
);
export const extension = matching(
  /^[A-Za-z0-9_.-]{1,32}$/,
  'an extension of the exchange, in quotes, such as "103"',
);
export const timeZone = matching(
  /^[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)*$/,
  'a time zone such as Europe/Madrid',
);
export const holidays = matching(
  /^(?:none|[A-Z]{2}(?:-[A-Za-z0-9]{1,8}){0,2})$/,
  'a country or region code such as ES-CT, or the word none',
  'the public holidays to compute: a country or region code of the date-holidays library, or none',
);

export const language = z.enum(LANGUAGES).describe('a language that Finestreta is written in');
export const encounterLanguage = z
  .enum(ENCOUNTER_LANGUAGES)
  .describe('a language to attend in; csc and ssp: Catalan and Spanish sign language, by video');
export const interpretedLanguage = z
  .enum(INTERPRETED)
  .describe('a language with a short page of its own; zgh: Amazigh');
export const country = z
  .enum(getCountries(), { error: 'must be the code of a country, such as ES' })
  .describe('the country (ISO 3166-1) whose telephone numbers are written without a prefix');
export const channel = z.enum(CHANNELS).describe('how the citizen is attended');
export const yesNo = (description: string) =>
  z.boolean({ error: 'must be true or false' }).describe(description);

/** Returns the schema of a list with at least `min` items; `what` names the items. */
export function listOf<T extends z.ZodType>(item: T, what: string, min = 0) {
  const list = z.array(item, { error: `must be a list of ${what}` });
  return min > 0
    ? list.min(min, { error: slip(`must list at least one of: ${what}`, 'choose') })
    : list;
}

/** Returns the schema of items by code: `{ code: item }`. */
export function byCode<T extends z.ZodType>(item: T, what: string) {
  return z.record(code, item, { error: `must be a list of ${what}, each under its code` });
}
