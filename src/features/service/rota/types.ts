import type { Appointment } from '../../../domain/appointment.ts';

/** A stretch of a calendar file: local times of the office. */
export interface ImportedEntry {
  readonly uid: string;
  readonly from: string;
  readonly to: string;
}

/** What somebody wants to change of a rota. Days `YYYY-MM-DD`, times `HH:MM`, weekdays 1 = Monday … 7 = Sunday. */
export type RotaEdit =
  /** `weekdays` null: on that day alone; else each week on those, from that day on until `until`, included. */
  | {
      kind: 'add';
      desk: number;
      day: string;
      from: string;
      to: string;
      weekdays: readonly number[] | null;
      until: string | null;
    }
  /** `weekdays` null: on that day alone; else each week on those, from that day on until `until`, included, whatever it was. */
  | {
      kind: 'alter';
      shift: number;
      day: string;
      from: string;
      to: string;
      weekdays: readonly number[] | null;
      until: string | null;
    }
  | { kind: 'drop'; shift: number; day: string; onwards: boolean }
  | { kind: 'absence'; desk: number; from: string; to: string; why: string }
  /** The desk is back at a local time, null: now. What is left of an absence from then on goes. */
  | { kind: 'back'; absence: number; at: string | null }
  /** Two desks work each other's hours on a day. */
  | { kind: 'swap'; day: string; desks: readonly [number, number] }
  /** Weeks from `to` on, `count` of them, become what the week of `from` is. Mondays. */
  | { kind: 'copy'; from: string; to: string; count: number }
  /**
   * What a file says of one desk; what an earlier one said under the same UIDs is replaced. Shifts that are in the way of the file's
   * give way on those days.
   */
  | {
      kind: 'import';
      desk: number;
      as: 'absence' | 'shift';
      why: string;
      entries: readonly ImportedEntry[];
      /** Of all events of the file. */
      uids: readonly string[];
      /** Whether all goes that earlier files brought, absences and shifts. */
      replaces: boolean;
    };

/** What is wrong with an edit. `gone`: the shift or absence is there no more. */
export type EditMistake =
  | 'gone'
  | 'desk'
  | 'day'
  | 'past'
  | 'from'
  | 'to'
  | 'order'
  | 'long'
  | 'weekdays'
  | 'until'
  | 'why'
  | 'overlap'
  | 'same_desk'
  | 'same_week'
  | 'count'
  | 'entries';

/** A shift of a desk as it falls on a day. */
export interface DayShift {
  readonly id: number | null;
  readonly from: string;
  /** Not after `from`: on the next day. */
  readonly to: string;
  /** Whether it is there on this day alone. */
  readonly once: boolean;
}

/** The part of an absence that lies in a day. */
export interface DayAbsence {
  readonly id: number | null;
  readonly from: string;
  /** `24:00`: to the day's end. */
  readonly to: string;
  readonly why: string;
}

/** A desk's day in the rota. */
export interface RotaDay {
  readonly day: string;
  readonly shifts: readonly DayShift[];
  readonly absences: readonly DayAbsence[];
}

/** A day of a desk that a change makes another. */
export interface DayDifference {
  readonly desk: number;
  readonly before: RotaDay;
  readonly after: RotaDay;
}

/** What becomes of an appointment whose desk won't work at its hour: that desk has it, other hours are offered, or it is left. */
export type Resolution = number | 'offer' | 'leave';

/** An appointment that a change takes its desk from, and the desk that could have it; null: none is free at its hour. */
export interface Affected {
  readonly appointment: Appointment;
  readonly to: number | null;
}

/** An appointment's fate as it is kept with the change. */
export interface KeptResolution {
  readonly id: string;
  readonly desk: number;
  readonly start: string;
  readonly resolution: Resolution;
}

/** A change that was made. */
export interface RotaChange {
  readonly id: number;
  readonly kind: RotaEdit['kind'];
  readonly madeAt: Temporal.Instant;
  readonly resolutions: readonly KeptResolution[];
}

/** What came of an appointment that lost its desk. */
export interface Outcome {
  readonly appointment: Appointment;
  readonly desk: number;
  readonly now: 'reassigned' | 'waits' | 'left' | 'moved' | 'over';
}

/** An appointment at an hour at which its desk doesn't work. */
export interface Outside {
  readonly id: string;
  readonly desk: number;
  readonly start: Temporal.Instant;
}
