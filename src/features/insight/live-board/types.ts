import type { Channel } from '../../../domain/channel.ts';
import type { OfficeDesk } from '../../../domain/office/types.ts';
import type { DayEntry } from '../../service/encounter/types.ts';
import type { Standing } from '../../service/presence/types.ts';

/** Which part of an office's work is looked at; null: all. */
export interface Filter {
  /** Code. */
  procedure: string | null;
  channel: Channel | null;
}

/** Somebody who should be attended by now, or is in the room. */
export interface Wait {
  entry: DayEntry;
  /** Since when they wait: since they came into the room, or their hour. */
  since: Temporal.Instant;
  /** Since when they wait for us: not before their hour. */
  owedSince: Temporal.Instant;
  /** Their hour is over by as much as the town calls late. */
  isLate: boolean;
  /** A video call whose citizen isn't in the room: nobody waits, though nothing has begun. */
  isAbsent: boolean;
}

/** A desk now. */
export interface DeskNow {
  desk: OfficeDesk;
  /** The name of who was there last; null: nobody yet. */
  who: string | null;
  /** Null: nobody has been there. */
  standing: Standing | null;
  isOnShift: boolean;
  /** How many wait for it. */
  waiting: number;
  isUnresponsive: boolean;
  /** Whom it attends next, of those not begun. */
  next: DayEntry | null;
}

/** Half an hour to come: what is booked in it, and who is there for it. */
export interface HalfHour {
  from: Temporal.Instant;
  /** Excluded. */
  to: Temporal.Instant;
  /** That begin in it. */
  appointments: number;
  byChannel: Record<Channel, number>;
  /** The most that go on at once. */
  atOnce: number;
  /** The most desks that are there for them at once. */
  desks: number;
  /** How many desks lack at the worst moment. */
  missing: number;
}

/** Somebody who attends and sits at no desk. */
export interface WithoutDesk {
  /** Their name; null: they work here no more. */
  who: string | null;
  standing: Standing;
}

export interface LiveFigures {
  waiting: number;
  /** Minutes; null: nobody waits. */
  longest: number | null;
  inCall: number;
  late: number;
  noshow: number;
  unresponsive: number;
  free: number;
}

/** An office at this moment. */
export interface LiveBoard {
  figures: LiveFigures;
  /** Whoever has waited longest first. */
  waits: Wait[];
  /** Those that work now, have somebody waiting, or are there all the same. */
  desks: DeskNow[];
  /** Who attends without a desk, such as whoever coordinates and took over. */
  withoutDesk: WithoutDesk[];
  ahead: HalfHour[];
}

/** A desk as far as what is to come goes. */
export interface DeskAhead {
  id: number;
  /** When it will be there, as pairs of epoch minutes, flat. */
  work: readonly number[];
  /** Whether it may attend what is looked at. */
  isQualified: boolean;
}
