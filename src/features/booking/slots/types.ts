/** Whole minutes since 1970-01-01T00:00Z. Every calculation of slots is made in these. */
export type EpochMinute = number;

/** A weekly recurring stretch of work, in wall-clock times of the office's zone. */
export interface Shift {
  /** ISO weekdays on which it starts: 1 = Monday … 7 = Sunday. */
  readonly weekdays: readonly number[];
  /** `HH:MM`, wall clock. */
  readonly from: string;
  /** `HH:MM`; at or before `from` it means the next day; `24:00` is allowed. */
  readonly to: string;
  /** `YYYY-MM-DD`: first day on which it starts. */
  readonly since: string;
  /** `YYYY-MM-DD`: last day on which it starts, inclusive. */
  readonly until?: string | undefined;
  /** `YYYY-MM-DD`: days on which it doesn't start though the rest says so, as EXDATE (RFC 5545, 3.8.5.1). */
  readonly except?: readonly string[] | undefined;
}

/** When an agent does not work though a shift says so. Half-open, `[from, to)`. */
export interface Absence {
  /** Local `YYYY-MM-DDTHH:MM`. */
  readonly from: string;
  /** Local `YYYY-MM-DDTHH:MM`. */
  readonly to: string;
}

/** An agent as the slot engine sees them: what they can do and when they work. */
export interface RotaDesk {
  readonly id: number;
  readonly code: string;
  /** OneTimeCodes of the procedures they can attend. */
  readonly skills: 'all' | readonly string[];
  readonly languages: readonly string[];
  readonly channels: readonly string[];
  readonly shifts: readonly Shift[];
  readonly absences: readonly Absence[];
}

/**
 * Who works when in one office. Taken as immutable: what is computed from it is kept for as long as
 * the object lives, so make a new one whenever anything in it changes.
 */
export interface Rota {
  /** IANA name, for instance `Europe/Madrid`. */
  readonly timeZone: string;
  readonly desks: readonly RotaDesk[];
  /** Public holidays and closures: whole local days, `YYYY-MM-DD`. */
  isClosed(day: string): boolean;
}

/** An office's rules for offering starts. All minutes are whole. */
export interface SlotPolicy {
  /** A start is at least this long after now. */
  readonly leadMinutes: number;
  /** The last local day offered is today plus this many. */
  readonly horizonDays: number;
  /** Minutes kept free after each appointment. */
  readonly buffer: number;
  /** `grid`: counted from each shift's start; `packed`: from the start of each free interval. */
  readonly starts: 'grid' | 'packed';
  /** Minutes between starts; `duration + buffer` when absent. */
  readonly step?: number | undefined;
}

/** What is to be attended, and how. */
export interface SlotNeed {
  /** Code of the procedure. */
  readonly procedure: string;
  readonly channel: string;
  readonly language: string;
  /** Minutes of elapsed time. */
  readonly duration: number;
}

/** A need and the local days asked for, both inclusive, `YYYY-MM-DD`. */
export interface SlotQuery extends SlotNeed {
  readonly from: string;
  readonly to: string;
}

/** A start that is offered. */
export interface Slot {
  readonly start: EpochMinute;
  readonly end: EpochMinute;
  /** Ids of the agents who could take it, in the rota's order; its length is the capacity. */
  readonly desks: readonly number[];
}

/**
 * By agent id, when they are taken: sorted disjoint `[start, end)` pairs of epoch minutes, flat in
 * one array, each already widened by the buffer after it. `mergeIntervals` makes such an array.
 */
export type Busy = ReadonlyMap<number, readonly number[] | Int32Array>;
