import { companyIn, isEnough, type Level } from '../../../domain/identity.ts';
import {
  isWaiting,
  type NotificationReason,
  type NotificationState,
  type NotificationWay,
} from '../../../domain/notification.ts';
import type { WorkingDays } from '../../../domain/office/calendar/working-days.ts';
import type {
  Notification,
  OpenObstacle,
  OwnNotification,
  PaperMistake,
  PaperResult,
  Settled,
} from './types.ts';

/** The natural days to open a notification: Ley 39/2015, art. 43.2. */
export const OPEN_DAYS = 10;
/** The working days in which a decision must be notified: art. 40.2. */
export const SEND_DAYS = 10;
/** The working days after the first attempt in which the second one is made: art. 42.2. */
const SECOND_ATTEMPT_DAYS = 3;
/** The hours between two attempts, at least: art. 42.2. */
const ATTEMPTS_APART = 3;
/** One attempt is before this hour, the other after it: art. 42.2. */
const HALF = 15;

/** The level at which a person changes how they are notified: decisions that they never see may count by it. */
export const CHOOSE_LEVEL = 'substantial' satisfies Level;

/** Whom a decision is notified to. */
export interface Addressee {
  isIdentified: boolean;
  /** The identifier of the organisation for which they act, as it is shown; null: for themselves. */
  represents: string | null;
  /** What they chose; null: nothing. */
  electronic: boolean | null;
}

/** Returns how a decision is notified: organisations are obliged to do it electronically (art. 14.2.a), people choose it (arts. 14.1 and 41.1). */
export function wayTo({ isIdentified, represents, electronic }: Addressee): {
  way: NotificationWay;
  reason: NotificationReason;
} {
  if (!isIdentified) return { way: 'paper', reason: 'unidentified' };
  if (represents !== null && companyIn(represents)) return { way: 'electronic', reason: 'obliged' };
  return electronic
    ? { way: 'electronic', reason: 'chosen' }
    : { way: 'paper', reason: 'not_chosen' };
}

/**
 * Returns when a notification that nobody opens counts as rejected: when ten natural days have passed, of which that on which it was made
 * available is none (arts. 43.2 and 30.3). Feast days count, and the last day is not put off.
 */
export const expiryOf = (madeAt: Temporal.Instant, timeZone: string): Temporal.Instant =>
  dayOf(madeAt, timeZone)
    .add({ days: OPEN_DAYS + 1 })
    .toZonedDateTime(timeZone)
    .toInstant();

/**
 * Returns the last local day on which a notification can be opened; null: it does not expire, or e-NOTUM has not made it available yet. There the
 * ten days are those of e-NOTUM, which tells when they have passed.
 */
export const lastDayOf = (
  { expiresAt, depositedAt }: Pick<Notification, 'expiresAt' | 'depositedAt'>,
  timeZone: string,
): Temporal.PlainDate | null => {
  const end = expiresAt ?? (depositedAt && expiryOf(depositedAt, timeZone));
  return end && dayOf(end, timeZone).subtract({ days: 1 });
};

/** Returns whether a notification counts as rejected by now, whether or not that was noted. */
export const isExpired = (
  { state, expiresAt }: Pick<Notification, 'state' | 'expiresAt'>,
  now: Temporal.Instant,
): boolean =>
  state === 'available' && expiresAt !== null && Temporal.Instant.compare(expiresAt, now) <= 0;

/**
 * Returns whether a case may tell what was decided: once its notification counts, whether or not that was noted. What is notified to somebody
 * whom nobody identified waits in no folder, and their link opens it.
 */
export const isTold = (
  of: Pick<Notification, 'person' | 'state' | 'expiresAt'>,
  now: Temporal.Instant,
): boolean => of.person === null || !isWaiting(of.state) || isExpired(of, now);

/** Who wants to open a notification. */
export interface Opener {
  person: string;
  level: Level;
  /** The NIF of the organisation for which they act in this session; null: for themselves. */
  organisation: string | null;
  /** By which they act for another person; null: by none that is valid. */
  authorised: Authorised | null;
}

