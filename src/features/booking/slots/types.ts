import type { OccupancyPolicy } from '../../../domain/occupancy.ts';

/** Whole minutes since 1970-01-01T00:00Z. Every calculation of slots is made in these. */
export type EpochMinute = number;

/** An office's rules for offering starts. All minutes are whole. */
export interface SlotPolicy extends OccupancyPolicy {
  /** A start is at least this long after now. */
  readonly leadMinutes: number;
  /** The last local day offered is today plus this many. */
  readonly horizonDays: number;
  /** `grid`: counted from each shift's start; `packed`: from the start of each free interval. */
  readonly starts: 'grid' | 'packed';
  /** Minutes between starts; as many as an appointment takes when absent. */
  readonly step?: number | undefined;
}

/** The service that is needed. */
export interface SlotNeed {
  /** Code of the procedure, of the first one where there are several. */
  readonly procedure: string;
  /** Codes of the further procedures; absent: none. */
  readonly further?: readonly string[] | undefined;
  readonly channel: string;
  readonly language: string;
  /** Code of the only site that will do; absent: any, or none. */
  readonly site?: string | null | undefined;
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
  /** How many desks could take it; `desksFor` names them. */
  readonly capacity: number;
}

/**
 * By desk id, its busy time: sorted disjoint `[start, end)` pairs of epoch minutes, flat in
 * one array, each with the minutes that stay free after it. `mergeIntervals` makes such an array.
 */
export type Busy = ReadonlyMap<number, readonly number[] | Int32Array>;
