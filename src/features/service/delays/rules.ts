import { minutesBetween } from '../encounter/rules.ts';
import type { Delay, Told, Turn } from './types.ts';

const compare = Temporal.Instant.compare;
const later = (a: Temporal.Instant, b: Temporal.Instant) => (compare(a, b) >= 0 ? a : b);
const lasting = (from: Temporal.Instant, { start, end }: Turn) => from.add(start.until(end));

/** Whether an appointment waits for its turn: nobody has called its citizen yet. */
export const isWaiting = ({ status, attempts }: Turn): boolean =>
  (status === 'booked' || status === 'arrived') && attempts === 0;

/**
 * When each appointment of one desk that waits for its turn is likely to begin. A desk attends one after another in the
 * order of their hours, each for as long as it was booked for: so
 * - an encounter that goes on ends when its length is over, or any moment once it is;
 * - what waits begins at its hour, or when what is before it ends, or now, whichever is last.
 *
 * What was called without an answer waits for no turn, and pushes nobody: to try again takes a moment. Nor does what was
 * passed over push anybody: something later was begun, or the time promised for it, `windowMinutes`, has gone by. It keeps
 * a turn of its own, since a call is still owed.
 */
export function expectedStarts(
  desk: readonly Turn[],
  windowMinutes: number,
  now: Temporal.Instant,
): Map<string, Temporal.Instant> {
  let free = now;
  for (const turn of desk)
    if (turn.status === 'in_progress') free = later(free, lasting(turn.startedAt ?? now, turn));
  const waiting = desk
    .filter(isWaiting)
    .sort((a, b) => compare(a.start, b.start) || (a.id < b.id ? -1 : 1));
  const expected = new Map<string, Temporal.Instant>();
  for (const turn of waiting) {
    const begins = later(turn.start, free);
    expected.set(turn.id, begins);
    if (!isPassedOver(turn, desk, windowMinutes, now)) free = lasting(begins, turn);
  }
  return expected;
}

/** Whether something later was begun at the desk before this turn, or the time promised for it has gone by. */
export function isPassedOver(
  { start }: Turn,
  desk: readonly Turn[],
  windowMinutes: number,
  now: Temporal.Instant,
): boolean {
  const begun = desk.filter((each) => !isWaiting(each) && compare(each.start, now) <= 0);
  return (
    begun.some((each) => compare(each.start, start) > 0) ||
    minutesBetween(start, now) >= windowMinutes
  );
}

/** A delay as it is told, or null when it is too small to be told: rounded up to five minutes, with one to spare. */
export function delayOf(
  start: Temporal.Instant,
  expected: Temporal.Instant,
  lateMinutes: number,
): Delay | null {
  const exact = minutesBetween(start, expected);
  if (exact < lateMinutes) return null;
  const minutes = 5 * (Math.floor(exact / 5) + 1);
  return { minutes, at: start.add({ minutes }) };
}

/** What the citizen was told on somebody's word, as long as it isn't over. */
export function announcedDelay(
  { start, told }: Pick<Turn, 'start' | 'told'>,
  now: Temporal.Instant,
): Delay | null {
  const at = start.add({ minutes: told.announced });
  return told.announced > 0 && compare(at, now) > 0 ? { minutes: told.announced, at } : null;
}

/** The longer of two delays. */
export const worse = (a: Delay | null, b: Delay | null): Delay | null =>
  a && b ? (a.minutes >= b.minutes ? a : b) : (a ?? b);

/** Minutes that somebody may say that a desk is late. */
export const ANNOUNCED = { least: 5, most: 180 } as const;
/** Minutes by which what was said must have grown to be said again. */
const SAID_AGAIN_FROM = 5;

/** Whether a citizen is still to be attended, so that it is of use to tell them that it will be late. */
export const isStillToCome = (
  { status, attempts, start }: Pick<Turn, 'status' | 'attempts' | 'start'>,
  windowMinutes: number,
  now: Temporal.Instant,
): boolean => status === 'booked' && attempts === 0 && minutesBetween(start, now) < windowMinutes;

/** Whether being told that it will be so late is news: not what is over already, nor what they know. */
export const isWorthSaying = (
  { start, told }: Pick<Turn, 'start' | 'told'>,
  minutes: number,
  now: Temporal.Instant,
): boolean =>
  compare(start.add({ minutes }), now) > 0 &&
  (told.times === 0 || minutes >= told.minutes + SAID_AGAIN_FROM);

/** Minutes before its hour from which the citizen is told that it will be late. */
export const TOLD_BEFORE_MINUTES = 15;
/** Minutes after its hour from which it says nothing new to be told. */
const TOLD_UNTIL_MINUTES = 120;
/** Minutes by which it must have grown to be told again. */
const TOLD_AGAIN_FROM = 20;
const MOST_TOLD = 2;

/** Whether now is the moment to write to the citizen that their appointment will be late. */
export function isToBeTold(
  turn: Pick<Turn, 'start' | 'status' | 'attempts' | 'told'>,
  delay: Delay,
  timeZone: string,
  now: Temporal.Instant,
): boolean {
  const since = minutesBetween(turn.start, now);
  return (
    turn.status === 'booked' &&
    turn.attempts === 0 &&
    since >= -TOLD_BEFORE_MINUTES &&
    since < TOLD_UNTIL_MINUTES &&
    isNews(turn.told, delay) &&
    (!isNight(now, timeZone) || isNight(turn.start, timeZone))
  );
}

const isNews = (told: Told, delay: Delay): boolean =>
  told.times === 0 || (told.times < MOST_TOLD && delay.minutes >= told.minutes + TOLD_AGAIN_FROM);

/** Between ten and seven, when nobody wants to be woken for a call that doesn't come. */
function isNight(at: Temporal.Instant, timeZone: string): boolean {
  const { hour } = at.toZonedDateTimeISO(timeZone);
  return hour >= 22 || hour < 7;
}
