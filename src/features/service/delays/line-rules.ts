import { minutesBetween } from '../encounter/rules.ts';
import { announcedDelay, expectedStarts, isPassedOver, isWaiting } from './rules.ts';
import type { PlaceInLine, Turn } from './types.ts';

/** The longest time before its hour at which a place in the line is said: earlier, it would change too often. */
const SAID_BEFORE_MINUTES = 60;

/**
 * Returns where an appointment stands in the line of its desk. `desk`: the appointments of the desk, as for `expectedStarts`. Null: the
 * appointment doesn't wait for its turn, or not yet.
 */
export function placeInLine(
  desk: readonly Turn[],
  id: string,
  { isAway, windowMinutes, now }: { isAway: boolean; windowMinutes: number; now: Temporal.Instant },
): PlaceInLine | null {
  const own = desk.find((each) => each.id === id);
  const expected = expectedStarts(desk, windowMinutes, now).get(id);
  if (!own || !expected || minutesBetween(now, own.start) > SAID_BEFORE_MINUTES) return null;
  const announced = announcedDelay(own, now)?.at ?? expected;
  const at = Temporal.Instant.compare(announced, expected) > 0 ? announced : expected;
  const comesBefore = (each: Turn) =>
    isWaiting(each) &&
    !isPassedOver(each, desk, windowMinutes, now) &&
    (Temporal.Instant.compare(each.start, own.start) || (each.id < own.id ? -1 : 1)) < 0;
  const before = desk.filter((each) => each.id !== id && comesBefore(each)).length;
  const isBusy = desk.some(({ status }) => status === 'in_progress');
  const minutes = Math.max(0, Math.ceil(now.until(at).total('minutes')));
  const isDue = before === 0 && minutes <= 1;
  return { before, minutes, at, isBusy, isUnattended: isAway && !isBusy && isDue };
}
