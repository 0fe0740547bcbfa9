import type { RequestKind } from '../../../../domain/requests/kinds.ts';

/** What is published of requests. Days are those from when they came until they were closed, of the one in the middle. */
export const REQUEST_INDICATORS = [
  ...(['requests', 'requestsClosed', 'requestDays', 'requestsReopened'] as const),
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
  isReopened: boolean;
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
