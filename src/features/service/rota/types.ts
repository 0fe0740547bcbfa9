import type { Appointment } from '../../../domain/appointment.ts';

/** A stretch of a calendar file, in local times of the office. */
export interface ImportedEntry {
  readonly uid: string;
  readonly from: string;
  readonly to: string;
}

/** A change of a rota that a coordinator asks for. Days `YYYY-MM-DD`, times `HH:MM`, weekdays 1 = Monday … 7 = Sunday. */
export type RotaEdit =
  /** Adds a shift. `weekdays` null: on that day alone; else weekly on those weekdays, from that day until `until`, included. */
  | {
      kind: 'add';
      desk: number;
      day: string;
      from: string;
      to: string;
      weekdays: readonly number[] | null;
      until: string | null;
    }
  /**
   * Changes a shift. `weekdays` null: on that day alone; else weekly on those weekdays, from that day until `until`, included, whatever its
   * days were before.
   */
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
  /** Every desk is absent: a strike, a storm. */
  | { kind: 'close'; from: string; to: string; why: string }
  /** Ends the absences of a closing now. */
  | { kind: 'reopen'; absences: readonly number[] }
  /** Ends an absence at a local time; null: now. The rest of the absence is removed. */
  | { kind: 'back'; absence: number; at: string | null }
  /** Two desks exchange their hours on a day. */
  | { kind: 'swap'; day: string; desks: readonly [number, number] }
  /** Copies the week of `from` to `count` weeks from `to` on. Both days are Mondays. */
  | { kind: 'copy'; from: string; to: string; count: number }
  /**
   * Imports a calendar file for one desk. It replaces the rows that an earlier file added under the same UIDs. Other shifts that overlap
   * the shifts of the file are removed on those days.
   */
  | {
      kind: 'import';
      desk: number;
      as: 'absence' | 'shift';
      why: string;
      entries: readonly ImportedEntry[];
      /** The UIDs of all events of the file. */
      uids: readonly string[];
      /** Whether the file removes everything that earlier files added, absences and shifts. */
      replaces: boolean;
    };

/** A mistake of an edit. `gone`: the shift or absence no longer exists. */
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

/** A shift of a desk on a day. */
export interface DayShift {
  readonly id: number | null;
  readonly from: string;
  /** If it is not after `from`, the shift ends on the next day. */
  readonly to: string;
  /** Whether the shift has this day alone. */
  readonly once: boolean;
}

/** The part of an absence on a day. */
export interface DayAbsence {
  readonly id: number | null;
  readonly from: string;
  /** `24:00`: until the end of the day. */
  readonly to: string;
  readonly why: string;
}

/** The rota of a desk on a day. */
export interface RotaDay {
  readonly day: string;
  readonly shifts: readonly DayShift[];
  readonly absences: readonly DayAbsence[];
}

/** A day of a desk that a change affects. */
export interface DayDifference {
  readonly desk: number;
  readonly before: RotaDay;
  readonly after: RotaDay;
}

/**
 * The resolution for an appointment whose desk won't work at its hour: another desk by id; null: any desk that becomes free, or else an
 * offer of other hours; an offer of other hours in any case; or no change.
 */
export type Resolution = number | null | 'offer' | 'leave';

/** An appointment that loses its desk by a change. `to`: the desk that could take over; null: none is free at its hour. */
export interface Affected {
  readonly appointment: Appointment;
  readonly to: number | null;
}

/** The resolution of an appointment, as it is kept with the change. */
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

/** An absence that was entered in the console. */
export interface EnteredAbsence {
  readonly id: number;
  readonly desk: number;
  readonly from: string;
  readonly to: string;
  readonly why: string;
  /** The id of the change that entered it. */
  readonly change: number;
  /** Whether that change closed the whole office. */
  readonly isOfClosing: boolean;
}

/** A closing of the whole office. */
export interface Closing {
  readonly change: RotaChange;
  /** Of the desks that are absent by it; what was ended before it began is gone. */
  readonly absences: readonly EnteredAbsence[];
  /** When its appointments are seen to and their citizens are told; until then it can be undone. */
  readonly settlesAt: Temporal.Instant;
  /** When they were; null: not yet. */
  readonly settledAt: Temporal.Instant | null;
}

/** The current state of an appointment that lost its desk. */
export interface Outcome {
  readonly appointment: Appointment;
  readonly desk: number;
  readonly now: 'reassigned' | 'waits' | 'left' | 'moved' | 'over';
}

/** Why a desk does not work at the hour of an appointment; `calendar`: only since a connected calendar is busy then. */
export type OutsideReason = 'hours' | 'calendar';

/** An appointment at an hour at which its desk doesn't work. */
export interface Outside {
  readonly id: string;
  readonly desk: number;
  readonly start: Temporal.Instant;
  readonly why: OutsideReason;
}
