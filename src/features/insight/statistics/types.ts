import type { Channel } from '../../../domain/channel.ts';

/** Whole local days, the last one included, and what of them. */
export interface Span {
  from: Temporal.PlainDate;
  to: Temporal.PlainDate;
  channel: Channel | null;
  /** Id. */
  procedure: number | null;
  language: string | null;
}

/** How many; what belongs to an average is added up. All by the local day that an appointment was for in the end. */
export interface Counts {
  booked: number;
  fulfilled: number;
  noshow: number;
  cancelled: number;
  /** Of those not cancelled, local days from the booking to the day of the appointment: what was obtained, which need not be the first that was free. */
  waitDays: number;
  /** Who was called, or attended without a call, at the time that it was moved to last. */
  contacted: number;
  /** Of those, at most five minutes after their time. */
  punctual: number;
  lateSeconds: number;
  called: number;
  attempts: number;
  /** Encounters of which it is known how long they took: those that have ended, and weren't forgotten meanwhile. */
  closed: number;
  talkedSeconds: number;
  procedures: number;
  queries: number;
}

/** By what figures are told apart. `day`: of the week, ISO, 1 is Monday; `month`: its first day. */
export const SIDES = ['channel', 'procedure', 'language', 'day', 'month'] as const;
export type Side = (typeof SIDES)[number];

export interface Group {
  /** As text: a code of a channel or language, the id of a procedure, 1 to 7, a date. */
  key: string;
  counts: Counts;
}

/** A procedure carried out or a query answered, by what it was. */
export interface Item {
  kind: string;
  /** Id. */
  procedure: number | null;
  query: string | null;
  items: number;
}

/** How video calls went. */
export interface CallCounts {
  calls: number;
  connected: number;
  good: number;
  fair: number;
  poor: number;
}

/** What citizens said, of months in which enough did. */
export interface Opinion {
  /** Surveys with any answer. */
  answered: number;
  /** Appointments that ended in these months; all of them are asked. */
  ended: number;
  /** How many gave 0, 1, … 10; null: fewer than five said a number. */
  scores: number[] | null;
  /** Yes, partly, no; null: fewer than five said it. */
  solved: number[] | null;
  /** First days of the months that are counted. */
  months: string[];
  /** How many months of the span aren't: fewer than five surveys were answered, or some still may be. */
  leftOut: number;
}

export interface Figures {
  total: Counts;
  /** Months: each from the first in which anything was. */
  by: Record<Side, Group[]>;
  /** First days of the months of these that aren't over, or of which the span hasn't all days. */
  notWhole: string[];
  /** What was booked, by day of the week (ISO, 1 to 7) and hour. */
  hours: Map<number, readonly number[]>;
  items: Item[];
  /** Of all video calls, whatever they were about; null: the span is of some of them. */
  calls: CallCounts | null;
  opinion: Opinion;
  comments: string[];
}

export const OTHER_CHANNELS = ['walk_in', 'telephone', 'internet'] as const;
/** A channel that another system counts. `telephone`: the town's number for everything, such as 010. */
export type OtherChannel = (typeof OTHER_CHANNELS)[number];

/** A line of an import: encounters of a month by a channel. */
export interface OtherFigure {
  /** First day. */
  month: string;
  channel: OtherChannel;
  /** null: the figure that there was is taken back. */
  encounters: number | null;
}

/** Encounters of a year by a channel, ours or another. */
export interface ChannelYear {
  channel: string;
  encounters: number;
  /** Of which of the year's months, 1 to 12: of ours those since the office has figures at all, of others those that were imported. */
  months: readonly number[];
}

export interface YearOnYear {
  year: number;
  /** How many of the year's months are over and compared. */
  months: number;
  now: ChannelYear[];
  before: ChannelYear[];
}

/** What somebody wrote in a survey, as those see it who decide whether it is shown. */
export interface OpenComment {
  /** Names the comment, and tells nobody whose it is. */
  of: string;
  comment: string;
  /** null: nobody has decided. */
  passed: boolean | null;
}

/** What was published of an office, and when. */
export interface Edition {
  /** First days of the first and the last month. */
  first: string;
  last: string;
  /** How many. */
  months: number;
  /** When something was published first, and last. */
  since: Temporal.Instant;
  at: Temporal.Instant;
}

/** A published figure. */
export interface OpenRow {
  /** First day of the month. */
  month: string;
  indicator: string;
  channel: string | null;
  procedure: string | null;
  language: string | null;
  value: number | null;
}
