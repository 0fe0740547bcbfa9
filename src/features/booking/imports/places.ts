import { minutesTaken } from '../../../domain/occupancy.ts';
import type { Office } from '../../../domain/office/types.ts';
import {
  firstEndingAfter,
  isQualified,
  mergeIntervals,
  minuteAtOrAfter,
  type WorkTime,
  workTimes,
} from '../slots/rules.ts';
import type { Busy, SlotNeed } from '../slots/types.ts';

/** Where an appointment can be at its hour. `clash`: no desk that attends it is free; the desk is one of them. */
export interface Place {
  verdict: 'book' | 'outside_shift' | 'clash';
  desk: number;
  /** Code of the desk's site; null: it stands at none. */
  site: string | null;
}

type Need = Omit<SlotNeed, 'further' | 'site'>;

/** The desks of an office and their time, as it fills while appointments are placed one after the other. */
export class Places {
  readonly #office: Office;
  readonly #work: Map<number, WorkTime>;
  readonly #busy: Map<number, readonly number[]>;
  /** Minutes that were placed, by desk and day. */
  readonly #minutes = new Map<string, number>();

  /** `busy`: what the desks have from `now` until `last`. */
  constructor(
    office: Office,
    busy: Busy,
    { now, last }: { now: Temporal.Instant; last: Temporal.Instant },
  ) {
    const [first, end] = [now, last].map((each) =>
      each.toZonedDateTimeISO(office.timeZone).toPlainDate().toString(),
    ) as [string, string];
    this.#office = office;
    this.#work = workTimes(office.rota, first, end);
    this.#busy = new Map([...busy].map(([desk, minutes]) => [desk, mergeIntervals(minutes)]));
  }

  /**
   * Places an appointment at its hour and takes the time: at a desk that works then, or else at one that is free; of several, the one with
   * the fewest minutes that day, then by code. Null: no desk attends it at all.
   */
  take(need: Need, start: Temporal.Instant): Place | null {
    const able = this.#office.rota.desks
      .filter((each) => isQualified(each, need))
      .toSorted((a, b) => (a.code < b.code ? -1 : 1));
    const from = minuteAtOrAfter(start);
    const until = from + minutesTaken(this.#office.settings.slots, need);
    const free = able.filter(({ id }) => !touches(this.#busy.get(id) ?? [], from, until));
    const working = free.filter(({ id }) =>
      holds(this.#work.get(id)?.work ?? [], from, from + need.duration),
    );
    const day = start.toZonedDateTimeISO(this.#office.timeZone).toPlainDate().toString();
    const load = (id: number) => this.#minutes.get(`${id} ${day}`) ?? 0;
    const candidates = [working, free, able].find((each) => each.length > 0) ?? [];
    const [desk] = candidates.toSorted((a, b) => load(a.id) - load(b.id));
    if (!desk) return null;
    const place = { desk: desk.id, site: desk.site ?? null };
    if (free.length === 0) return { verdict: 'clash', ...place };
    this.#minutes.set(`${desk.id} ${day}`, load(desk.id) + need.duration);
    const busy = this.#busy.get(desk.id) ?? [];
    this.#busy.set(desk.id, mergeIntervals([...busy, from, until]));
    return { verdict: working.length > 0 ? 'book' : 'outside_shift', ...place };
  }
}

/** Whether the set of intervals has a minute in common with `[from, to)`. */
const touches = (set: readonly number[], from: number, to: number): boolean =>
  set[firstEndingAfter(set, from)]! < to;

/** Whether the set of intervals has all of `[from, to)`. */
function holds(set: readonly number[], from: number, to: number): boolean {
  const first = firstEndingAfter(set, from);
  return set[first]! <= from && to <= set[first + 1]!;
}
