import { askOf } from '../../../domain/appointment.ts';
import type { Ending, Part, Waiting, Wish } from '../../../domain/waiting.ts';
import type { Allotment, FreeTime, Queued, Tally } from './types.ts';

/** Local hours: from `from` until `to` nobody is offered anything, since it would end unread. */
const QUIET = { from: 21, to: 8 };
/** Local hour at which the afternoon begins, as on the pages where times are chosen. */
const AFTERNOON = 14;
/** A time that must be answered sooner than this, in minutes, is left to whoever books it. */
const LEAST_MINUTES = 10;
/** Days ahead that somebody may wait for at most. */
export const LONGEST_WAIT_DAYS = 180;

/** An office's rules for offering, in whole minutes. */
export interface OfferPolicy {
  /** How long an offered time is kept. */
  offerMinutes: number;
  /** Offers to one person in one local day. */
  offersPerDay: number;
  /** A start must still be this far away when the offer ends. */
  leadMinutes: number;
}

/** Whether it is too late or too early to write to somebody, on the office's clock. */
export function isQuiet(now: Temporal.Instant, timeZone: string): boolean {
  const { hour } = now.toZonedDateTimeISO(timeZone);
  return hour >= QUIET.from || hour < QUIET.to;
}

/** From when somebody who is written to now may be expected to read it: now, or when the night ends. */
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
 * Whether a time is of use. Who has an appointment only wants a day before it: a mail that must be answered within the
 * hour is worth a day, not twenty minutes of the same morning, and "an earlier day" is a rule that anybody understands.
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

/** The last local day that can be of use; null: any. */
export function lastUsefulDay({ lastDay, before }: Wish & { before: string | null }) {
  const eve = before && Temporal.PlainDate.from(before).subtract({ days: 1 }).toString();
  if (!eve || !lastDay) return eve ?? lastDay;
  return eve < lastDay ? eve : lastDay;
}

/** Whether no time can be of use any more. `today` is the local day that now is. */
export function isTooLate(wish: Wish & { before: string | null }, today: string): boolean {
  const last = lastUsefulDay(wish);
  return last !== null && (last < today || (wish.firstDay !== null && last < wish.firstDay));
}

/** Why somebody no longer waits, or null while they do. */
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

/** The local day of the appointment that somebody has; null where it is displaced: any day is of use. */
export const dayBefore = (
  appointment: { start: Temporal.Instant; isDisplaced?: boolean } | null,
  timeZone: string,
): string | null =>
  appointment && !appointment.isDisplaced ? dayAndPart(appointment.start, timeZone).day : null;

/** Until when an offered start is kept; null when there would be no time to answer. */
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

/** The allotments that may be made: to those whose hour we took all of them, to the others as many as `room`. */
export const withinRoom = (allotments: readonly Allotment[], room: number): Allotment[] => {
  const [first, rest] = [true, false].map((which) =>
    allotments.filter((each) => each.entry.isDisplaced === which),
  );
  return [...(first ?? []), ...(rest ?? []).slice(0, Math.max(0, room))];
};

/**
 * How many of an office's times are on offer at once, at most. The rest stays with whoever looks for a time, however long the
 * list is and whoever has put people on it.
 */
export const mostOpen = (desks: number): number => Math.max(1, Math.floor(desks / 3));

/** So many offers in a row that nobody answered, and others come first. */
const UNANSWERED = 2;

/**
 * Whose turn it is before whom: whose appointment was displaced; then who came first, but who has no appointment and left two offers in a row unanswered comes
 * after all others, until they answer one. They keep their place among those, and are still offered what nobody else wants.
 *
 * @param queue in the order in which they came
 */
export function inTurn(queue: readonly Queued[]): Queued[] {
  const rank = ({ before, isDisplaced, unanswered }: Queued) => {
    if (isDisplaced) return 0;
    return before === null && unanswered >= UNANSWERED ? 2 : 1;
  };
  return queue.toSorted((a, b) => rank(a) - rank(b));
}

/** Entries that ask for the same thing are shown the same free times. */
export const keyOfAsk = (queued: Queued): string => Object.values(askOf(queued)).join(' ');

/**
 * Who is offered what: each in turn gets the earliest time that suits them, that they weren't
 * offered before and that nobody before them has just been given. One person thinks about one offer at a time.
 *
 * @param queue in the order of their turns (`inTurn`)
 * @param free the free times of each ask (`keyOfAsk`), in order
 * @param tallies by person; who isn't there was offered nothing today
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
