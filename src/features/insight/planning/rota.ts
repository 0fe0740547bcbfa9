import { isCalled, isChannel } from '../../../domain/channel.ts';
import type { Rota } from '../../../domain/rota.ts';
import { workTimes } from '../../booking/slots/rules.ts';
import { byKind, type RotaHalf } from './types.ts';

/** Returns values for an office without desks. */
export const noDesks = (): RotaHalf['desks'] => ({ ...byKind(() => 0), all: 0 });

const HALVES = 48;
const HALF = 30;

/** The rota of an ordinary week. */
export interface OrdinaryWeek {
  /** The half hours with work, in order. */
  halves: RotaHalf[];
  /** A desk's mean weekly hours, without desks that don't work at all; null: none works. */
  deskHours: number | null;
}

/**
 * Returns how many desks work at each half hour of the week, on average over the open days from `first` to `last`.
 * Known absences are subtracted.
 */
export function ordinaryWeek(
  rota: Rota,
  first: Temporal.PlainDate,
  last: Temporal.PlainDate,
): OrdinaryWeek {
  const times = workTimes(rota, first.toString(), last.toString());
  const desks = rota.desks.map((desk) => ({ desk, work: times.get(desk.id)?.work ?? [] }));
  const open = new Array<number>(8).fill(0);
  const minutes = new Map<number, RotaHalf['desks']>();
  const working = new Set<number>();
  for (let day = first; Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 })) {
    if (rota.isClosed(day.toString())) continue;
    open[day.dayOfWeek]! += 1;
    const edges = edgesOf(day, rota.timeZone);
    for (const { desk, work } of desks)
      for (let half = 0; half < HALVES; half++) {
        const there = overlap(work, edges[half]!, edges[half + 1]!);
        if (there === 0) continue;
        working.add(desk.id);
        const key = day.dayOfWeek * HALVES + half;
        const desks = minutes.get(key) ?? noDesks();
        minutes.set(key, desks);
        desks.all += there;
        for (const channel of desk.channels.filter(isChannel)) {
          desks[channel] += there;
          if (isCalled(channel)) desks.calls += there;
        }
      }
  }
  const halves = [...minutes]
    .sort(([a], [b]) => a - b)
    .map(([key, desks]) => {
      const weekday = Math.floor(key / HALVES);
      const of = (sum: number) => sum / HALF / open[weekday]!;
      return {
        weekday,
        half: key % HALVES,
        desks: { ...byKind((kind) => of(desks[kind])), all: of(desks.all) },
      };
    });
  const hours = halves.reduce((sum, each) => sum + each.desks.all / 2, 0);
  return { halves, deskHours: working.size > 0 ? hours / working.size : null };
}

/** The epoch minutes at which the half hours of a local day begin, and at which the last ends. */
function edgesOf(day: Temporal.PlainDate, timeZone: string): number[] {
  const start = day.toPlainDateTime();
  return Array.from(
    { length: HALVES + 1 },
    (_, half) =>
      start.add({ minutes: half * HALF }).toZonedDateTime(timeZone).epochMilliseconds / 60_000,
  );
}

/** Minutes that a merged set has in common with `[from, to)`. */
export function overlap(set: readonly number[], from: number, to: number): number {
  let sum = 0;
  for (let i = 0; i < set.length && set[i]! < to; i += 2)
    sum += Math.max(0, Math.min(to, set[i + 1]!) - Math.max(from, set[i]!));
  return sum;
}
