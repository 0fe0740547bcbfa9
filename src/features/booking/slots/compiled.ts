import type { Rota, RotaDesk, Shift } from '../../../domain/rota.ts';
import {
  clockMinutes,
  dayNumber,
  dayText,
  minuteAtOrAfter,
  weekday,
  ZoneCalendar,
} from './calendar.ts';
import { type Intervals, intersect, mergeIntervals, subtract } from './intervals.ts';
import type { EpochMinute } from './types.ts';

/** One shift on one day. */
interface Occurrence {
  readonly day: number;
  /** Wall-clock minutes since that day's midnight; `to` may lie in the next day. */
  readonly from: number;
  readonly to: number;
  readonly start: EpochMinute;
  readonly end: EpochMinute;
}

/** A desk’s time over some days, without their appointments. Merged sets of epoch minutes. */
export interface CompiledDesk {
  readonly desk: RotaDesk;
  readonly occurrences: readonly Occurrence[];
  /** Shifts minus absences, closed days and what the desk does elsewhere. */
  readonly work: readonly number[];
  /** The part of the shifts that they take away. */
  readonly away: readonly number[];
  /** The part of it that only connected calendars take away. */
  readonly elsewhere: readonly number[];
}

/** How starts are laid out on the grid. Minutes. */
export interface GridShape {
  readonly duration: number;
  /** Kept free after an appointment. */
  readonly after: number;
  readonly step: number;
}

/** A rota worked out for some local days, in epoch minutes only. */
export interface CompiledRota {
  readonly calendar: ZoneCalendar;
  readonly firstDay: number;
  readonly lastDay: number;
  readonly desks: readonly CompiledDesk[];
  /** Epoch minutes that repeat a wall-clock time already shown. */
  readonly repeated: readonly number[];
  /** By grid shape and agent: the starts that shifts, absences and closed days allow. */
  readonly grids: Map<string, Map<CompiledDesk, Int32Array>>;
}

/** Grid shapes remembered for one rota; an office has about one a duration. */
const MAX_SHAPES = 64;
const compiledRotas = new WeakMap<Rota, CompiledRota>();

/** Returns the rota computed for at least those local days; cached for as long as the rota exists. */
export function compileRota(rota: Rota, firstDay: number, lastDay: number): CompiledRota {
  const known = compiledRotas.get(rota);
  if (known && known.firstDay <= firstDay && known.lastDay >= lastDay) return known;
  const calendar = ZoneCalendar.of(rota.timeZone);
  const closed: number[] = [];
  for (let day = firstDay; day <= lastDay + 1; day++) {
    if (rota.isClosed(dayText(day)))
      closed.push(calendar.dayStart(day), calendar.dayStart(day + 1));
  }
  const compiled: CompiledRota = {
    calendar,
    firstDay,
    lastDay,
    desks: rota.desks.map((desk) => compileDesk(desk, calendar, closed, firstDay, lastDay)),
    repeated: calendar.repeated(firstDay, lastDay + 1),
    grids: new Map(),
  };
  compiledRotas.set(rota, compiled);
  return compiled;
}

function compileDesk(
  desk: RotaDesk,
  calendar: ZoneCalendar,
  closed: Intervals,
  firstDay: number,
  lastDay: number,
): CompiledDesk {
  const occurrences = desk.shifts
    .flatMap((shift) => shiftOccurrences(shift, calendar, firstDay, lastDay))
    .sort((a, b) => a.start - b.start);
  const shifts = mergeIntervals(occurrences.flatMap(({ start, end }) => [start, end]));
  const firstText = dayText(firstDay);
  const lastText = dayText(lastDay + 2);
  const absences = desk.absences.flatMap(({ from, to }) =>
    to < firstText || from > lastText ? [] : [localEdge(calendar, from), localEdge(calendar, to)],
  );
  const elsewhere = (desk.elsewhere ?? []).flatMap(({ from, to }) => [
    Math.floor(from.epochMilliseconds / 60_000),
    minuteAtOrAfter(to),
  ]);
  const absent = mergeIntervals([...closed, ...absences]);
  const gone = mergeIntervals([...absent, ...elsewhere]);
  return {
    desk,
    occurrences,
    work: subtract(shifts, gone),
    away: intersect(shifts, gone),
    elsewhere: subtract(intersect(shifts, mergeIntervals(elsewhere)), absent),
  };
}

function shiftOccurrences(
  shift: Shift,
  calendar: ZoneCalendar,
  firstDay: number,
  lastDay: number,
): Occurrence[] {
  const from = clockMinutes(shift.from);
  const until = clockMinutes(shift.to);
  const to = until <= from ? until + 1440 : until;
  const first = Math.max(firstDay, dayNumber(shift.since));
  const last = shift.until === undefined ? lastDay : Math.min(lastDay, dayNumber(shift.until));
  const except = new Set(shift.except?.map(dayNumber));
  const found: Occurrence[] = [];
  for (let day = first; day <= last; day++) {
    if (!shift.weekdays.includes(weekday(day)) || except.has(day)) continue;
    const start = calendar.edge(day, from);
    found.push({ day, from, to, start, end: calendar.edge(day, to) });
  }
  return found;
}

function localEdge(calendar: ZoneCalendar, local: string): EpochMinute {
  return calendar.edge(dayNumber(local.slice(0, 10)), clockMinutes(local.slice(11)));
}

/**
 * Returns the starts on a desk's grid whose duration is all work, and where no absence or closed day within a
 * shift touches the minutes after it; appointments are not looked at. Sorted, none twice. Remembered.
 */
export function gridStarts(
  compiled: CompiledRota,
  desk: CompiledDesk,
  shape: GridShape,
): Int32Array {
  const key = `${shape.duration} ${shape.after} ${shape.step}`;
  let grid = compiled.grids.get(key);
  if (!grid) {
    if (compiled.grids.size >= MAX_SHAPES) compiled.grids.clear();
    grid = new Map();
    compiled.grids.set(key, grid);
  }
  let starts = grid.get(desk);
  if (!starts) {
    starts = Int32Array.from(allowedStarts(desk, shape, wholeGrid(compiled, desk, shape.step)));
    grid.set(desk, starts);
  }
  return starts;
}

/** The union of the grids of all the agent's shifts, sorted, possibly with twins. */
function wholeGrid({ calendar }: CompiledRota, desk: CompiledDesk, step: number): number[] {
  const grid: number[] = [];
  let overlap = false;
  let latest = Number.NEGATIVE_INFINITY;
  for (const { day, from, to, start, end } of desk.occurrences) {
    overlap ||= start < latest;
    latest = Math.max(latest, end);
    const steady = end - start === to - from;
    for (let minute = from; minute < to; minute += step) {
      if (steady) grid.push(start + minute - from);
      else if (calendar.shows(day, minute)) grid.push(calendar.edge(day, minute));
    }
  }
  return overlap ? grid.sort((a, b) => a - b) : grid;
}

function allowedStarts(desk: CompiledDesk, shape: GridShape, grid: readonly number[]): number[] {
  const { work, away } = desk;
  const allowed: number[] = [];
  let w = 0;
  let a = 0;
  let previous = -1;
  for (const start of grid) {
    if (start === previous) continue;
    previous = start;
    const end = start + shape.duration;
    while (w < work.length && work[w + 1]! <= start) w += 2;
    while (a < away.length && away[a + 1]! <= start) a += 2;
    const works = w < work.length && work[w]! <= start && work[w + 1]! >= end;
    if (works && (a >= away.length || away[a]! >= end + shape.after)) allowed.push(start);
  }
  return allowed;
}
