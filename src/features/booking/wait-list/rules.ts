import { type Ask, askOf } from '../../../domain/appointment.ts';
import { extentOf } from '../../../domain/office/bundle.ts';
import type { Ending, Part, Waiting, Wish } from '../../../domain/waiting.ts';
import type { Allotment, FreeTime, Queued, Tally } from './types.ts';

/** Night in local hours: from `from` until `to` no offers are made, since they would expire unread. */
const QUIET = { from: 21, to: 8 };
/** Local hour at which the afternoon begins, as on the pages where times are chosen. */
const AFTERNOON = 14;
/** Minimum minutes for an answer; a sooner time is left to direct bookings. */
const LEAST_MINUTES = 10;
/** Maximum days ahead for which a person may wait. */
export const LONGEST_WAIT_DAYS = 180;

/** An office's rules for offering, in whole minutes. */
export interface OfferPolicy {
  /** How long an offered time is held. */
  offerMinutes: number;
  /** Offers to one person in one local day. */
  offersPerDay: number;
  /** A start must still be this far away when the offer ends. */
  leadMinutes: number;
}

/** Returns whether it is night on the office's clock. */
export function isQuiet(now: Temporal.Instant, timeZone: string): boolean {
  const { hour } = now.toZonedDateTimeISO(timeZone);
  return hour >= QUIET.from || hour < QUIET.to;
}

/** Returns when a message sent now is probably read: now, or when the night ends. */
export function readFrom(now: Temporal.Instant, timeZone: string): Temporal.Instant {
  if (!isQuiet(now, timeZone)) return now;
  const local = now.toZonedDateTimeISO(timeZone);
  const day = local.hour >= QUIET.from ? local.add({ days: 1 }) : local;
  return day.withPlainTime({ hour: QUIET.to }).toInstant();
}

/** A free start, with the day and the part of the day by which people wait for it. */
export function freeTime(
  { start, capacity }: { start: Temporal.Instant; capacity: number },
  timeZone: string,
): FreeTime {
  return { start, capacity, ...dayAndPart(start, timeZone) };
}

/** The office's local day and part of the day of a start. */
export function dayAndPart(start: Temporal.Instant, timeZone: string): { day: string; part: Part } {
  const local = start.toZonedDateTimeISO(timeZone);
  const part = local.hour < AFTERNOON ? 'morning' : 'afternoon';
  return { day: local.toPlainDate().toString(), part };
}

/**
 * Returns whether a time is useful. A person with an appointment only gets an earlier day: it is worth an answer within the
 * hour, while twenty minutes on the same morning aren't, and "an earlier day" is easy to understand.
 */
export function suits(
  wish: Wish & { before: string | null },
  { day, part }: { day: string; part: Part },
): boolean {
  if (wish.part && wish.part !== part) return false;
  if (wish.firstDay && day < wish.firstDay) return false;
  if (wish.lastDay && day > wish.lastDay) return false;
  return wish.before === null || day < wish.before;
}

/** Returns the last local day that can be useful; null: any. */
export function lastUsefulDay({ lastDay, before }: Wish & { before: string | null }) {
  const eve = before && Temporal.PlainDate.from(before).subtract({ days: 1 }).toString();
  if (!eve || !lastDay) return eve ?? lastDay;
  return eve < lastDay ? eve : lastDay;
}

/** Returns whether no time can be useful any more. `today`: the present local day. */
export function isTooLate(wish: Wish & { before: string | null }, today: string): boolean {
  const last = lastUsefulDay(wish);
  return last !== null && (last < today || (wish.firstDay !== null && last < wish.firstDay));
}

/** Returns why a person no longer waits, or null while they do. */
export function endingOf(
  waiting: Pick<Waiting, 'appointment' | 'isDisplaced'> & Wish,
  appointmentStatus: string | null,
  { today, now, timeZone }: { today: string; now: Temporal.Instant; timeZone: string },
): Ending | null {
  const { appointment } = waiting;
  const isOver =
    appointment !== null &&
    (appointmentStatus !== 'booked' ||
      (!appointment.isDisplaced && Temporal.Instant.compare(appointment.start, now) <= 0));
  if (isOver) return 'appointment_ended';
  if (waiting.isDisplaced && !appointment?.isDisplaced) return 'served';
  return isTooLate({ ...waiting, before: dayBefore(appointment, timeZone) }, today)
    ? 'too_late'
    : null;
}

