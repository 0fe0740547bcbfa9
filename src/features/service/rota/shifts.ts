import type { Shift } from '../../../domain/rota.ts';
import type { RotaShift } from '../../foundation/offices/types.ts';

/** The beginning and the end of a shift, `HH:MM`. */
export interface Times {
  readonly from: string;
  readonly to: string;
}

const isoWeekday = (day: string): number => Temporal.PlainDate.from(day).dayOfWeek;
export const daysAfter = (day: string, days: number): string =>
  Temporal.PlainDate.from(day).add({ days }).toString();

/** Whether a shift begins on a local day. */
export const startsOn = (shift: Shift, day: string): boolean =>
  isWithin(shift, day) && !shift.except?.includes(day);

const isWithin = ({ since, until, weekdays }: Shift, day: string): boolean =>
  day >= since && (until === undefined || day <= until) && weekdays.includes(isoWeekday(day));

/** Returns a shift without exceptions and weekdays that have no effect; null: the shift has no day. */
function tidy({ until, except = [], weekdays, ...shift }: RotaShift): RotaShift | null {
  const ends = until === undefined ? {} : { until };
  const whole = { ...shift, weekdays: [...new Set(weekdays)].sort((a, b) => a - b), ...ends };
  const left = [...new Set(except)].filter((each) => isWithin(whole, each)).sort();
  const tidied = left.length > 0 ? { ...whole, except: left } : whole;
  if (until === undefined) return weekdays.length > 0 ? tidied : null;
  for (let day = shift.since; day <= until; day = daysAfter(day, 1))
    if (startsOn(tidied, day)) return tidied;
  return null;
}

/** Returns the part of a shift before a day; null: there is none. */
export function upTo(shift: RotaShift, day: string): RotaShift | null {
  const last = daysAfter(day, -1);
  if (shift.since > last) return null;
  const until = shift.until !== undefined && shift.until < last ? shift.until : last;
  return tidy({ ...shift, until });
}

/** Returns the part of a shift from a day on, with other properties; null: it has no day. */
export function onwards(
  { until: _, ...shift }: RotaShift,
  day: string,
  { until, ...more }: Times & { weekdays: readonly number[]; until: string | null },
): RotaShift | null {
  const ends = until === null ? {} : { until };
  const since = day > shift.since ? day : shift.since;
  return tidy({ ...shift, id: null, ...more, since, ...ends });
}

/** Returns one shift that begins on exactly these days. */
export function gathered(desk: number, times: Times, days: readonly string[], uid: string | null) {
  const sorted = [...new Set(days)].sort();
  const [since, until] = [sorted[0], sorted.at(-1)];
  if (since === undefined || until === undefined) return [];
  const weekdays = sorted.map(isoWeekday);
  const wanted = new Set(sorted);
  const except: string[] = [];
  for (let day = since; day < until; day = daysAfter(day, 1))
    if (!wanted.has(day)) except.push(day);
  const shift = tidy({ id: null, desk, uid, weekdays, ...times, since, until, except });
  return shift ? [shift] : [];
}

const same = (a: Times, b: Times): boolean => a.from === b.from && a.to === b.to;

/** Returns the hours of a desk on a day, in order. */
export const timesOn = (shifts: readonly RotaShift[], desk: number, day: string): Times[] =>
  shifts
    .filter((each) => each.desk === desk && startsOn(each, day))
    .map(({ from, to }) => ({ from, to }))
    .sort((a, b) => (a.from + a.to < b.from + b.to ? -1 : 1));

/** The hours that a desk is to work on a day, instead of its current ones. */
export interface DayWanted {
  readonly desk: number;
  readonly day: string;
  readonly times: readonly Times[];
}

/**
 * Returns the shifts with other hours for some days of some desks; nothing else changes. Hours that a pattern has and the day doesn't
 * become an exception of the pattern. Hours that only the day has remove an exception of a pattern with these hours, or else become a shift
 * for those days.
 */
export function withDays(shifts: readonly RotaShift[], wanted: readonly DayWanted[]): RotaShift[] {
  const byDesk = Map.groupBy(wanted, (each) => each.desk);
  const others = shifts.filter((each) => !byDesk.has(each.desk));
  const changed = [...byDesk].flatMap(([desk, days]) => {
    const own = shifts.filter((each) => each.desk === desk);
    return deskWithDays(own, desk, days);
  });
  return [...others, ...changed];
}

function deskWithDays(
  own: readonly RotaShift[],
  desk: number,
  days: readonly DayWanted[],
): RotaShift[] {
  const added = new Map<string, { times: Times; days: string[] }>();
  for (const { day, times } of days) {
    for (const each of times) {
      if (bearerOf(own, each, day)) continue;
      const key = `${each.from} ${each.to}`;
      const known = added.get(key) ?? { times: { from: each.from, to: each.to }, days: [] };
      known.days.push(day);
      added.set(key, known);
    }
  }
  const kept = own.flatMap((shift) => {
    const is = (day: DayWanted) => day.times.some((each) => same(each, shift));
    const touched = new Map(days.map((each) => [each.day, is(each)]));
    const except = (shift.except ?? []).filter(
      (each) => !touched.get(each) || bearerOf(own, shift, each) !== shift,
    );
    for (const [day, isWanted] of touched) if (!isWanted && startsOn(shift, day)) except.push(day);
    return tidy({ ...shift, except }) ?? [];
  });
  return [
    ...kept,
    ...[...added.values()].flatMap((each) => gathered(desk, each.times, each.days, null)),
  ];
}

/** Returns the shift of a desk with these hours on a day, or else one that would have them if the day were not its exception. */
function bearerOf(own: readonly RotaShift[], times: Times, day: string): RotaShift | undefined {
  const found = own.filter((each) => same(each, times) && isWithin(each, day));
  return found.find((each) => startsOn(each, day)) ?? found[0];
}

const minute = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** Returns the beginning and the end of a shift of a day, in local minutes since 1970 began. */
function stretchOf(day: string, { from, to }: Times) {
  const start = (Date.parse(day) / 86_400_000) * 1440 + minute(from);
  const length = (minute(to) - minute(from) + 1440) % 1440 || 1440;
  return { day, start, end: start + length };
}

/** Returns the shifts without those of a desk that overlap the new ones, on the days of the overlap. Days before `since` stay. */
export function withRoomFor(
  shifts: readonly RotaShift[],
  desk: number,
  coming: readonly (Times & { day: string })[],
  since: string,
): RotaShift[] {
  const taken = coming.map((each) => stretchOf(each.day, each));
  const isFree = (day: string) => (times: Times) => {
    const { start, end } = stretchOf(day, times);
    return !taken.some((each) => each.start < end && start < each.end);
  };
  const days = new Set(coming.flatMap(({ day }) => [daysAfter(day, -1), day, daysAfter(day, 1)]));
  const wanted = [...days]
    .filter((day) => day >= since)
    .map((day) => ({ desk, day, times: timesOn(shifts, desk, day).filter(isFree(day)) }));
  return withDays(shifts, wanted);
}

/** Returns the days on which two shifts of a desk overlap, in local time. */
export function overlapping(
  shifts: readonly RotaShift[],
  desk: number,
  days: readonly string[],
): string[] {
  const own = shifts.filter((each) => each.desk === desk);
  const stretches = days.flatMap((day) =>
    timesOn(own, desk, day).map((times) => stretchOf(day, times)),
  );
  stretches.sort((a, b) => a.start - b.start);
  return stretches
    .filter((each, i) => i > 0 && each.start < stretches[i - 1]!.end)
    .map((e) => e.day);
}
