/** A weekly stretch of work, in wall-clock times of the office's zone. */
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
  /** `YYYY-MM-DD`: exceptions, days on which it doesn't start, as EXDATE (RFC 5545, 3.8.5.1). */
  readonly except?: readonly string[] | undefined;
}

/** A time in which a desk does not work, despite its shifts. Half-open, `[from, to)`. */
export interface Absence {
  /** Local `YYYY-MM-DDTHH:MM`. */
  readonly from: string;
  /** Local `YYYY-MM-DDTHH:MM`. */
  readonly to: string;
}

/** A stretch of time, `[from, to)`. */
export interface Stretch {
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
}

/** A desk for the slot engine: its skills and its hours. */
export interface RotaDesk {
  readonly id: number;
  readonly code: string;
  /** Codes of the procedures that it serves. */
  readonly skills: 'all' | readonly string[];
  readonly languages: readonly string[];
  readonly channels: readonly string[];
  /** Code of the desk's site; null or absent: it has none. */
  readonly site?: string | null;
  /** Conversations that it may have at once; null or absent: as many as the office says. */
  readonly chats?: number | null;
  readonly shifts: readonly Shift[];
  readonly absences: readonly Absence[];
  /** When a connected calendar says that whoever sits there is busy. */
  readonly elsewhere?: readonly Stretch[];
}

/**
 * The desks, shifts and absences of one office. Immutable: results computed from it are kept for as long as the object lives, so every
 * change needs a new object.
 */
export interface Rota {
  /** IANA name, for instance `Europe/Madrid`. */
  readonly timeZone: string;
  readonly desks: readonly RotaDesk[];
  /** Public holidays and closures: whole local days, `YYYY-MM-DD`. */
  isClosed(day: string): boolean;
}

/** Returns the local time of an instant as an absence has it: `2026-11-30T09:00`. */
export const localMinute = (at: Temporal.Instant, timeZone: string): string =>
  at.toZonedDateTimeISO(timeZone).toPlainDateTime().toString({ smallestUnit: 'minute' });

/** Returns the instant of a local time as an absence has it. */
export const instantAt = (local: string, timeZone: string): Temporal.Instant =>
  Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone).toInstant();