/** Returns the local day of the person's appointment; null when it is displaced: any day is useful. */
export const dayBefore = (
  appointment: { start: Temporal.Instant; isDisplaced?: boolean } | null,
  timeZone: string,
): string | null =>
  appointment && !appointment.isDisplaced ? dayAndPart(appointment.start, timeZone).day : null;

/** Returns the end of an offered start's hold; null when there would be no time to answer. */
export function expiryOf(
  start: Temporal.Instant,
  { offerMinutes, leadMinutes }: OfferPolicy,
  now: Temporal.Instant,
): Temporal.Instant | null {
  const whole = now.add({ minutes: offerMinutes });
  const latest = start.subtract({ minutes: leadMinutes });
  const expiresAt = Temporal.Instant.compare(latest, whole) < 0 ? latest : whole;
  const least = now.add({ minutes: Math.min(LEAST_MINUTES, offerMinutes) });
  return Temporal.Instant.compare(expiresAt, least) < 0 ? null : expiresAt;
}

/** Returns the allotments that may be made: all for displaced citizens, and for the others as many as `room`. */
export const withinRoom = (allotments: readonly Allotment[], room: number): Allotment[] => {
  const [first, rest] = [true, false].map((which) =>
    allotments.filter((each) => each.entry.isDisplaced === which),
  );
  return [...(first ?? []), ...(rest ?? []).slice(0, Math.max(0, room))];
};

/**
 * Returns the maximum of open offers of an office. The other times stay available for direct bookings, however long the
 * list is.
 */
export const mostOpen = (desks: number): number => Math.max(1, Math.floor(desks / 3));

/** After this many unanswered offers in a row, other people come first. */
const UNANSWERED = 2;

/**
 * Sorts by turn: displaced appointments first; then by arrival. People without an appointment who left two offers in a row unanswered
 * come last, until they answer one. They keep their order and still get times that nobody else wants.
 *
 * @param queue in order of arrival
 */
export function inTurn(queue: readonly Queued[]): Queued[] {
  const rank = ({ before, isDisplaced, unanswered }: Queued) => {
    if (isDisplaced) return 0;
    return before === null && unanswered >= UNANSWERED ? 2 : 1;
  };
  return queue.toSorted((a, b) => rank(a) - rank(b));
}

/** Returns the need of an entry. For an appointment that is booked, what the office allows in a new one is not asked. */
export function needOf(queued: Queued): Ask & { isBooked?: boolean } {
  const isKept = queued.isDisplaced || queued.before !== null;
  return { ...askOf(queued), ...(isKept && isMore(queued) && { isBooked: true }) };
}

const isMore = (queued: Queued): boolean => Object.keys(extentOf(queued)).length > 0;

/** Returns a key that is equal for entries with the same need, which share the free times. */
export const keyOfAsk = (queued: Queued): string => JSON.stringify(needOf(queued));

/**
 * Returns the offers: each person in turn gets the earliest suitable time that they weren't
 * offered before and that isn't allotted to an earlier person. A person has one open offer at a time.
 *
 * @param queue in the order of their turns (`inTurn`)
 * @param free the free times of each ask (`keyOfAsk`), in order
 * @param tallies by person; a missing person was offered nothing today
 */
export function allot(
  queue: readonly Queued[],
  free: ReadonlyMap<string, readonly FreeTime[]>,
  tallies: ReadonlyMap<string, Tally>,
  policy: OfferPolicy,
  now: Temporal.Instant,
): Allotment[] {
  const given = new Map<FreeTime, number>();
  const asked = new Set<string>();
  const allotments: Allotment[] = [];
  for (const entry of queue) {
    const tally = tallies.get(entry.person);
    const isSpared = asked.has(entry.person) || tally?.isOpen;
    if (isSpared || (tally?.today ?? 0) >= policy.offersPerDay) continue;
    for (const time of free.get(keyOfAsk(entry)) ?? []) {
      const taken = given.get(time) ?? 0;
      if (taken >= time.capacity || !suits(entry, time)) continue;
      if (entry.seen.has(time.start.epochMilliseconds)) continue;
      const expiresAt = expiryOf(time.start, policy, now);
      if (!expiresAt) continue;
      given.set(time, taken + 1);
      asked.add(entry.person);
      allotments.push({ entry, start: time.start, expiresAt });
      break;
    }
  }
  return allotments;
}
