import type { RequestFailure } from '../../../lib/http/guarded-request.ts';

/**
 * Why a connected calendar does not work. `refused`: the name or the password is not accepted; `signed_out`: the permission that a person
 * gave has ended; `forbidden`: the account may not do this in the calendar; `unregistered`: the server no longer accepts this
 * installation itself; `gone`: there is no such calendar; `away`: its server doesn't answer; `throttled`: it asks to be left alone for a
 * while; `address`: the address leads to where this installation may not go; `certificate`: its server can't prove who it is; `odd`: it
 * answers something that is no calendar.
 */
export const TROUBLES = [
  'refused',
  'signed_out',
  'forbidden',
  'unregistered',
  'gone',
  'away',
  'throttled',
  'address',
  'certificate',
  'odd',
] as const;
export type TroubleKind = (typeof TROUBLES)[number];

export const isTroubleKind = (text: string): text is TroubleKind =>
  TROUBLES.some((each) => each === text);

/** Thrown when a server can't be used. */
export class Trouble extends Error {
  override name = 'Trouble';
  readonly kind: TroubleKind;
  /** Seconds until the server wants to be asked again; null: it did not say. */
  readonly retryAfter: number | null;
  constructor(kind: TroubleKind, retryAfter: number | null = null) {
    super(kind);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }
}

/** Returns the trouble of a request without an answer. */
export function troubleOfFailure(reason: RequestFailure): Trouble {
  if (reason === 'refused_address') return new Trouble('address');
  if (reason === 'bad_certificate') return new Trouble('certificate');
  return new Trouble(reason === 'too_long' ? 'odd' : 'away');
}

/** The forms of a date that recipients must read (RFC 9110, 5.6.7): as it is written today, and two obsolete ones. */
const HTTP_DATE =
  /^(?:[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT|[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} [\d:]{8} GMT|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4})$/;

/** Returns the seconds that a header Retry-After asks to wait: it has them, or the date (RFC 9110, 10.2.3). null: neither can be read. */
function secondsIn(retryAfter: string | null, now: Temporal.Instant): number | null {
  const text = retryAfter?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text);
  if (!HTTP_DATE.test(text)) return null;
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now.epochMilliseconds) / 1000));
}

/**
 * Returns the trouble that the status of an answer means; null: none.
 * @param retryAfter its header Retry-After
 */
export function troubleOfStatus(
  status: number,
  retryAfter: string | null,
  now: Temporal.Instant,
): Trouble | null {
  const seconds = secondsIn(retryAfter, now);
  if (status === 401 || status === 403) return new Trouble('refused');
  if (status === 404 || status === 410) return new Trouble('gone');
  if (status === 429 || (status === 503 && seconds !== null))
    return new Trouble('throttled', seconds);
  if (status >= 500) return new Trouble('away', seconds);
  return status >= 200 && status < 300 ? null : new Trouble('odd');
}

const MINUTE = 60;
/** Seconds until the next try after so many failures in a row. */
const WAITS = [1, 5, 15, 30, 60, 180, 360].map((minutes) => minutes * MINUTE);
/** What a person must put right. With a refused password a server may lock the account, so it is seldom tried again. */
const SELDOM: readonly TroubleKind[] = ['refused', 'signed_out', 'forbidden'];
const SELDOM_WAIT = 360 * MINUTE;
const LONGEST_WAIT = 24 * 60 * MINUTE;
/** Seconds between two readings that work. */
const USUAL_WAIT = 5 * MINUTE;

/** Returns the seconds until a calendar is tried again. @param failures in a row; 0: it worked */
export function waitAfter(failures: number, trouble: Trouble | null): number {
  if (!trouble) return USUAL_WAIT;
  const usual =
    SELDOM.includes(trouble.kind) && failures > 1
      ? SELDOM_WAIT
      : (WAITS[failures - 1] ?? WAITS.at(-1) ?? USUAL_WAIT);
  return Math.min(Math.max(usual, trouble.retryAfter ?? 0), LONGEST_WAIT);
}

/** Failures in a row that a server which asks to wait may have before its calendar counts as not working. */
const PATIENCE = 3;

/** Returns whether a trouble passes by itself, so that nobody needs to know of it yet. */
export const isPassing = (kind: TroubleKind | null, failures: number): boolean =>
  kind === 'throttled' && failures <= PATIENCE;
