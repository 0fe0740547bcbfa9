import { askOf } from '../../../domain/appointment.ts';
import { minutesTaken } from '../../../domain/occupancy.ts';
import { codesOf } from '../../../domain/office/bundle.ts';
import type { Rota, RotaDesk } from '../../../domain/rota.ts';
import {
  desksFor,
  findSlots,
  isQualified,
  minuteAtOrAfter,
  workTimes,
} from '../../booking/slots/rules.ts';
import type { EpochMinute, Slot, SlotNeed, SlotPolicy } from '../../booking/slots/types.ts';
import { FORGOTTEN_AFTER_HOURS } from '../../service/encounter/rules.ts';
import { numbersFrom } from './numbers.ts';
import { overlap } from './rota.ts';
import type { Asked, Replayed } from './types.ts';

/** Minutes of a desk for a citizen who doesn't come: it calls, waits and records that. */
const MISSED_MINUTES = 10;
const LONGEST_MINUTES = 60 * FORGOTTEN_AFTER_HOURS;
/** Minutes after which a start counts as late. */
const LATE = 5;
/** Requests between two pauses, during which this process handles other work. */
const BREATH = 20;
const SEED = 2026;

/** The input of a replay. */
export interface Scene {
  rota: Rota;
  policy: SlotPolicy;
  /** In order of request. */
  requests: readonly Asked[];
  /** Requests from `from` on count; earlier ones already have their time. */
  from: Temporal.Instant;
  to: Temporal.Instant;
  /** Working days promised. */
  days: number;
}

interface Placed {
  request: number;
  desk: number;
  start: EpochMinute;
}

/** A local day: days since 1970. */
type Day = number;

/** A request with values computed once for all runs. */
interface Person extends Asked {
  need: SlotNeed;
  policy: SlotPolicy;
  askedOn: Day;
  wantedOn: Day;
  wanted: EpochMinute;
  /** Requested before the period: already booked. */
  isBefore: boolean;
}

/** The result of a first run for each request: the first day with a free time; null: none. */
type FirstDays = (Day | null)[];

const EPOCH = Temporal.PlainDate.from('1970-01-01');
const dayAt = (at: Temporal.Instant, timeZone: string): Day =>
  EPOCH.until(at.toZonedDateTimeISO(timeZone).toPlainDate()).days;

function personOf(request: Asked, { policy, rota, from }: Scene): Person {
  const { duration, step, asked, start } = request;
  return {
    ...request,
    need: { ...askOf(request), duration },
    policy: step ? { ...policy, step } : policy,
    askedOn: dayAt(asked, rota.timeZone),
    wantedOn: dayAt(start, rota.timeZone),
    wanted: minuteAtOrAfter(start),
    isBefore: Temporal.Instant.compare(asked, from) < 0,
  };
}

/** Returns the desks to remove, in order, and the desk to copy: those whose hours are nearest to the median. */
export function desksToChange({ rota, from, to }: Scene): RotaDesk[] {
  const minutes = workIn(rota, from, to);
  const working = rota.desks
    .filter((each) => (minutes.get(each.id) ?? 0) > 0)
    .sort((a, b) => minutes.get(a.id)! - minutes.get(b.id)! || a.id - b.id);
  const middle = (working.length - 1) / 2;
  return working
    .map((desk, place) => ({ desk, off: Math.abs(place - middle) }))
    .sort((a, b) => a.off - b.off)
    .map((each) => each.desk);
}

/** Returns each desk's work minutes between two instants. */
function workIn(rota: Rota, from: Temporal.Instant, to: Temporal.Instant): Map<number, number> {
  const day = (at: Temporal.Instant) =>
    at.toZonedDateTimeISO(rota.timeZone).toPlainDate().toString();
  const times = workTimes(rota, day(from), day(to));
  const [start, end] = [minuteAtOrAfter(from), minuteAtOrAfter(to)];
  return new Map([...times].map(([id, { work }]) => [id, overlap(work, start, end)]));
}

/** Returns the rota with so many desks more, which do everything at the hours of one of them, or fewer. */
function changed(scene: Scene, change: number): Rota {
  const { rota } = scene;
  const order = desksToChange(scene);
  if (change <= 0) {
    const gone = new Set(order.slice(0, -change).map((each) => each.id));
    return { ...rota, desks: rota.desks.filter((each) => !gone.has(each.id)) };
  }
  const model = order[0];
  if (!model) return { ...rota };
  const all = (of: (desk: RotaDesk) => readonly string[]) => [...new Set(rota.desks.flatMap(of))];
  const next = Math.max(...rota.desks.map((each) => each.id)) + 1;
  const more = Array.from({ length: change }, (_, i) => ({
    ...model,
    id: next + i,
    skills: 'all' as const,
    languages: all((each) => each.languages),
    channels: all((each) => each.channels),
  }));
  return { ...rota, desks: [...rota.desks, ...more] };
}

