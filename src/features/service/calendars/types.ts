import type { TroubleKind } from './trouble.ts';

/** An address at which a calendar program reads the appointments of a desk, without its secret. */
export interface Feed {
  /** A UUID. */
  id: string;
  /** Id of the desk. */
  desk: number;
  /** Id of the member of staff who made it, and for whom it opens. */
  staff: number;
  /** Whether it has the citizens' names, while the office allows them. */
  names: boolean;
  madeAt: Temporal.Instant;
  /** The day (UTC) on which a program last read it; null: not yet. */
  readOn: string | null;
}

/** A role of a person in an office, by which they may see a desk. */
export interface Post {
  /** A stored `StaffRole`. */
  role: string;
  /** Id of their desk as an agent, if any. */
  desk: number | null;
}

/** A calendar that a server has. */
export interface FoundCalendar {
  url: string;
  name: string;
}

/** The span of which events are read. */
export interface ReadSpan {
  from: Temporal.Instant;
  until: Temporal.Instant;
}

/** The events of a span, each as a calendar file, and the server's sign for how they are now. */
export interface ServerRead {
  mark: string;
  texts: readonly string[];
}

/** A calendar at its server. Its functions throw `Trouble`. */
export interface CalendarServer {
  /** Returns the calendars to choose from. */
  calendars(): Promise<FoundCalendar[]>;
  /** Returns the events of a span; null: nothing changed since the mark. */
  read(mark: string | null, span: ReadSpan): Promise<ServerRead | null>;
  /** Writes an appointment, over what was written of it before. Returns its address there. */
  put(entry: { uid: string; text: string }): Promise<string>;
  /** Returns where an appointment is whose address was not noted; null: only the server knows. */
  placeOf(uid: string): string | null;
  /** Removes what was written. It may be gone already. */
  remove(remote: string): Promise<void>;
}

export const CALENDAR_KINDS = ['caldav'] as const;
export type CalendarKind = (typeof CALENDAR_KINDS)[number];

/** A calendar that is connected with a desk, without its password. */
export interface Connection {
  /** A UUID. */
  id: string;
  office: number;
  /** Id of the desk. */
  desk: number;
  /** Id of the member of staff whose own calendar it is; null: it is the desk's. */
  staff: number | null;
  kind: CalendarKind;
  /** The address that was typed. */
  address: string;
  username: string;
  /** The address of the calendar; null: it is not chosen yet. */
  calendar: string | null;
  calendarName: string;
  /** Whether its busy times take time from the desk. */
  reads: boolean;
  /** Whether it is given the desk's appointments. */
  writes: boolean;
  /** Whether they say who the citizen is, while the office allows it. */
  names: boolean;
  madeAt: Temporal.Instant;
  /** How many events could not be read. */
  skipped: number;
  /** When it last worked; null: not yet. */
  seenAt: Temporal.Instant | null;
  failures: number;
  trouble: TroubleKind | null;
  nextTryAt: Temporal.Instant;
  /** Until when a worker may be talking to its server; null: none is. */
  leasedUntil: Temporal.Instant | null;
}

/** What is kept of a connection for the worker alone. */
export interface Synced extends Connection {
  sealed: Buffer | null;
  keyVersion: number;
  mark: string | null;
  readFrom: string | null;
  isEnded: boolean;
}

/** An appointment in a connected calendar. */
export interface Entry {
  appointment: string;
  /** Its address at the server; null: not known to be there. */
  remote: string | null;
  /** A digest of what was written. */
  written: string;
}
