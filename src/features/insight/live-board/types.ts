import type { Channel } from '../../../domain/channel.ts';
import type { OfficeDesk } from '../../../domain/office/types.ts';
import type { DayPlace } from '../../service/encounter/types.ts';
import type { Standing } from '../../service/presence/types.ts';

/** The part of an office's work to show; null: all. */
export interface Filter {
  /** Code. */
  procedure: string | null;
  channel: Channel | null;
}

/** A person whose service should have begun, or who is in the room or at the site. */
export interface Wait {
  entry: DayPlace;
  /** Start of waiting: when they came, or their hour. */
  since: Temporal.Instant;
  /** Start of waiting for the office: not before their hour. */
  owedSince: Temporal.Instant;
  /** They have waited longer than the town's limit of lateness. */
  isLate: boolean;
  /** A citizen who comes by themselves, to the room or to the site, and hasn't come: nobody waits, though nothing has begun. */
  isAbsent: boolean;
}

/** A desk now. */
export interface DeskNow {
  desk: OfficeDesk;
  /** Null: no agent has been there. */
  standing: Standing | null;
  isOnShift: boolean;
  /** Number of people who wait for it. */
  waiting: number;
  isUnresponsive: boolean;
  /** Its next appointment that hasn't begun. */
  next: DayPlace | null;
}

/** A future half hour: its bookings and available desks. */
export interface HalfHour {
  from: Temporal.Instant;
  /** Excluded. */
  to: Temporal.Instant;
  /** That begin in it. */
  appointments: number;
  byChannel: Record<Channel, number>;
  /** Maximum bookings at the same time. */
  atOnce: number;
  /** Maximum desks that are available for them at the same time. */
  desks: number;
  /** Number of missing desks at the worst moment. */
  missing: number;
}

/** An agent without a desk. */
export interface WithoutDesk {
  /** Their name; null: they no longer work here. */
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
  /** Citizens without an hour, since nobody called them at theirs. */
  uncalled: number;
  unresponsive: number;
  free: number;
}

/** An office at this moment. */
export interface LiveBoard {
  figures: LiveFigures;
  /** The longest wait first. */
  waits: Wait[];
  /** Desks that work now, have waiting people, or have an agent anyway. */
  desks: DeskNow[];
  /** Agents without a desk, such as a coordinator who took over. */
  withoutDesk: WithoutDesk[];
  ahead: HalfHour[];
}

/** A desk with the data for the forecast. */
export interface DeskAhead {
  id: number;
  /** Its future work, as pairs of epoch minutes, flat. */
  work: readonly number[];
  /** Whether it may serve the filter. */
  isQualified: boolean;
}
