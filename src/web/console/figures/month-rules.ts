import type { RequestCounts } from '../../../features/insight/statistics/types.ts';

/** Returns the first day of the month that an address asks for (`2026-10`); else of the last whole month. A month to come is none. */
export function monthAsked(
  asked: string | undefined,
  today: Temporal.PlainDate,
): Temporal.PlainDate {
  const usual = today.with({ day: 1 }).subtract({ months: 1 });
  if (!asked || !/^2[01]\d\d-(0[1-9]|1[0-2])$/.test(asked)) return usual;
  const month = Temporal.PlainDate.from(`${asked}-01`);
  return Temporal.PlainDate.compare(month, today) > 0 ? usual : month;
}

/** Returns by which part a number has grown; null: there was too little before to compare. */
export const growthOf = (now: number, before: number): number | null =>
  before < LEAST ? null : (now - before) / before;
const LEAST = 20;

/** What a month says of requests. */
type RequestSums = Pick<RequestCounts, 'came' | 'open' | 'closed' | 'withTerm' | 'inTime'>;

/** Returns the sums of the counts of requests; null: there are none. */
export function sumOfRequests(all: readonly RequestCounts[]): RequestSums | null {
  if (all.length === 0) return null;
  const sum = (key: keyof RequestSums) => all.reduce((total, each) => total + each[key], 0);
  return {
    came: sum('came'),
    open: sum('open'),
    closed: sum('closed'),
    withTerm: sum('withTerm'),
    inTime: sum('inTime'),
  };
}
