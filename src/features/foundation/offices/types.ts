import type { Shift } from '../../../domain/rota.ts';

/** A row of the rota: a weekly pattern, or one day where it begins and ends on the same. */
export interface RotaShift extends Shift {
  /** Null: not kept yet. */
  readonly id: number | null;
  readonly desk: number;
  /** The event of a calendar file that it came from. */
  readonly uid: string | null;
}

/** When a desk doesn't work though a shift says so: local times of the office, `2026-11-30T09:00`, half-open. */
export interface RotaAbsence {
  readonly id: number | null;
  readonly desk: number;
  readonly from: string;
  readonly to: string;
  /** Why: for who coordinates and whoever attends from that desk. */
  readonly why: string;
  readonly uid: string | null;
}

/** All of an office's rota, as its rows are. */
export interface RotaRows {
  readonly shifts: readonly RotaShift[];
  readonly absences: readonly RotaAbsence[];
}

/** Who changes a rota in the console, and when. */
export interface RotaEditor {
  staff: number;
  now: Temporal.Instant;
}
