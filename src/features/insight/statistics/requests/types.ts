import type { RequestKind } from '../../../../domain/requests/kinds.ts';
import type { Opinion } from '../types.ts';

/** What is published of requests. Days are those from when they came until they were closed, of the one in the middle. */
export const REQUEST_INDICATORS = [
  ...(['requests', 'requestsClosed', 'requestDays', 'requestWorkingDays'] as const),
  ...(['requestsReopened'] as const),
] as const;
export type RequestIndicator = (typeof REQUEST_INDICATORS)[number];

/** What happened to a request in a month. */
export interface RequestMonthRow {
  /** The code of its type. */
  type: string;
  kind: RequestKind;
  /** The code of the district; null: none. */
  area: string | null;
  isReceived: boolean;
  /** Local days from when it came until it was closed; null: it was not closed in the month. */
  closedAfter: number | null;
  /** The same in working days of the office, by which terms are counted. */
  workingDays: number | null;
  isReopened: boolean;
}

/** How figures of requests are divided. */
export const REQUEST_SIDES = ['type', 'team', 'area', 'month'] as const;
export type RequestSide = (typeof REQUEST_SIDES)[number];

/** Sums of requests. */
export interface RequestCounts {
  /** Came in the span. */
  came: number;
  /** Of those that came: open now. */
  open: number;
  /** Closed in the span. */
  closed: number;
  /** Of those that were closed: with a term, and in time. */
  withTerm: number;
  inTime: number;
  /** Working days until it was closed, of the one in the middle of those that were closed; null: none was. */
  workingDays: number | null;
  reopened: number;
}

/** Requests of one type, team, district or month. */
export interface RequestGroup {
  /** A code, `NO_CODE` where there is none, or the first day of a month. */
  key: string;
  counts: RequestCounts;
}

/** Requests of a span of days. */
export type RequestGroups = Record<RequestSide, RequestGroup[]>;

export interface RequestFigures extends RequestGroups {
  /** What people said in the whole months of the span; `ended` is 0. */
  opinion: Opinion;
}

/** Sums of the requests of one type, team or district, or of those that came, were closed last or reopened last in one month, in a span of days. */
export interface RequestSums extends RequestCounts {
  by: Exclude<RequestSide, 'month'> | 'cameIn' | 'closedIn' | 'reopenedIn';
  /** A code, or the first day of a month; null: those that have none. */
  key: string | null;
}

/** The working days of an office, numbered on from a day. */
export interface WorkingDayNumbers {
  /** The first day, local. */
  first: string;
  /** Of each day from there on: how many days that count there are, it included. */
  upTo: readonly number[];
  /** The same of the day on which what comes on it counts as handed in (Ley 39/2015, art. 31.2). */
  handedIn: readonly number[];
}

/** A published figure of requests. */
export interface OpenRequestRow {
  /** First day of the month. */
  month: string;
  indicator: RequestIndicator;
  /** Null in these three: of all. */
  kind: string | null;
  type: string | null;
  /** `-`: outside all districts. */
  area: string | null;
  /** Null: kept back. */
  value: number | null;
}