/**
 * Replays the month with each of `changes` desks more or fewer, by the rules of the slot engine. Requests keep their order and
 * time. A citizen who had taken a time of the first free day takes one of the first day again; one who had chosen a later day gets
 * that day, or the next free one. Both take the nearest time of day. Pauses regularly for other work.
 */
export function* replay(scene: Scene, changes: readonly number[]): Generator<void, Replayed[]> {
  const people = scene.requests.map((each) => personOf(each, scene));
  const took = lengthsOf(people);
  const learned: FirstDays = [];
  const before = yield* run(people, { ...scene.rota }, learned, null);
  const runs: Replayed[] = [];
  for (const change of [...changes].sort((a, b) => a - b)) {
    if (change < 0 && -change >= desksToChange(scene).length) continue;
    const rota = changed(scene, change);
    const firsts: FirstDays = [];
    const placed = change === 0 ? before : yield* run(people, rota, firsts, learned);
    runs.push(
      outcome(scene, people, rota, {
        change,
        placed,
        firsts: change === 0 ? learned : firsts,
        took,
      }),
    );
  }
  return runs;
}

/** Assigns a time to each request in order. `firsts` is filled with the first free days. */
function* run(
  people: readonly Person[],
  rota: Rota,
  firsts: FirstDays,
  learned: FirstDays | null,
): Generator<void, Placed[]> {
  const busy = new Map<number, number[]>();
  const placed: Placed[] = [];
  const find = finderIn(rota, people, busy);
  for (const [i, person] of people.entries()) {
    if (i % BREATH === BREATH - 1) yield;
    const { asked, need, policy, wanted, wantedOn, isBefore } = person;
    // An earlier request is already booked: only its own time counts.
    const first = isBefore ? null : find(person, person.askedOn);
    firsts.push(first?.day ?? null);
    const desksAt = (start: EpochMinute) => desksFor(rota, policy, need, start, busy, asked);
    let start = wanted;
    let desks = learned === null || isBefore ? desksAt(start) : [];
    if (desks.length === 0) {
      const was = learned?.[i] ?? null;
      const isSoon = was !== null && wantedOn <= was;
      const day = isSoon && first ? first : find(person, Math.max(wantedOn, person.askedOn));
      // The same time of day, but for an hour where the clock was changed in between.
      if (!day) continue;
      start = nearest(day.slots, wanted + 1440 * (day.day - wantedOn));
      desks = desksAt(start);
    }
    const desk = leastBusy(desks, busy, start);
    take(busy, desk, start, start + minutesTaken(policy, need));
    placed.push({ request: i, desk, start });
  }
  return placed;
}

interface DaySlots {
  day: Day;
  slots: readonly Slot[];
}

/**
 * Returns the first day from one on that has a time for a need. A replay has no cancellations, so a day without
 * a time for a need stays without one.
 */
function finderIn(
  rota: Rota,
  people: readonly Person[],
  busy: ReadonlyMap<number, number[]>,
): (person: Person, since: Day) => DaySlots | null {
  prime(rota, people);
  const full = new Map<string, Set<Day>>();
  return ({ need, policy, asked, askedOn }, since) => {
    const key = `${codesOf(need).join()} ${need.channel} ${need.language} ${need.duration}`;
    let none = full.get(key);
    if (!none) {
      none = new Set();
      full.set(key, none);
    }
    if (!rota.desks.some((each) => isQualified(each, need))) return null;
    for (let day = since; day <= askedOn + policy.horizonDays; day++) {
      if (none.has(day)) continue;
      const text = EPOCH.add({ days: day }).toString();
      const slots = findSlots(rota, policy, { ...need, from: text, to: text }, busy, asked);
      if (slots.length > 0) return { day, slots };
      none.add(day);
    }
    return null;
  };
}

/** Makes the slot engine compute the rota for all days at once, instead of again for each request's day. */
function prime(rota: Rota, people: readonly Person[]): void {
  const [first, last] = [people[0], people.at(-1)];
  if (!first || !last) return;
  const longest = Math.max(...people.map((each) => minutesTaken(each.policy, each.need)));
  const horizonDays =
    last.askedOn - first.askedOn + first.policy.horizonDays + 1 + Math.ceil(longest / 1440);
  const day = EPOCH.add({ days: first.askedOn }).toString();
  const query = { ...first.need, from: day, to: day };
  findSlots(rota, { ...first.policy, horizonDays }, query, new Map(), first.asked);
}

const nearest = (slots: readonly Slot[], wanted: EpochMinute): EpochMinute =>
  slots.reduce((best, each) =>
    Math.abs(each.start - wanted) < Math.abs(best.start - wanted) ? each : best,
  ).start;

