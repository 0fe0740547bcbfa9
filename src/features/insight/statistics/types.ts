import type { Channel } from '../../../domain/channel.ts';

export {
  type OpenRequestRow,
  REQUEST_INDICATORS,
  REQUEST_SIDES,
  type RequestCounts,
  type RequestFigures,
  type RequestGroup,
  type RequestSide,
} from './requests/types.ts';
export type { OfficeSheet, SheetDays } from './sheet/types.ts';

/** Whole local days, the last one included, with a filter. */
export interface Span {
  from: Temporal.PlainDate;
  to: Temporal.PlainDate;
  channel: Channel | null;
  /** Id. */
  procedure: number | null;
  language: string | null;
}

/** Counts; for means, sums. All by the local day of the final appointment time. */
export interface Counts {
  booked: number;
  fulfilled: number;
  noshow: number;
  cancelled: number;
  /** Promises to call that were not kept, by the local day of the promised time. */
  unkept: number;
  /**
   * Of those not cancelled, local days from the booking to the appointment's day: the obtained time, which may not be the first free one.
   */
  waitDays: number;
  /** Citizens who were called, or served without a call, at the last time of the appointment. */
  contacted: number;
  /** Of those, at most five minutes after their time. */
  punctual: number;
  lateSeconds: number;
  called: number;
  attempts: number;
  /** Encounters with a known duration: those that have ended, and weren't destroyed meanwhile. */
  closed: number;
  talkedSeconds: number;
  procedures: number;
  queries: number;
  /** Encounters without an appointment; what is carried out and answered in them, and their length, count as any other's. */
  unbooked: number;
}

/** The dimensions of figures. `day`: of the week, ISO, 1 is Monday; `month`: its first day. */
export const SIDES = ['channel', 'procedure', 'language', 'day', 'month'] as const;
export type Side = (typeof SIDES)[number];

export interface Group {
  /** As text: a code of a channel or language, the id of a procedure, 1 to 7, a date. */
  key: string;
  counts: Counts;
}

/** Conversations in writing; for means, sums. By when they began. */
export interface ChatCounts {
  /** Those that came into the line. */
  began: number;
  answered: number;
  /** From the beginning to the first answer, of those that were answered. */
  waitSeconds: number;
  /** Of those that were answered, those that have ended. */
  closed: number;
  talkedSeconds: number;
  /** They left the line before anybody answered, without a message. */
  gaveUp: number;
  /** Messages, left at once or in place of waiting. */
  messages: number;
  /** How often one went back to the line, since its desk was gone or silent. */
  returned: number;
}

export interface ChatGroup {
  /** A code of a topic, or an hour of the day, 0 to 23. */
  key: string;
  counts: ChatCounts;
}

/** A number of procedures carried out or queries answered, by kind. */
export interface Item {
  kind: string;
  /** Id. */
  procedure: number | null;
  query: string | null;
  items: number;
}

/** The quality of video calls. */
export interface CallCounts {
  calls: number;
  connected: number;
  good: number;
  fair: number;
  poor: number;
}

/** The survey answers of months with enough of them. */
export interface Opinion {
  /** Surveys with any answer. */
  answered: number;
  /** Ended appointments of these months; all of them get a survey. */
  ended: number;
  /** Number of answers 0, 1, … 10; null: fewer than five gave a number. */
  scores: number[] | null;
  /** Yes, partly, no; null: fewer than five answered. */
  solved: number[] | null;
  /** First days of the counted months. */
  months: string[];
  /** Number of months without answers: fewer than five surveys, or the month isn't settled. */
  leftOut: number;
}

export interface Figures {
  total: Counts;
  /** Months, starting with the first that has figures. */
  by: Record<Side, Group[]>;
  /** First days of those months that aren't over or aren't completely in the span. */
  notWhole: string[];
  /** Bookings by day of the week (ISO, 1 to 7) and hour. */
  hours: Map<number, readonly number[]>;
  items: Item[];
  /** All video calls of the span; null: the span has a filter. */
  calls: CallCounts | null;
  opinion: Opinion;
  comments: string[];
}

export const OTHER_CHANNELS = ['walk_in', 'telephone', 'internet'] as const;
/** A channel that another system counts. `telephone`: the town's general number, such as 010. */
export type OtherChannel = (typeof OTHER_CHANNELS)[number];

/** A line of an import: encounters of a month by a channel. */
export interface OtherFigure {
  /** First day. */
  month: string;
  channel: OtherChannel;
  /** Null: the present figure is removed. */
  encounters: number | null;
}

/** Encounters of a year by one channel, own or imported; of `online`, cases that were begun and handed in on-line. */
export interface ChannelYear {
  channel: string;
  encounters: number;
  /** The months of the year, 1 to 12: own ones since the office has figures, others as imported. */
  months: readonly number[];
}

/** Cases of a procedure that were handed in in a month. */
export interface HandedIn {
  /** Id of the procedure. */
  procedure: number;
  /** How they began: `online`, or with an official by a channel. */
  door: string;
  /** 1 to 12. */
  month: number;
  cases: number;
}

export interface YearOnYear {
  /** The cases that were handed in in those months of both years. */
  handedIn: { now: HandedIn[]; before: HandedIn[] };
  year: number;
  /** Number of past months of the year, which are compared. */
  months: number;
  now: ChannelYear[];
  before: ChannelYear[];
}

/** A survey comment, for the staff who decide whether it is shown. */
export interface OpenComment {
  /** The comment's id, which doesn't reveal its author. */
  of: string;
  comment: string;
  /** Null: not decided yet. */
  passed: boolean | null;
}

/** The published range of an office, and its times. */
export interface Edition {
  /** First days of the first and the last month. */
  first: string;
  last: string;
  /** How many. */
  months: number;
  /** Times of the first and the last publication. */
  since: Temporal.Instant;
  at: Temporal.Instant;
}

/** All published figures of one moment, with the summary of the same. */
export interface PublishedFigures<Row> {
  /** Null: nothing yet. */
  edition: Edition | null;
  rows: Row[];
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
