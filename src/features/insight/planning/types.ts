import { CHANNELS, type Channel } from '../../../domain/channel.ts';
import type { Extent } from '../../../domain/office/bundle.ts';

/** The kinds of demand: appointments of each channel, and unannounced calls. */
export const KINDS = [...CHANNELS, 'calls'] as const;
export type Kind = (typeof KINDS)[number];

/** Returns a value for each kind. */
export function byKind<T>(make: (kind: Kind) => T): Record<Kind, T> {
  const entries = KINDS.map((each): [Kind, T] => [each, make(each)]);
  return Object.fromEntries(entries) as Record<Kind, T>;
}

/** The low and high estimate: eight weeks of ten are between them. */
export interface Band {
  low: number;
  high: number;
}

export const SPANS = [4, 8, 13] as const;

/**
 * The assumptions of a plan. Every number may be changed; null: the past value. By channel: appointments per week.
 */
export interface Assumptions extends Record<Channel, number | null> {
  /** Number of whole past weeks that are used. */
  weeks: (typeof SPANS)[number];
  /** Calls without an appointment in half an hour, while the office is open. */
  calls: number | null;
  /** Minutes of such a call, including the notes after it. */
  callMinutes: number | null;
  /** Uncertainty of typed numbers in percent. */
  give: number;
  /** The promise for appointments: a first free time within so many working days … */
  days: number;
  /** … on so many days of a hundred. */
  often: number;
  /** The promise for callers: so many percent … */
  answered: number;
  /** … within so many seconds. */
  seconds: number;
  /** Mean seconds before a caller hangs up. */
  patience: number;
  /** Percent of appointments to which people come. */
  show: number | null;
  /** Percent of appointments given beyond the places that there are. */
  overbooking: number;
  /** Percent of paid time in which nobody is at the desk: breaks, training, meetings. */
  shrinkage: number;
}

/** A half hour of the week. `weekday`: ISO, 1 is Monday; `half`: 0 begins at midnight, 47 at 23.30. */
export interface HalfHour {
  weekday: number;
  half: number;
}

/** Past appointments of one channel. */
export interface ChannelHistory {
  /** Number by week of the span, oldest first. */
  weeks: number[];
  /** Minutes that desks were taken, those after appointments included, by half hour of the week, over the whole span. */
  taken: (HalfHour & { minutes: number })[];
  /** Minutes that one takes of a desk on average, those after it included; null: there was none. */
  place: number | null;
  /** How long attending took, in minutes. */
  lengths: Lengths;
}

/** How long something took, in minutes. */
export interface Lengths {
  count: number;
  mean: number;
  /** Standard deviation. */
  spread: number;
}

/** Calls that rang at desks without an appointment. */
export interface CallHistory {
  weeks: number[];
  /** Over the whole span. */
  begun: (HalfHour & { calls: number })[];
  lengths: Lengths;
}

/** The data of the past weeks, by channel. */
export interface History extends Record<Channel, ChannelHistory> {
  /** How many days the office was open in each week. */
  openDays: number[];
  /** How often each weekday was open; index 1 is Monday. */
  openWeekdays: number[];
  calls: CallHistory;
  /** Attended appointments, and no-shows. */
  came: number;
  missed: number;
}

/** How many desks the rota has at a half hour of an ordinary week, on average. */
export interface RotaHalf extends HalfHour {
  /** Desks of this channel; any desk with telephone takes calls. */
  desks: Record<Kind | 'all', number>;
}

/** Whether the rota covers the need: the whole band, part of it, or none. */
export type Verdict = 'enough' | 'tight' | 'short';

/** The whole people that a half hour needs, and that the rota has. */
export interface PlannedHalf extends HalfHour {
  needs: Record<Kind | 'all', Band>;
  has: Record<Kind | 'all', number>;
  verdict: Verdict;
}

/** A week's need, in paid desk hours. */
export interface PlannedWeek {
  kind: Kind | 'all';
  /** Appointments or calls in a week. */
  demand: Band;
  hours: Band;
  rota: number;
  verdict: Verdict;
}

/** The data of the past weeks, used as defaults. */
export interface Known {
  /** Number of whole weeks with data. */
  weeks: Record<Kind, number>;
  perWeek: Record<Channel, number | null>;
  /** In each half hour with a telephone desk in the rota, like the typed value. */
  callsPerHalfHour: number | null;
  callMinutes: number | null;
  /** Percent; null: there were no appointments yet. */
  show: number | null;
}

/** The need for people, as bands, and its basis. */
export interface Plan {
  known: Known;
  /** Empty: there are no data and no assumptions. */
  weeks: PlannedWeek[];
  halves: PlannedHalf[];
  /** Hours that a desk of the rota works in a week, on average; null: none works. */
  deskHours: number | null;
  /** More citizens would come than there are places: overbooking exceeds the no-shows. */
  overbooked: boolean;
  /** Share of appointments' time that is spent serving, 0 to 1; null: unknown. */
  attending: number | null;
}

/** A past appointment, with the data for a replay. */
export interface Asked extends Extent {
  /** Time of the request. */
  asked: Temporal.Instant;
  /** Its start. */
  start: Temporal.Instant;
  procedure: string;
  channel: string;
  language: string;
  /** Minutes, without those after it. */
  duration: number;
  /** Minutes between its starts where the procedure has its own. */
  step: number | null;
  /** Minutes of service; `missed`: the citizen didn't come; null: unknown. */
  took: number | 'missed' | null;
}

/** The result of a month with so many desks more or fewer. */
export interface Replayed {
  /** Desks more than there were; below 0: fewer. */
  change: number;
  /** Desks that worked. */
  desks: number;
  /** Working days from asking to the first free time: the wait of half of those who asked, and of nine of ten. */
  wait: { half: number; most: number };
  /** The share of them, 0 to 1, to whom the promise was kept. */
  kept: number;
  /** Requests without any time within the horizon. */
  none: number;
  /** The share of the desks' time in which they attended, 0 to 1. */
  occupied: number;
  /** The share of appointments that began more than five minutes late, and by how many minutes nine of ten began at most. */
  late: { share: number; most: number };
}

/** A replayed month. */
export interface Replay {
  /** Start of the replayed requests. */
  from: Temporal.Instant;
  to: Temporal.Instant;
  /** How many asked in it, of those that were played. */
  asked: number;
  /** One of so many desks and requests was replayed, when there are too many; an additional desk then represents as many. */
  oneIn: number;
  /** The desk that is copied, and the desks that are removed, in order: desk ids. */
  comes: number | null;
  go: number[];
  /** From fewest desks to most. */
  runs: Replayed[];
}