/** A valid authorisation. */
export interface Authorised {
  id: string;
  office: number;
  /** The id of the represented person. */
  represented: string;
  /** The ids of its procedures; null: all of the office. */
  procedures: readonly number[] | null;
  /** When it was given or accepted. */
  since: Temporal.Instant;
}

/**
 * Returns whether somebody opens a notification for the person whom they represent: it was notified to that person, the authorisation is for
 * its procedure (Ley 39/2015, arts. 5.1 and 43.1), and it had not come to an end before they were authorised.
 */
export const opensFor = (
  of: Pick<OwnNotification, 'office' | 'person' | 'organisation' | 'procedure' | 'settledAt'>,
  by: Authorised | null,
): boolean =>
  by !== null &&
  of.organisation === null &&
  of.office === by.office &&
  of.person === by.represented &&
  (of.settledAt === null || Temporal.Instant.compare(of.settledAt, by.since) >= 0) &&
  (by.procedures === null || by.procedures.includes(of.procedure));

/**
 * Returns why somebody can't open a notification; null: they can. It is the addressee's, at the level of the case; of an organisation, also of
 * whoever acts for it by their certificate; of a person, also of whoever acts for them by an authorisation (docs/adr/0113).
 */
export function whyNotOpen(
  of: Pick<
    OwnNotification,
    'office' | 'person' | 'organisation' | 'level' | 'procedure' | 'settledAt'
  >,
  by: Opener,
): OpenObstacle | null {
  if (of.person === null) return 'other';
  const isTheirs =
    of.organisation === null ? of.person === by.person : of.organisation === by.organisation;
  if (!isTheirs && !opensFor(of, by.authorised)) return 'other';
  return isEnough(by.level, of.level) ? null : 'level';
}

/** Returns whether a notification can be rejected by a button: only where whoever does not open it is notified all the same (art. 43.2). */
export const canReject = ({
  way,
  via,
  state,
}: Pick<Notification, 'way' | 'via' | 'state'>): boolean =>
  way === 'electronic' && via === 'folder' && state === 'available';

/**
 * Returns the day on which the office had met its duty to notify: that on which it was made available electronically (art. 43.3), or was first
 * tried on paper (art. 40.4); null: not yet. At e-NOTUM it is e-NOTUM that makes it available; what failed there later
 * takes that day from nobody, and what the office cancelled itself was not available for the ten days of art. 43.2.
 */
export function metOn(
  { way, via, madeAt, depositedAt, stopped, metAt, attemptedOn, notifiedOn }: Notification,
  timeZone: string,
): Temporal.PlainDate | null {
  if (metAt) return dayOf(metAt, timeZone);
  if (via === 'enotum') {
    const at = stopped?.state === 'cancelled' ? null : depositedAt;
    return at ? dayOf(at, timeZone) : notifiedOn;
  }
  if (way === 'electronic') return dayOf(madeAt, timeZone);
  const days = [attemptedOn, notifiedOn].flatMap((each) => each ?? []);
  return days.toSorted(Temporal.PlainDate.compare)[0] ?? null;
}

/** Returns whether the office met its duty in time; null: it had no term, or has not met it yet and has time. */
export function isInTime(
  of: Notification,
  timeZone: string,
  today: Temporal.PlainDate,
): boolean | null {
  if (!of.decideBy) return null;
  const met = metOn(of, timeZone);
  if (met) return Temporal.PlainDate.compare(met, of.decideBy) <= 0;
  return Temporal.PlainDate.compare(today, of.decideBy) > 0 ? false : null;
}

/** Returns the last local day to notify a decision (art. 40.2). */
export const sendBy = (
  { madeAt }: Pick<Notification, 'madeAt'>,
  timeZone: string,
  days: WorkingDays,
): Temporal.PlainDate | null => days.endOf({ workingDays: SEND_DAYS }, dayOf(madeAt, timeZone));

/**
 * Returns the first and the last day of an appeal before the administration, a month from the day after the notification (arts. 30.4, 122.1 and
 * 124.1); null: nothing runs yet.
 */
