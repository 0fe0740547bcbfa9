import { CHANNELS, type Channel } from '../../../domain/channel.ts';

/** What people come by: appointments of each channel, and calls that nobody announced. */
export const KINDS = [...CHANNELS, 'calls'] as const;
export type Kind = (typeof KINDS)[number];

/** Returns a value for each kind. */
export function byKind<T>(make: (kind: Kind) => T): Record<Kind, T> {
  const entries = KINDS.map((each): [Kind, T] => [each, make(each)]);
  return Object.fromEntries(entries) as Record<Kind, T>;
}

/** From the low to the high of what is likely: eight weeks of ten lie between. */
export interface Band {
  low: number;
  high: number;
}

export const SPANS = [4, 8, 13] as const;

/**
 * What a plan supposes. Every number may be changed; null: as it was in the weeks looked at. By channel: appointments in a week.
 */
export interface Assumptions extends Record<Channel, number | null> {
  /** Whole weeks of the past that are looked at. */
  weeks: (typeof SPANS)[number];
  /** Calls without an appointment in half an hour, while the office is open. */
  calls: number | null;
  /** Minutes that such a call takes, with what is written afterwards. */
  callMinutes: number | null;
  /** Percent by which a number that was typed may be off, to either side. */
  give: number;
  /** The promise to who wants an appointment: a first free time within so many working days … */
  days: number;
  /** … on so many days of a hundred. */
  often: number;
  /** The promise to who calls: so many percent … */
  answered: number;
  /** … within so many seconds. */
  seconds: number;
  /** Seconds that who calls bears on average before hanging up. */
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

/** What was seen of appointments by one channel. */
export interface ChannelHistory {
  /** By week of the span, oldest first: how many there were. */
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

/** What happened in the weeks looked at, and by channel. */
export interface History extends Record<Channel, ChannelHistory> {
  /** How many days the office was open in each week. */
  openDays: number[];
  /** How often each weekday was open; index 1 is Monday. */
  openWeekdays: number[];
  calls: CallHistory;
  /** Appointments to which somebody came, and to which nobody did. */
  came: number;
  missed: number;
}

/** How many desks the rota has at a half hour of an ordinary week, on average. */
export interface RotaHalf extends HalfHour {
  /** That attend by this channel; anybody takes calls who attends by telephone. */
  desks: Record<Kind | 'all', number>;
}

/** Whether the rota has what is needed: all of the band, part of it, or none. */
export type Verdict = 'enough' | 'tight' | 'short';

/** How many people a half hour needs, in whole people, and how many the rota has. */
export interface PlannedHalf extends HalfHour {
  needs: Record<Kind | 'all', Band>;
  has: Record<Kind | 'all', number>;
  verdict: Verdict;
}

/** What a week takes, in desk hours that are paid. */
export interface PlannedWeek {
  kind: Kind | 'all';
  /** Appointments or calls in a week. */
  demand: Band;
  hours: Band;
  rota: number;
  verdict: Verdict;
}

/** What the weeks looked at say, where nothing else was typed. */
export interface Known {
  /** Whole weeks that something is known of. */
  weeks: Record<Kind, number>;
  perWeek: Record<Channel, number | null>;
  /** In each half hour in which the rota has a desk that attends by telephone, as it is typed, too. */
  callsPerHalfHour: number | null;
  callMinutes: number | null;
  /** Percent; null: nobody was to come yet. */
  show: number | null;
}

/** How many people are needed, as bands, and what they were reckoned from. */
export interface Plan {
  known: Known;
  /** Empty: nothing is known and nothing was supposed. */
  weeks: PlannedWeek[];
  halves: PlannedHalf[];
  /** Hours that a desk of the rota works in a week, on average; null: none works. */
  deskHours: number | null;
  /** More people would come than there are places: overbooking goes beyond those who don't come. */
  overbooked: boolean;
  /** Of the time that appointments take, what is spent attending: 0 to 1; null where nothing is known. */
  attending: number | null;
}

/** An appointment of the past, as far as a replay needs it. */
export interface Asked {
  /** When it was asked for. */
  asked: Temporal.Instant;
  /** When it was to be. */
  start: Temporal.Instant;
  procedure: string;
  channel: string;
  language: string;
  /** Minutes, without those after it. */
  duration: number;
  /** Minutes between its starts where the procedure has its own. */
  step: number | null;
  /** Minutes that attending took; `missed`: nobody came; null: not known. */
  took: number | 'missed' | null;
}

/** How a month would have gone with so many desks more or fewer. */
export interface Replayed {
  /** Desks more than there were; below 0: fewer. */
  change: number;
  /** Desks that worked. */
  desks: number;
  /** Working days from asking to the first free time: the wait of half of those who asked, and of nine of ten. */
  wait: { half: number; most: number };
  /** The share of them, 0 to 1, to whom the promise was kept. */
  kept: number;
  /** Who found no time at all within the horizon. */
  none: number;
  /** The share of the desks' time in which they attended, 0 to 1. */
  occupied: number;
  /** The share of appointments that began more than five minutes late, and by how many minutes nine of ten began at most. */
  late: { share: number; most: number };
}

/** A month of the past, played again. */
export interface Replay {
  /** What was asked for from this instant on. */
  from: Temporal.Instant;
  to: Temporal.Instant;
  /** How many asked in it, of those that were played. */
  asked: number;
  /** Of so many desks and requests one was played, where there are too many; a desk more stands for as many then. */
  oneIn: number;
  /** The desk whose hours those have that come, and those that go, one after the other: agents' ids. */
  comes: number | null;
  go: number[];
  /** From fewest desks to most. */
  runs: Replayed[];
}
