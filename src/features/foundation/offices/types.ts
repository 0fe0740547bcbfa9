import type { Shift } from '../../../domain/rota.ts';

/** A row of the rota: a weekly pattern, or a single day when start and end are the same day. */
export interface RotaShift extends Shift {
  /** Null: not stored yet. */
  readonly id: number | null;
  readonly desk: number;
  /** The event of a calendar file that it came from. */
  readonly uid: string | null;
}

/** An absence: the desk doesn't work although a shift exists. Local times of the office, `2026-11-30T09:00`, half-open. */
export interface RotaAbsence {
  readonly id: number | null;
  readonly desk: number;
  readonly from: string;
  readonly to: string;
  /** The reason, for coordinators and the agent of that desk. */
  readonly why: string;
  readonly uid: string | null;
}

/** An office's complete rota, as stored. */
export interface RotaRows {
  readonly shifts: readonly RotaShift[];
  readonly absences: readonly RotaAbsence[];
}
