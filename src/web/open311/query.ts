import { nearestInstant } from '../../lib/calendar/near.ts';

/** The most days that a search may span, and the most requests that it gives. */
export const SPAN_DAYS = 90;
export const MOST_REQUESTS = 1000;

/** The parameters of a search, as given. What is empty counts as not given (GeoReport v2, Optional Arguments). */
export type Given = Readonly<Record<string, string | undefined>>;

export type OpenOrClosed = 'open' | 'closed';

/** Which requests are asked for. */
export interface Asked {
  /** Their ids; any other condition is left out then. Null: not by id. */
  ids: readonly string[] | null;
  /** Codes of types; null: of any. */
  types: readonly string[] | null;
  status: OpenOrClosed | null;
  /** Both included. */
  from: Temporal.Instant;
  to: Temporal.Instant;
  /** Counted from 1. */
  page: number;
  pageSize: number;
}

export type AskedResult = { ok: true; asked: Asked } | { ok: false; description: string };

/** Reads the parameters of a search. `now`: the end of the span when none is given. */
export function askedIn(given: Given, now: Temporal.Instant, timeZone: string): AskedResult {
  const refused = (description: string) => ({ ok: false, description }) as const;
  const span = spanIn(given, now, timeZone);
  if (typeof span === 'string') return refused(span);
  const status = statusIn(listIn(given['status']));
  if (status === undefined) return refused('status must be open or closed.');
  const page = countIn(given['page'], 1, 100_000);
  const pageSize = countIn(given['page_size'], MOST_REQUESTS, MOST_REQUESTS);
  if (page === null) return refused('page must be a number from 1 on.');
  if (pageSize === null) return refused(`page_size must be a number from 1 to ${MOST_REQUESTS}.`);
  const ids = listIn(given['service_request_id']);
  if (ids && ids.length > MOST_REQUESTS)
    return refused(`At most ${MOST_REQUESTS} values of service_request_id.`);
  return {
    ok: true,
    asked: { ids, types: listIn(given['service_code']), status, ...span, page, pageSize },
  };
}

/** Returns the values of a list that commas part; null: there is none. */
export function listIn(text: string | undefined): string[] | null {
  const values = (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  return values.length > 0 ? [...new Set(values)] : null;
}

/** Returns the state that is asked for; null: any; undefined: there is no such state. */
function statusIn(values: readonly string[] | null): OpenOrClosed | null | undefined {
  if (!values) return null;
  if (!values.every((each) => each === 'open' || each === 'closed')) return undefined;
  return values.length > 1 ? null : (values[0] as OpenOrClosed);
}

/** Returns a number from 1 to `most`; null: it is none. */
function countIn(text: string | undefined, otherwise: number, most: number): number | null {
  if (!text?.trim()) return otherwise;
  if (!/^\d{1,6}$/.test(text.trim())) return null;
  const count = Number(text);
  return count >= 1 && count <= most ? count : null;
}

/** Returns the span that is asked for, or why it can't be. */
function spanIn(given: Given, now: Temporal.Instant, timeZone: string) {
  const [from, to] = [given['start_date'], given['end_date']].map((text) =>
    text?.trim() ? w3Moment(text, timeZone) : null,
  );
  for (const [name, moment] of [
    ['start_date', from],
    ['end_date', to],
  ] as const)
    if (moment === undefined)
      return `${name} must be a date and time with its zone, such as 2010-01-01T00:00:00Z.`;
  const span = { hours: 24 * SPAN_DAYS };
  const end = to ?? (from ? earlier(from.add(span), now) : now);
  const start = from ?? end.subtract(span);
  if (Temporal.Instant.compare(start, end) > 0) {
    // Only what begins in the future has nothing yet.
    return to
      ? 'start_date is later than end_date.'
      : { from: nearestInstant(start), to: nearestInstant(start) };
  }
  if (Temporal.Instant.compare(start.add(span), end) < 0)
    return `start_date and end_date may not span more than ${SPAN_DAYS} days.`;
  return { from: nearestInstant(start), to: nearestInstant(end) };
}

const earlier = (one: Temporal.Instant, other: Temporal.Instant) =>
  Temporal.Instant.compare(one, other) < 0 ? one : other;

const W3 =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?)?)?$/;

/**
 * Returns a moment as the note of the W3C on dates and times writes it; undefined: it is none. Without a zone it is local, without a time the day
 * begins it. In a query, the plus of a zone often comes as a space.
 */
export function w3Moment(text: string, timeZone: string): Temporal.Instant | undefined {
  const plain = text.trim().replace(/ (?=\d{2}:?\d{2}$)/, '+');
  const match = W3.exec(plain);
  if (!match) return undefined;
  const [, year, month = '01', day = '01', time = '00:00', zone] = match;
  try {
    const local = `${year}-${month}-${day}T${time}`;
    return zone
      ? Temporal.Instant.from(local + zone)
      : Temporal.PlainDateTime.from(local, { overflow: 'reject' })
          .toZonedDateTime(timeZone)
          .toInstant();
  } catch {
    return undefined;
  }
}
