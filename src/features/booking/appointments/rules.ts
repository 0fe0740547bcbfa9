import type { Appointment, Status } from '../../../domain/appointment.ts';
import { type Channel, isReachable, TRAITS } from '../../../domain/channel.ts';
import { isEmail, tidyEmail } from '../../../domain/contact/email.ts';
import { type CountryCode, type PhoneMistake, readPhone } from '../../../domain/contact/phone.ts';
import { type NameMistake, nameMistake, tidyName } from '../../../domain/names.ts';
import { unmetNeeds } from '../../../domain/needs.ts';
import type { OfficeSettings } from '../../../domain/office/types.ts';
import {
  type Details,
  detailsFrom,
  NEEDS,
  type Need,
  PERSON_FIELDS,
  type PersonField,
  REQUIRED_FIELDS,
  type TextField,
} from '../../../domain/person.ts';
import { hasScope } from '../../../domain/scopes.ts';
import type { InterpretedLanguage } from '../../../lib/i18n/interpreted.ts';
import type { Viewer } from '../../../lib/viewer.ts';

export { isEmail, suggestEmail, tidyEmail } from '../../../domain/contact/email.ts';
export {
  type CountryCode,
  callingCode,
  formatPhone,
  readPhone,
} from '../../../domain/contact/phone.ts';

/** The fields of the form, as typed. */
export type RawDetails = { [K in TextField]?: string | undefined } & {
  needs?: readonly string[] | undefined;
  interpreter?: string | undefined;
};

/** What the rules need of an office: whose telephone numbers have no prefix, and the languages with an interpreter. */
export interface DetailsPolicy extends Pick<OfficeSettings, 'country'> {
  interpreters: readonly InterpretedLanguage[];
  /** Whether somebody is there already, and needs no way to be reached. Absent: they do. */
  mayLackContact?: boolean;
}

export type FieldMistake =
  | 'missing'
  | 'missing_either'
  | 'too_long'
  | 'not_email'
  | PhoneMistake
  | NameMistake
  | 'not_known'
  | 'not_on_channel'
  | 'not_text';

export type CheckedDetails =
  | { ok: true; details: Details }
  | { ok: false; mistakes: Partial<Record<PersonField, FieldMistake>> };

/**
 * Checks a citizen's form. A phone call needs a telephone, a video call an e-mail address for the link. A telephone for
 * continuing when video fails is optional. An appointment in person needs one of the two. The channel must be able to meet the needs
 * (`not_on_channel`), and an interpreter must be one that the office has.
 */
export function checkDetails(
  channel: Channel,
  raw: RawDetails,
  { country, interpreters, mayLackContact = false }: DetailsPolicy,
): CheckedDetails {
  const mistakes: Partial<Record<PersonField, FieldMistake>> = {};
  const typed = (name: TextField): string | null => {
    const { kept, mistake } = checkText(name, raw[name] ?? '', country);
    if (mistake) mistakes[name] = mistake;
    return kept === '' ? PERSON_FIELDS[name].empty : kept;
  };
  const interpreter = interpreters.find((each) => each === raw.interpreter) ?? null;
  if (raw.interpreter && !interpreter) mistakes.interpreter = 'not_known';
  const needs = [...new Set([...(raw.needs ?? []), ...(interpreter ? ['interpreter'] : [])])];
  if (!needs.every(isNeed)) mistakes.needs = 'not_known';
  else if (unmetNeeds(channel, needs).length > 0) mistakes.needs = 'not_on_channel';
  const known = { needs: needs.filter(isNeed), interpreter };
  const details = detailsFrom(
    (name) =>
      (name in known ? known[name as keyof typeof known] : typed(name as TextField)) as never,
  );
  const { citizen } = details;
  for (const name of REQUIRED_FIELDS) if (citizen[name] === '') mistakes[name] = 'missing';
  const [first, ...others] = TRAITS[channel].requires;
  if (!mayLackContact && !isReachable(channel, citizen))
    mistakes[first] = others.length > 0 ? 'missing_either' : 'missing';
  return Object.keys(mistakes).length > 0 ? { ok: false, mistakes } : { ok: true, details };
}

