import { minutesTaken, type OccupancyPolicy, type Occupying } from '../../../domain/occupancy.ts';
import type { HalfHour } from './types.ts';

/** Appointments that begin at the same minute of the week and last equally long. */
export interface BookedTimes extends Occupying {
  /** ISO, 1 is Monday. */
  weekday: number;
  /** Minutes since midnight. */
  begins: number;
  count: number;
}

/** Appointments of a week, given by its Monday, that last equally long. */
export interface BookedWeek extends Occupying {
  week: string;
  count: number;
}

const MINUTES_OF_DAY = 1440;

/** Returns by channel and half hour of the week the minutes that appointments took of desks, without those after midnight. */
export function takenByHalfHour(
  booked: readonly BookedTimes[],
  policy: OccupancyPolicy,
): (HalfHour & { channel: string; minutes: number })[] {
  const found = new Map<string, HalfHour & { channel: string; minutes: number }>();
  for (const each of booked) {
    const { channel, weekday, begins, count } = each;
    const until = Math.min(MINUTES_OF_DAY, begins + minutesTaken(policy, each));
    for (let half = Math.floor(begins / 30); half * 30 < until; half++) {
      const overlap = Math.min(until, (half + 1) * 30) - Math.max(begins, half * 30);
      const key = `${channel} ${weekday} ${half}`;
      const known = found.get(key) ?? { channel, weekday, half, minutes: 0 };
      found.set(key, { ...known, minutes: known.minutes + overlap * count });
    }
  }
  return [...found.values()].sort(
    (a, b) =>
      (a.channel < b.channel ? -1 : a.channel > b.channel ? 1 : 0) ||
      a.weekday - b.weekday ||
      a.half - b.half,
  );
}

/** Returns by channel and week how many appointments there were, and the minutes that they took of desks. */
export function takenByWeek(
  booked: readonly BookedWeek[],
  policy: OccupancyPolicy,
): { channel: string; week: string; count: number; minutes: number }[] {
  const found = new Map<
    string,
    { channel: string; week: string; count: number; minutes: number }
  >();
  for (const each of booked) {
    const { channel, week, count } = each;
    const key = `${channel} ${week}`;
    const known = found.get(key) ?? { channel, week, count: 0, minutes: 0 };
    found.set(key, {
      ...known,
      count: known.count + count,
      minutes: known.minutes + minutesTaken(policy, each) * count,
    });
  }
  return [...found.values()];
}
