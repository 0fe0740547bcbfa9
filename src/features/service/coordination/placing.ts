import { firstEndingAfter, type Intervals, subtract } from '../../booking/slots/rules.ts';
import { unfitFor } from './outlook.ts';
import type { DeskState, Ineligibility, Stretch, ToPlace } from './types.ts';

/** How many desks are tried for the appointments that stand in each other's way; then the best found so far is good enough. */
const MOST_STEPS = 20_000;

const overlaps = (a: Stretch, b: Stretch): boolean => a.from < b.busyUntil && b.from < a.busyUntil;

/** Whether the set of intervals, merged and flat, has a minute in common with `[from, to)`. */
const touches = (set: Intervals, from: number, to: number): boolean =>
  set[firstEndingAfter(set, from)]! < to;

/** Whether the set of intervals, merged and flat, holds all of `[from, to)`. */
export function holds(set: Intervals, from: number, to: number): boolean {
  const first = firstEndingAfter(set, from);
  return set[first]! <= from && to <= set[first + 1]!;
}

/** Why a desk can't take an appointment at its hour; null: it can. As the slot engine offers times, but for their grid. */
export function ineligibilityFor(desk: DeskState, wanted: ToPlace): Ineligibility | null {
  const { from, to, busyUntil } = wanted;
  if (desk.id === wanted.desk) return 'here';
  if (touches(desk.busy, from, busyUntil)) return 'taken';
  if (touches(desk.away, from, busyUntil))
    return touches(subtract(desk.away, desk.elsewhere), from, busyUntil) ? 'away' : 'calendar';
  if (!holds(desk.work, from, to)) return 'not_working';
  return unfitFor(desk, wanted);
}

/**
 * To which desks appointments go whose own can't attend them, each at its hour: so that as many as possible keep it, and of
 * several desks by the rule of a booking, the fewest minutes that day, then the least recently assigned, then by code. None
 * is null.
 *
 * Those of one desk never stand in each other's way, so each simply goes to the first desk by the rule. Where they do, all
 * ways are tried, the most constrained first, as long as they are not too many.
 */
export function placeAll(
  wanted: readonly ToPlace[],
  desks: readonly DeskState[],
): Map<string, number | null> {
  const minutes = new Map(desks.map((each) => [each.id, new Map(each.minutes)]));
  const placed = new Map<string, number | null>();
  for (const group of groupsOf(wanted)) {
    for (const [each, desk] of bestOf(group, desks, minutes)) {
      placed.set(each.id, desk);
      const day = desk === null ? undefined : minutes.get(desk);
      day?.set(each.day, (day.get(each.day) ?? 0) + each.to - each.from);
    }
  }
  return placed;
}

/** Those that stand in each other's way, directly or by way of others, in the order of their hours. */
function groupsOf(wanted: readonly ToPlace[]): ToPlace[][] {
  const groups: ToPlace[][] = [];
  let until = Number.NEGATIVE_INFINITY;
  for (const each of wanted.toSorted((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1))) {
    if (each.from >= until) groups.push([]);
    groups.at(-1)?.push(each);
    until = Math.max(until, each.busyUntil);
  }
  return groups;
}

type Minutes = ReadonlyMap<number, ReadonlyMap<string, number>>;

function inTurn(desks: readonly DeskState[], day: string, minutes: Minutes): DeskState[] {
  const load = (desk: DeskState) => minutes.get(desk.id)?.get(day) ?? 0;
  const assigned = (desk: DeskState) => desk.assignedAt ?? Number.NEGATIVE_INFINITY;
  return desks.toSorted(
    (a, b) => load(a) - load(b) || compare(assigned(a), assigned(b)) || (a.code < b.code ? -1 : 1),
  );
}

const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);

function bestOf(
  group: readonly ToPlace[],
  desks: readonly DeskState[],
  minutes: Minutes,
): [ToPlace, number | null][] {
  const open = group
    .map((wanted) => ({
      wanted,
      desks: inTurn(
        desks.filter((each) => ineligibilityFor(each, wanted) === null),
        wanted.day,
        minutes,
      ).map((each) => each.id),
    }))
    .sort((a, b) => a.desks.length - b.desks.length);
  let best: (number | null)[] = [];
  let most = -1;
  let steps = 0;
  const chosen: (number | null)[] = [];
  const isFree = (desk: number, wanted: ToPlace) =>
    chosen.every((each, i) => each !== desk || !overlaps(open[i]!.wanted, wanted));

  const search = (kept: number): void => {
    const here = open[chosen.length];
    if (!here) {
      if (kept > most) [best, most] = [[...chosen], kept];
      return;
    }
    if (kept + open.length - chosen.length <= most || steps++ > MOST_STEPS) return;
    for (const desk of [...here.desks, null]) {
      if (desk !== null && !isFree(desk, here.wanted)) continue;
      chosen.push(desk);
      search(kept + (desk === null ? 0 : 1));
      chosen.pop();
      if (most === open.length) return;
    }
  };
  search(0);
  return open.map(({ wanted }, i) => [wanted, best[i] ?? null]);
}