/** Checks one text as typed. `kept`: its stored form, empty when nothing was typed. */
export function checkText(
  name: TextField,
  typed: string,
  country: CountryCode,
): { kept: string; mistake?: FieldMistake } {
  const { kind } = PERSON_FIELDS[name];
  const value = tidy(name, typed);
  if (value === '') return { kept: '' };
  if (excess(name, value) > 0) return { kept: value, mistake: 'too_long' };
  if (CONTROL.test(value) || !value.isWellFormed()) return { kept: value, mistake: 'not_text' };
  if (kind === 'phone') {
    const read = readPhone(value, country);
    return read.ok ? { kept: read.phone } : { kept: value, mistake: read.mistake };
  }
  if (kind === 'email' && !isEmail(value)) return { kept: value, mistake: 'not_email' };
  const mistake = kind === 'person' ? nameMistake(value) : null;
  return mistake ? { kept: value, mistake } : { kept: value };
}

/** Control characters other than tab and new line: headers and calendars must not contain them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f\u2028\u2029]/;

/** Returns the stored form: spaces are tidied, and nothing visible is removed. */
function tidy(field: TextField, value: string): string {
  const { kind } = PERSON_FIELDS[field];
  if (kind === 'email') return tidyEmail(value);
  const unified = value.normalize('NFC').replaceAll(/\r\n?/g, '\n');
  if (kind === 'lines') return unified.trim();
  const seen = kind === 'phone' ? unified : tidyName(unified);
  return seen.replaceAll(/\s+/g, ' ').trim();
}

/** Returns by how many characters an answer is too long; 0 when it isn't. */
export const excess = (field: TextField, typed: string): number =>
  Math.max(0, [...tidy(field, typed)].length - PERSON_FIELDS[field].longest);

const isNeed = (value: string): value is Need => (NEEDS as readonly string[]).includes(value);

/** Without 0, O, 1, I and L, which people confuse when reading them aloud. */
const REFERENCE_LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

/** Returns a reference such as K7M-2QX, from six random bytes. 31⁶ are 887 million: it identifies an appointment and gives no access. */
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
  noshow: ['in_progress'], // a citizen who calls back the same day is served after all
  cancelled: [],
};

/** Returns whether an appointment in `from` may become `to`. */
export const mayBecome = (from: Status, to: Status): boolean => NEXT[from].includes(to);

/** Returns whether it is booked for an hour at which no agent is available. */
export const isDisplaced = ({
  status,
  displacedAt,
}: Pick<Appointment, 'status' | 'displacedAt'>): boolean =>
  status === 'booked' && displacedAt !== null;

/**
 * Returns whether it lost its hour when that was over, since nobody called within the promised minutes. Its citizen is owed an apology,
 * and another hour.
 */
export const isUncalled = (
  { start, displacedAt }: Pick<Appointment, 'start' | 'displacedAt'>,
  windowMinutes: number,
): boolean =>
  displacedAt !== null &&
  Temporal.Instant.compare(start.add({ minutes: windowMinutes }), displacedAt) <= 0;

/** Returns whether the citizen can still move or cancel it: until it begins, or, when it is displaced, until we cancel it. */
export const isOpen = (
  appointment: Pick<Appointment, 'status' | 'start' | 'displacedAt'>,
  now: Temporal.Instant,
): boolean =>
  isDisplaced(appointment) ||
  (appointment.status === 'booked' && Temporal.Instant.compare(now, appointment.start) < 0);

/** `not_allowed`: the token lacks the scope `contacts:write`. */
export type ContactRefusal = 'needs_proof' | 'has_documents' | 'not_allowed';

/**
 * Returns why an actor may not change the citizen's addresses; null: they may. When there are documents, the link alone is not enough: it
 * could redirect the codes that open them. Tokens then can't change addresses either. Before that, they need a scope of its own.
 */
export function contactRefusal(viewer: Viewer, hasDocuments: boolean): ContactRefusal | null {
  if (viewer.kind === 'token' && !hasScope(viewer, 'contacts:write')) return 'not_allowed';
  if (!hasDocuments) return null;
  if (viewer.kind === 'citizen') return viewer.proof ? null : 'needs_proof';
  return viewer.kind === 'token' ? 'has_documents' : null;
}

/** Returns whether documents can be handed over: until the retention period of documents ends, unless it was cancelled. */
export function isSpaceOpen(
  { status, end }: Pick<Appointment, 'status' | 'end'>,
  { documentsHours }: OfficeSettings['retention'],
  now: Temporal.Instant,
): boolean {
  if (status === 'cancelled') return false;
  return Temporal.Instant.compare(now, end.add({ hours: documentsHours })) < 0;
}
