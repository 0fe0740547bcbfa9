import type { BusyStretch } from '../../foundation/offices/service.ts';
import type { TroubleKind } from './trouble.ts';
import type { Written } from './written.ts';

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
  /** Its address, or its id at the server. */
  place: string;
  name: string;
  /** The name of the account, where this is its main calendar and the server has the name. */
  account?: string;
}

/** The span of which events are read, and what of them does not count. */
export interface ReadSpan {
  from: Temporal.Instant;
  until: Temporal.Instant;
  /** The zone of the office: whole days are its days. */
  timeZone: string;
  /** Returns whether this installation wrote the event with this UID. */
  isOwn(uid: string): boolean;
  /** The places of what it wrote, as `put` returned them. */
  ownPlaces: ReadonlySet<string>;
}

/** When the owner of a calendar is busy. */
export interface ServerRead {
  /** The server's sign for how the calendar is now. */
  mark: string;
  busy: readonly BusyStretch[];
  /** Digests of the events that it is about, of which nothing else is true any more; null: it is about the whole span. */
  of: ReadonlySet<string> | null;
  /** How many events could not be read. */
  skipped: number;
}

/** A calendar at its server. Its functions throw `Trouble`. */
export interface CalendarServer {
  /** Returns the calendars to choose from. */
  calendars(): Promise<FoundCalendar[]>;
  /** Returns when its owner is busy in a span; null: nothing changed since the mark. */
  read(mark: string | null, span: ReadSpan): Promise<ServerRead | null>;
  /**
   * Writes an appointment, over what was written of it before. `remote`: where that is; null: nowhere, as far as is known. Returns where
   * it is now.
   */
  put(entry: Written, remote: string | null): Promise<string>;
  /** Returns where an appointment is, or would be, whose place was not noted; null: it is not there. */
  find(uid: string): Promise<string | null>;
  /** Removes what was written. It may be gone already. */
  remove(remote: string): Promise<void>;
}

/** `caldav`: a server by its address, with a name and a password; `graph`: Microsoft 365, by a sign-in there. */
export const CALENDAR_KINDS = ['caldav', 'graph'] as const;
export type CalendarKind = (typeof CALENDAR_KINDS)[number];

/** A calendar that is connected with a desk, without its password or tokens. */
export interface Connection {
  /** A UUID. */
  id: string;
  office: number;
  /** Id of the desk. */
  desk: number;
  /** Id of the member of staff whose own calendar it is; null: it is the desk's. */
  staff: number | null;
  kind: CalendarKind;
  /** The address that was typed; of Microsoft 365 that of its interface. */
  address: string;
  username: string;
  /** The address of the calendar, or its id at the server; null: it is not chosen yet. */
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
  /** Until when a worker may be talking to its server. Once it is past, when the last one ended; null: none has begun. */
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
