import type { MapPoint } from '../../../domain/requests/areas.ts';
import { isPoint, METRES_A_DEGREE } from '../../../domain/requests/points.ts';
import type {
  RequestQuestion,
  RequestSettings,
  RequestType,
} from '../../../domain/requests/schema.ts';
import { isClosedRequest, type RequestState } from '../../../domain/requests/states.ts';
import { type AskedFor, reopenableUntil } from '../../../domain/requests/terms.ts';
import { can } from '../../../domain/roles.ts';
import { tidyText } from '../../../domain/tidy-text.ts';
import { type StaffViewer, staffIn, type Viewer } from '../../../lib/viewer.ts';
import type {
  RequestAnswers,
  RequestEvent,
  RequestPerson,
  RequestPlace,
  RequestRow,
} from './types.ts';

/** The most characters of what is written, of a message, and of a note. */
export const REQUEST_LENGTH = 4000;
/** The most characters of an answer to a question of a type. */
export const ANSWER_LENGTH = 1000;
/** The most characters of a place in words. */
export const ADDRESS_LENGTH = 300;
/** The most characters of what was written that a list shows. */
const EXTRACT_LENGTH = 90;
/** The most messages that a person can write about a request in 24 hours. */
export const MESSAGES_A_DAY = 20;
/** Hours after the last change in which what was not sent is kept. */
export const UNSENT_HOURS = 24;
/** The most similar requests that are shown. */
export const MOST_SIMILAR = 5;

/** Returns the beginning of what was written, for lists: they tell requests apart by it, and whoever opens one is recorded. */
export const extractOf = (text: string): string =>
  text.length > EXTRACT_LENGTH ? `${text.slice(0, EXTRACT_LENGTH).trimEnd()}…` : text;

type Whose = Pick<RequestRow, 'id' | 'office' | 'sentAt' | 'team' | 'assignee' | 'madeBy'>;

/**
 * Whether a request is a viewer's: of its own person by its link or their session; of staff in its office, once it was sent. Whoever coordinates sees all; an
 * agent sees those of their teams, those that they handle, and those that they wrote down for somebody. What has no team yet is given by whoever coordinates.
 */
export function isTheirs(viewer: Viewer, of: Whose): boolean {
  if (viewer.kind === 'requester') return viewer.request === of.id;
  if (viewer.kind === 'system') return true;
  if (viewer.kind !== 'staff' || viewer.office !== of.office || of.sentAt === null) return false;
  if (can(viewer, 'see_every_document')) return true;
  if (!can(viewer, 'serve_citizens')) return false;
  return (
    of.assignee === viewer.staff || staffIn(of.madeBy) === viewer.staff || isOfTheirTeam(viewer, of)
  );
}

const isOfTheirTeam = ({ otherTeams }: StaffViewer, { team }: Pick<Whose, 'team'>): boolean =>
  team !== null && otherTeams !== undefined && !otherTeams.includes(team);

/** Whether a member of staff may do something with a request that they see: whoever coordinates, has it, or is in its team. */
export const mayHandle = (viewer: StaffViewer, of: Whose): boolean =>
  can(viewer, 'coordinate') || of.assignee === viewer.staff || isOfTheirTeam(viewer, of);

export const typeOf = (
  settings: Pick<RequestSettings, 'types'> | null,
  code: string,
): RequestType | null => settings?.types.find((each) => each.code === code) ?? null;

/** Returns the times in which its person was asked something, since it came or was reopened last. */
export function askedTimes(
  events: readonly RequestEvent[],
  since: Temporal.Instant,
): readonly AskedFor[] {
  const asked: { from: Temporal.Instant; until: Temporal.Instant | null }[] = [];
  for (const { at, kind, from, to } of events) {
    if (kind !== 'moved' || Temporal.Instant.compare(at, since) < 0) continue;
    if (to === 'asked') asked.push({ from: at, until: null });
    const last = asked.at(-1);
    if (from === 'asked' && last) last.until = at;
  }
  return asked;
}