/** Returns the free desk with the fewest minutes around that day. */
function leastBusy(
  desks: readonly number[],
  busy: ReadonlyMap<number, number[]>,
  start: EpochMinute,
): number {
  let [best, fewest] = [desks[0]!, Number.POSITIVE_INFINITY];
  for (const desk of desks) {
    const minutes = overlap(busy.get(desk) ?? [], start - 720, start + 720);
    if (minutes < fewest) [best, fewest] = [desk, minutes];
  }
  return best;
}

/** Inserts into a desk's busy time and keeps it sorted. */
function take(
  busy: Map<number, number[]>,
  desk: number,
  start: EpochMinute,
  end: EpochMinute,
): void {
  const taken = busy.get(desk) ?? [];
  busy.set(desk, taken);
  let i = taken.length;
  while (i > 0 && taken[i - 2]! > start) i -= 2;
  taken.splice(i, 0, start, end);
}

/** Returns each encounter's minutes; when unknown, a random known duration. */
function lengthsOf(requests: readonly Asked[]): number[] {
  const random = numbersFrom(SEED);
  const known = requests.flatMap(({ took, duration }) =>
    typeof took === 'number' ? [Math.min(took, LONGEST_MINUTES) / duration] : [],
  );
  return requests.map(({ took, duration }) => {
    const drawn = known[Math.floor(random() * known.length)] ?? 1;
    if (took === 'missed') return Math.min(MISSED_MINUTES, duration);
    return took === null ? drawn * duration : Math.min(took, LONGEST_MINUTES);
  });
}

/** The result of a run. */
function outcome(
  { from, to, days }: Scene,
  people: readonly Person[],
  rota: Rota,
  {
    change,
    placed,
    firsts,
    took,
  }: { change: number; placed: readonly Placed[]; firsts: FirstDays; took: readonly number[] },
): Replayed {
  const waits: number[] = [];
  let none = 0;
  const count = workingDaysIn(rota);
  for (const [i, { askedOn, isBefore }] of people.entries()) {
    if (isBefore) continue;
    const first = firsts[i] ?? null;
    if (first === null) none++;
    else waits.push(count(askedOn, first));
  }
  waits.sort((a, b) => a - b);
  const { lates, attended } = playDays(placed, took, minuteAtOrAfter(from), minuteAtOrAfter(to));
  const minutes = [...workIn(rota, from, to).values()];
  const work = minutes.reduce((sum, each) => sum + each, 0);
  lates.sort((a, b) => a - b);
  return {
    change,
    desks: minutes.filter((each) => each > 0).length,
    wait: { half: quantile(waits, 0.5), most: quantile(waits, 0.9) },
    kept: share(waits.filter((each) => each <= days).length, waits.length + none),
    none,
    occupied: share(attended, work),
    late: {
      share: share(lates.filter((each) => each > LATE).length, lates.length),
      most: quantile(lates, 0.9),
    },
  };
}

const share = (part: number, of: number): number => (of > 0 ? Math.min(1, part / of) : 0);

/** Returns the smallest value that is not below this share of all. */
function quantile(sorted: readonly number[], at: number): number {
  return sorted[Math.max(0, Math.ceil(at * sorted.length) - 1)] ?? 0;
}

/**
 * Returns the working days from the request to the time: without Saturdays, Sundays, holidays and the day of the request
 * (Ley 39/2015, art. 30.2 and 30.3).
 */
function workingDaysIn(rota: Rota): (from: Day, to: Day) => number {
  const known = new Map<Day, boolean>();
  const isWorking = (number: Day): boolean => {
    const found = known.get(number);
    if (found !== undefined) return found;
    const day = EPOCH.add({ days: number });
    const is = day.dayOfWeek <= 5 && !rota.isClosed(day.toString());
    known.set(number, is);
    return is;
  };
  return (from, to) => {
    let days = 0;
    for (let day = from + 1; day <= to; day++) if (isWorking(day)) days++;
    return days;
  };
}

/** Serves each desk's appointments in order, none before its hour. Returns how late each began, and the minutes served. */
function playDays(
  placed: readonly Placed[],
  took: readonly number[],
  from: EpochMinute,
  to: EpochMinute,
): { lates: number[]; attended: number } {
  const lates: number[] = [];
  let attended = 0;
  const freeAt = new Map<number, number>();
  for (const { request, desk, start } of [...placed].sort((a, b) => a.start - b.start)) {
    const begun = Math.max(start, freeAt.get(desk) ?? 0);
    const length = took[request]!;
    freeAt.set(desk, begun + length);
    if (start < from || start >= to) continue;
    lates.push(begun - start);
    attended += length;
  }
  return { lates, attended };
}
