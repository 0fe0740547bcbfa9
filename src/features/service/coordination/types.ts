import type { Appointment } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import type { OfficeDesk } from '../../../domain/office/types.ts';
import type { DayEntry } from '../encounter/types.ts';
import type { Standing } from '../presence/types.ts';

/** A stretch of a desk's time, in epoch minutes, that an appointment needs. */
export interface Stretch {
  from: number;
  /** Excluded. */
  to: number;
  /** From when the desk can take another. */
  busyUntil: number;
}

/** An appointment that another desk is to attend at its hour. */
export interface ToPlace extends Stretch {
  id: string;
  procedure: string;
  /** Codes of the further procedures. */
  further?: readonly string[] | undefined;
  channel: Channel;
  language: string;
  /** The site to which its citizen comes; absent: to none. */
  site?: string | null | undefined;
  /** The desk that it is at; null: none. */
  desk: number | null;
  /** Local day. */
  day: string;
}

/** A desk as far as taking over appointments goes. Merged sets of epoch minutes, flat. */
export interface DeskState {
  id: number;
  code: string;
  skills: 'all' | readonly string[];
  languages: readonly string[];
  channels: readonly string[];
  site?: string | null;
  work: readonly number[];
  away: readonly number[];
  /** The part of `away` in which only a connected calendar is busy. */
  elsewhere: readonly number[];
  busy: readonly number[] | Int32Array;
  /** Minutes booked, by local day. */
  minutes: ReadonlyMap<string, number>;
  /** When an appointment last fell to it, in epoch milliseconds; null: never. */
  assignedAt: number | null;
}

/**
 * Why a desk can't take an appointment at its hour. What it hasn't learnt, or that it isn't at work, a coordinator may know
 * better; when it is away or taken, nobody does. `calendar`: a connected calendar is busy then; `absent`: the hour has come, and nobody is
 * at the desk.
 */
export type Ineligibility =
  | ('here' | 'taken' | 'away' | 'calendar' | 'not_working' | 'absent')
  | Unfit;

/** Why a desk can't serve an appointment at any hour. */
export type Unfit = 'skill' | 'language' | 'channel' | 'site';

/** What the agent of a desk is at, and from when they could take one more. */
export interface Outlook {
  /** Null: nobody has been there today. */
  standing: Standing | null;
  /** When they have nothing to do that is owed; null: they are not there, or on a break. */
  freeAt: Temporal.Instant | null;
  /** When their own next appointment begins after that; null: they have none. */
  until: Temporal.Instant | null;
}

/** A desk to which an appointment may be given. */
export interface DeskChoice {
  desk: OfficeDesk;
  ineligibility: Ineligibility | null;
  /** Minutes booked that day. */
  minutes: number;
  /** Null: its hour is too far away for what the agent is at now to count. */
  outlook: Outlook | null;
}

/** An appointment that its desk can't attend, and the desk that could; null: none is free at its hour. */
export interface Resolution {
  appointment: Appointment;
  to: number | null;
}

/** Appointments that are to leave their desk: for another, or for hours that their citizens choose. */
export interface ToSettle {
  resolutions: readonly Resolution[];
  /** Appointments whose citizens are asked to choose, even if a desk is free. */
  offers: readonly Appointment[];
}

/** A citizen whose hour could not be kept and who has no other yet. */
export interface DisplacedCitizen {
  id: string;
  reference: string;
  start: Temporal.Instant;
  name: string;
  phone: string | null;
  channel: Channel;
  procedure: string;
  /** Codes of the further procedures. */
  further?: readonly string[];
  since: Temporal.Instant;
  /** The time that is kept for them. */
  offer: { start: Temporal.Instant; expiresAt: Temporal.Instant } | null;
}

/** An appointment on the board. */
export interface BoardEntry extends DayEntry {
  /** Since when its citizen is served, or waits in the room or at the site; null: neither. */
  since: Temporal.Instant | null;
}

/**
 * A stretch of a desk's day in which it has no appointment: it works and could have one, it is away, or a connected calendar is busy
 * (`calendar`).
 */
export interface Gap {
  from: Temporal.Instant;
  to: Temporal.Instant;
  kind: 'free' | 'away' | 'calendar';
}

/** A desk's day. */
export interface BoardDesk {
  desk: OfficeDesk;
  /** Those at the desk, in the order of their hours. */
  entries: BoardEntry[];
  gaps: Gap[];
  /** By how many minutes what waits there is likely to begin late; 0: on time. */
  lateMinutes: number;
  /** Minutes from now on in which it works and has nothing booked. */
  freeMinutes: number;
  /** What its agent is at; null: on another day, or for a desk that has retired. */
  outlook: Outlook | null;
}

export interface BoardFigures {
  inCall: number;
  /** To come in the next two hours. */
  soon: number;
  late: number;
  noshow: number;
  undelivered: number;
  /** Appointments with a result that the check stopped. */
  stoppedResults: number;
  displaced: number;
}

/** Everybody's day. */
export interface Board {
  day: Temporal.PlainDate;
  /** What the board shows: whole hours around all that is in it. */
  from: Temporal.Instant;
  to: Temporal.Instant;
  desks: BoardDesk[];
  displaced: DisplacedCitizen[];
  figures: BoardFigures;
}