/** Returns the state in which a request was before its present one; null: it has had no other. */
export const stateBefore = (events: readonly RequestEvent[]): RequestState | null =>
  events.findLast(({ kind }) => kind === 'moved')?.from ?? null;

/** Whether its person may take a request back: while nobody has closed it, and once. */
export const mayWithdraw = ({ state, leftAt }: Pick<RequestRow, 'state' | 'leftAt'>): boolean =>
  !isClosedRequest(state) && leftAt === null;

type Closed = Pick<RequestRow, 'state' | 'closedAt' | 'anonymisedAt' | 'leftAt'>;

/** Whether its person may still reopen what was closed. */
export function mayReopen(
  { state, closedAt, anonymisedAt, leftAt }: Closed,
  settings: { reopenDays: number },
  { now, timeZone }: { now: Temporal.Instant; timeZone: string },
): boolean {
  if (closedAt === null || anonymisedAt !== null || leftAt !== null) return false;
  if (state !== 'answered' && state !== 'refused') return false;
  return Temporal.Instant.compare(now, reopenableUntil(closedAt, settings, timeZone)) < 0;
}

/** Days after the close in which its person may say how it was. */
export const OPINION_DAYS = 30;

/** Whether its person may (still) say how it was. */
export const asksOpinion = (
  { state, closedAt, anonymisedAt, leftAt }: Closed,
  now: Temporal.Instant,
): boolean =>
  leftAt === null &&
  (state === 'answered' || state === 'refused') &&
  closedAt !== null &&
  anonymisedAt === null &&
  Temporal.Instant.compare(now, closedAt.add({ hours: 24 * OPINION_DAYS })) < 0;

/** Returns the whole metres between two points, by the haversine formula. */
export function metresBetween(one: MapPoint, other: MapPoint): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const half = (degrees: number) => Math.sin(radians(degrees) / 2) ** 2;
  const a =
    half(other.lat - one.lat) +
    Math.cos(radians(one.lat)) * Math.cos(radians(other.lat)) * half(other.lon - one.lon);
  return Math.round(2 * 6_371_000 * Math.asin(Math.min(1, Math.sqrt(a))));
}

/** Returns the longitudes between which everything is that is so near a point, in degrees. Not for places at the date line. */
export function longitudesNear({ lat, lon }: MapPoint, metres: number): readonly [number, number] {
  // A parallel is shorter than the equator, the more the farther it is from it.
  const parallel = Math.cos(((Math.abs(lat) + (metres + 1) / METRES_A_DEGREE) * Math.PI) / 180);
  const degrees = (metres + 1) / METRES_A_DEGREE / Math.max(parallel, 1e-6);
  return [lon - degrees, lon + degrees];
}

/** Returns the latitudes between which everything is that is so near a point, in degrees. */
export function latitudesNear({ lat }: MapPoint, metres: number): readonly [number, number] {
  const degrees = (metres + 1) / METRES_A_DEGREE;
  return [lat - degrees, lat + degrees];
}

/** Returns the references among texts that anybody sends, as they are kept; what can't be one is left out. */
export const plainReferences = (texts: readonly string[]): string[] =>
  texts.map((each) => each.trim().toUpperCase()).filter((each) => /^[A-Z0-9-]{1,20}$/.test(each));

/** What is wrong with a field. */
export type RequestMistake =
  | 'missing'
  | 'too_long'
  | 'not_known'
  | 'not_a_number'
  | 'not_a_date'
  | 'outside'
  | 'not_a_mobile';

export type Checked<T, M> = { ok: true; value: T } | { ok: false; mistakes: M };

/** What was typed to the questions of a type: the values of each, as a form has them. */
export type RawAnswers = Readonly<Record<string, readonly string[]>>;

