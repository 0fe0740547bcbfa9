import { minutesAfter, minutesTaken } from '../../../domain/occupancy.ts';
import type { Rota, RotaDesk } from '../../../domain/rota.ts';
import { dayNumber, dayText, minuteAtOrAfter, ZoneCalendar } from './calendar.ts';
import {
  type CompiledDesk,
  type CompiledRota,
  compileRota,
  type GridShape,
  gridStarts,
} from './compiled.ts';
import { firstEndingAfter, type Intervals } from './intervals.ts';
import type { Busy, EpochMinute, Slot, SlotNeed, SlotPolicy, SlotQuery } from './types.ts';

export { instantOf, minuteAtOrAfter } from './calendar.ts';
export { firstEndingAfter, type Intervals, mergeIntervals, subtract } from './intervals.ts';

/** One search: the rota, the shape of the starts and the epoch minutes they may lie in. */
interface Search {
  readonly compiled: CompiledRota;
  readonly shape: GridShape;
  readonly starts: SlotPolicy['starts'];
  /** The first whole minute not before now. */
  readonly now: EpochMinute;
  /** Starts offered lie in `[low, high)`. */
  readonly low: EpochMinute;
  readonly high: EpochMinute;
}

const NO_BUSY: readonly number[] = [];

/**
 * Every start offered in the days asked for, in order, each with how many desks could take it.
 *
 * A start is offered when one qualified desk is free for the whole duration (shifts minus
 * absences, closed days and busy time) and nothing busy, absent or closed touches the minutes that
 * stay free after it; those may run over the end of the shift. Days outside `bookableDays` hold no starts.
 * Throws a RangeError on a day, time or zone that is none, and on minutes that are not whole.
 */
export function findSlots(
  rota: Rota,
  policy: SlotPolicy,
  query: SlotQuery,
  busy: Busy,
  now: Temporal.Instant,
): Slot[] {
  const calendar = ZoneCalendar.of(rota.timeZone);
  const search = makeSearch(rota, policy, query, now);
  const last = Math.min(dayNumber(query.to), calendar.dayOf(now) + policy.horizonDays);
  const low = Math.max(search.low, calendar.dayStart(dayNumber(query.from)));
  const high = Math.min(search.high, calendar.dayStart(last + 1));
  if (low >= high) return [];
  const within = { ...search, low, high };
  const capacities = new Uint16Array(high - low);
  for (const desk of search.compiled.desks) {
    if (!isQualified(desk.desk, query)) continue;
    for (const start of freeStarts(within, desk, busy.get(desk.desk.id) ?? NO_BUSY))
      capacities[start - low]!++;
  }
  const slots: Slot[] = [];
  for (let i = 0; i < capacities.length; i++) {
    const capacity = capacities[i]!;
    if (capacity > 0) slots.push({ start: low + i, end: low + i + query.duration, capacity });
  }
  return slots;
}

/** The desks that could take exactly this start, in the rota's order: those that `findSlots` counts; none when it is not offered. */
export function desksFor(
  rota: Rota,
  policy: SlotPolicy,
  need: SlotNeed,
  start: EpochMinute,
  busy: Busy,
  now: Temporal.Instant,
): number[] {
  const search = makeSearch(rota, policy, need, now);
  if (start < search.low || start >= search.high) return [];
  const only = { ...search, low: start, high: start + 1 };
  const desks: number[] = [];
  for (const desk of search.compiled.desks) {
    const { id } = desk.desk;
    if (!isQualified(desk.desk, need)) continue;
    if (freeStarts(only, desk, busy.get(id) ?? NO_BUSY).length > 0) desks.push(id);
  }
  return desks;
}

/** The first and the last local day on which a start may lie now; none when `first > last`. */
export function bookableDays(
  policy: SlotPolicy,
  timeZone: string,
  now: Temporal.Instant,
): { first: string; last: string } {
  const calendar = ZoneCalendar.of(timeZone);
  return {
    first: dayText(calendar.dayOf(now.add({ minutes: policy.leadMinutes }))),
    last: dayText(calendar.dayOf(now) + policy.horizonDays),
  };
}

/** A desk's work time, and when it is away within its shifts. Merged sets of epoch minutes, flat. */
export interface WorkTime {
  readonly work: readonly number[];
  readonly away: readonly number[];
  /** The part of `away` in which only a connected calendar is busy: the desk is not absent, and the day is not closed. */
  readonly elsewhere: readonly number[];
}

/** Returns by agent id the work time on some local days, both included, and on shifts that overlap them. */
export function workTimes(rota: Rota, first: string, last: string): Map<number, WorkTime> {
  // A separate rota, so that the cache of the searches isn't replaced.
  const compiled = compileRota({ ...rota }, dayNumber(first) - 1, dayNumber(last) + 1);
  return new Map(
    compiled.desks.map(({ desk, work, away, elsewhere }) => [desk.id, { work, away, elsewhere }]),
  );
}