export function appealOf(
  { notifiedOn }: Pick<Notification, 'notifiedOn'>,
  days: WorkingDays,
): { from: Temporal.PlainDate; until: Temporal.PlainDate } | null {
  const until = notifiedOn && days.endOf({ months: 1 }, notifiedOn);
  return notifiedOn && until && { from: notifiedOn.add({ days: 1 }), until };
}

const FOLLOWS: Readonly<Record<PaperResult['result'], readonly NotificationState[]>> = {
  delivered: ['available', 'failed', 'accepted'],
  refused: ['available', 'failed', 'accepted'],
  failed: ['available', 'accepted'],
  // Also of those whose domicile nobody knows (art. 44).
  published: ['available', 'failed', 'accepted'],
};

const PAPER_RESULTS = ['delivered', 'refused', 'failed', 'published'] as const;

/** Returns what can be recorded of a notification on paper, also after it was opened in the folder: the proof of the paper comes later. */
export const recordable = ({
  way,
  state,
  attemptedOn,
  recordedOn,
}: Pick<Notification, 'way' | 'state' | 'attemptedOn' | 'recordedOn'>): PaperResult['result'][] =>
  way === 'paper' && recordedOn === null
    ? PAPER_RESULTS.filter(
        (result) =>
          FOLLOWS[result].includes(state) && (result !== 'failed' || attemptedOn === null),
      )
    : [];

/**
 * Returns what a notification becomes by what is recorded of the paper. Of two ways in which it came, the day of the first one counts
 * (art. 41.7): a paper that came before it was opened in the folder takes its place.
 */
export function recordedBy(
  { state, notifiedOn }: Pick<Notification, 'state' | 'notifiedOn'>,
  given: PaperResult,
): Settled {
  if (given.result === 'failed')
    return {
      ...(isWaiting(state) && { state: given.result }),
      attemptedOn: given.first.toPlainDate(),
      attemptedAgainOn: given.second.toPlainDate(),
    };
  const { result, on } = given;
  const isFirst = notifiedOn === null || Temporal.PlainDate.compare(on, notifiedOn) < 0;
  return { recordedOn: on, ...(isFirst && { state: result, notifiedOn: on }) };
}

/**
 * Returns what is wrong with what somebody records of a notification on paper; null: nothing. Two attempts are three hours apart at least
 * (`near`), one before and one after 15:00 (`half`), the second one within three days of the first (`late`): art. 42.2. What came of it after two
 * attempts in vain is not before the second one (`triedOn`; null: there were none).
 */
export function paperMistake(
  given: PaperResult,
  on: {
    madeOn: Temporal.PlainDate;
    triedOn: Temporal.PlainDate | null;
    now: Temporal.PlainDateTime;
    days: WorkingDays;
  },
): PaperMistake | null {
  const { madeOn, triedOn, now, days } = on;
  const first = given.result === 'failed' ? given.first.toPlainDate() : given.on;
  if (Temporal.PlainDate.compare(first, triedOn ?? madeOn) < 0) return 'early';
  if (given.result !== 'failed')
    return Temporal.PlainDate.compare(given.on, now.toPlainDate()) > 0 ? 'future' : null;
  const { first: one, second: two } = given;
  if (Temporal.PlainDateTime.compare(two, now) > 0) return 'future';
  if (one.until(two).total('hours') < ATTEMPTS_APART) return 'near';
  if (isBefore(one) === isBefore(two)) return 'half';
  const last = days.endOf({ workingDays: SECOND_ATTEMPT_DAYS }, first);
  return last && Temporal.PlainDate.compare(two.toPlainDate(), last) > 0 ? 'late' : null;
}

const isBefore = ({ hour }: Temporal.PlainDateTime): boolean => hour < HALF;

/** Returns the local day of an instant. */
export const dayOf = (at: Temporal.Instant, timeZone: string): Temporal.PlainDate =>
  at.toZonedDateTimeISO(timeZone).toPlainDate();