/** Checks the answers to the questions of a type. Each mistake is under the id of its question. */
export function checkAnswers(
  questions: readonly RequestQuestion[],
  raw: RawAnswers,
): Checked<RequestAnswers, Record<string, RequestMistake>> {
  const value: Record<string, string | readonly string[]> = {};
  const mistakes: Record<string, RequestMistake> = {};
  for (const question of questions) {
    const given = (raw[question.id] ?? []).map(tidyText).filter((each) => each !== '');
    if (given.length === 0) {
      if (question.required) mistakes[question.id] = 'missing';
      continue;
    }
    const found = checkAnswer(question, given);
    if (found.ok) value[question.id] = found.value;
    else mistakes[question.id] = found.mistakes;
  }
  return Object.keys(mistakes).length > 0 ? { ok: false, mistakes } : { ok: true, value };
}

function checkAnswer(
  { type, options = [] }: RequestQuestion,
  given: readonly string[],
): Checked<string | readonly string[], RequestMistake> {
  const [first = ''] = given;
  const isOption = (id: string) => options.some((each) => each.id === id);
  switch (type) {
    case 'choice':
      return isOption(first) ? { ok: true, value: first } : { ok: false, mistakes: 'not_known' };
    case 'choices':
      return given.every(isOption)
        ? { ok: true, value: [...new Set(given)] }
        : { ok: false, mistakes: 'not_known' };
    case 'number':
      return checkNumber(first);
    case 'date':
      return isDay(first) ? { ok: true, value: first } : { ok: false, mistakes: 'not_a_date' };
    case 'text':
      return first.length <= ANSWER_LENGTH
        ? { ok: true, value: first }
        : { ok: false, mistakes: 'too_long' };
  }
}

/** Numbers are kept as they are written in code, whichever sign parts the decimals. */
function checkNumber(text: string): Checked<string, RequestMistake> {
  const plain = text.replaceAll(/\s/g, '').replace(',', '.');
  return /^[+-]?\d{1,12}(\.\d{1,6})?$/.test(plain)
    ? { ok: true, value: plain.replace(/^\+/, '') }
    : { ok: false, mistakes: 'not_a_number' };
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).year >= 1900;
  } catch {
    return false;
  }
}

/** What was typed about the place. */
export type PlaceMistakes = Partial<Record<'place' | 'address', RequestMistake>>;

/**
 * Checks where a request of a type is: a point, a district or words, any of which is enough. `isOutside`: the point is in none of the town's districts.
 */
export function checkPlace(
  type: Pick<RequestType, 'place'>,
  place: RequestPlace,
  isOutside: boolean,
): Checked<RequestPlace, PlaceMistakes> {
  if (type.place === 'none') return { ok: true, value: { point: null, address: '', area: null } };
  const address = tidyText(place.address);
  if (address.length > ADDRESS_LENGTH) return { ok: false, mistakes: { address: 'too_long' } };
  if (place.point && (!isPoint(place.point) || isOutside))
    return { ok: false, mistakes: { place: 'outside' } };
  const hasNothing = !place.point && address === '' && place.area === null;
  if (type.place === 'required' && hasNothing) return { ok: false, mistakes: { place: 'missing' } };
  return { ok: true, value: { ...place, address } };
}

/** Returns what is lacking before a request can be sent, by the page that asks for it; null: nothing. */
export function lackOf(
  type: RequestType,
  row: Pick<RequestRow, 'text' | 'answers' | 'tellBy' | 'isAnonymous' | keyof RequestPlace>,
): 'where' | 'what' | 'contact' | null {
  const isPlaced = row.point !== null || row.address !== '' || row.area !== null;
  if (type.place === 'required' && !isPlaced) return 'where';
  const isAnswered = type.questions.every(({ id, required }) => !required || id in row.answers);
  if (row.text === '' || !isAnswered) return 'what';
  if (row.tellBy === null || (row.isAnonymous && !type.anonymous)) return 'contact';
  return null;
}

/** Whether there is an address at which somebody can be told. */
export const isReachable = ({
  tellBy,
  email,
  phone,
}: Omit<RequestPerson, 'isAnonymous' | 'name'>) =>
  (tellBy === 'email' && email !== null) || (tellBy === 'sms' && phone !== null);