/** Whether a desk has the skills, the channel and the language, and stands where it is asked for. */
export function isQualified(
  desk: RotaDesk,
  need: Pick<SlotNeed, 'procedure' | 'further' | 'channel' | 'language' | 'site'>,
): boolean {
  return (
    attends(desk, need) &&
    desk.channels.includes(need.channel) &&
    desk.languages.includes(need.language) &&
    (!need.site || desk.site === need.site)
  );
}

/** Returns whether a desk attends every one of the procedures. */
export const attends = (
  { skills }: Pick<RotaDesk, 'skills'>,
  { procedure, further }: Pick<SlotNeed, 'procedure' | 'further'>,
): boolean =>
  skills === 'all' ||
  (skills.includes(procedure) && (!further || further.every((each) => skills.includes(each))));

function makeSearch(rota: Rota, policy: SlotPolicy, need: SlotNeed, now: Temporal.Instant): Search {
  const { duration } = need;
  const { leadMinutes, horizonDays, step = minutesTaken(policy, need) } = policy;
  const after = minutesAfter(policy, need);
  demandWhole({ buffer: after, leadMinutes, horizonDays }, 0);
  demandWhole({ duration, step }, 1);
  const calendar = ZoneCalendar.of(rota.timeZone);
  const today = calendar.dayOf(now);
  const lastDay = today + horizonDays;
  // A shift may have begun yesterday; the last appointment may end some days later.
  const spill = 1 + Math.ceil((duration + after) / 1440);
  const nowMinute = minuteAtOrAfter(now);
  return {
    compiled: compileRota(rota, today - 1, lastDay + spill),
    shape: { duration, after, step },
    starts: policy.starts,
    now: nowMinute,
    low: nowMinute + leadMinutes,
    high: calendar.dayStart(lastDay + 1),
  };
}

function demandWhole(minutes: Record<string, number>, least: number): void {
  for (const [name, value] of Object.entries(minutes)) {
    if (!Number.isInteger(value) || value < least) {
      throw new RangeError(`${name} must be a whole number from ${least} on, not ${value}`);
    }
  }
}

function freeStarts(search: Search, desk: CompiledDesk, busy: Intervals): number[] {
  return search.starts === 'grid'
    ? gridFreeStarts(search, desk, busy)
    : packedFreeStarts(search, desk, busy);
}

function gridFreeStarts(search: Search, desk: CompiledDesk, busy: Intervals): number[] {
  const grid = gridStarts(search.compiled, desk, search.shape);
  const taken = search.shape.duration + search.shape.after;
  const free: number[] = [];
  let b = firstEndingAfter(busy, search.low);
  for (let i = firstAtOrAfter(grid, search.low); i < grid.length; i++) {
    const start = grid[i]!;
    if (start >= search.high) break;
    while (b < busy.length && busy[b + 1]! <= start) b += 2;
    if (b >= busy.length || busy[b]! >= start + taken) free.push(start);
  }
  return free;
}

function packedFreeStarts(search: Search, desk: CompiledDesk, busy: Intervals): number[] {
  const { work, away } = desk;
  const free: number[] = [];
  for (let w = firstEndingAfter(work, search.low); w < work.length; w += 2) {
    let from = work[w]!;
    const end = work[w + 1]!;
    if (from >= search.high) break;
    const nextAway = away[firstEndingAfter(away, from)] ?? Number.POSITIVE_INFINITY;
    for (let b = firstEndingAfter(busy, from); from < end; b += 2) {
      const nextBusy = busy[b] ?? Number.POSITIVE_INFINITY;
      const until = Math.min(end, nextBusy);
      const freeUntil = Math.min(nextAway, nextBusy);
      if (from < until) pack(search, from, Math.min(until, freeUntil - search.shape.after), free);
      if (nextBusy >= end) break;
      from = busy[b + 1]!;
    }
  }
  return free;
}

/** Adds the starts of one free interval; `until` is when the last appointment must have ended. */
function pack(search: Search, from: EpochMinute, until: EpochMinute, free: number[]): void {
  const { duration, step } = search.shape;
  const { repeated } = search.compiled;
  const base = from < search.now ? Math.ceil(search.now / 5) * 5 : from;
  const skipped = Math.max(0, Math.ceil((search.low - base) / step));
  for (let start = base + skipped * step; start + duration <= until; start += step) {
    if (start >= search.high) break;
    const r = firstEndingAfter(repeated, start);
    if (!(repeated[r]! <= start)) free.push(start);
  }
}

function firstAtOrAfter(sorted: Int32Array, minute: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! >= minute) high = middle;
    else low = middle + 1;
  }
  return low;
}
