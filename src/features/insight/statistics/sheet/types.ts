import type { Texts } from '../../../../lib/i18n/languages.ts';
import type { Counts, RequestCounts } from '../types.ts';

/** Sums of the appointments of some days. */
export interface SheetCounts
  extends Pick<
    Counts,
    'booked' | 'cancelled' | 'noshow' | 'unkept' | 'waitDays' | 'contacted' | 'punctual'
  > {
  /** People who were served, with and without an appointment. */
  served: number;
  /** Of those, without one. */
  unbooked: number;
  /** Of those who were served: by telephone, by video or otherwise without a journey. */
  remote: number;
}

/** What people said in a month; null: the month is not settled, or fewer than five said something. */
export interface SheetOpinion {
  /** First day. */
  month: string;
  answered: number;
  /** Number of answers 0, 1, … 10; null: fewer than five gave a number. */
  scores: readonly number[] | null;
  /** Yes, partly, no; null: fewer than five answered. */
  solved: readonly number[] | null;
}

export type SheetRequests = Pick<RequestCounts, 'came' | 'open' | 'closed' | 'withTerm' | 'inTime'>;

/** A month of one office, as sums alone. */
export interface OfficeSheet {
  office: { code: string; name: Texts };
  now: SheetCounts;
  /** The same days of the year before. */
  before: SheetCounts;
  opinion: SheetOpinion | null;
  /** Null: the office takes no requests. */
  requests: SheetRequests | null;
  /** The first day of the first month with figures; null: there is none. */
  since: string | null;
}

/** The days of a month that a sheet counts. */
export interface SheetDays {
  from: Temporal.PlainDate;
  /** The last one: of a month that is not over, the day before today. */
  to: Temporal.PlainDate;
  isOver: boolean;
}
