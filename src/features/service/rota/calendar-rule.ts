import type ICAL from 'ical.js';

/** Maximum interval of a rule in days, weeks, months or years: the library goes from day to day. */
const LONGEST_INTERVAL: Record<string, number> = {
  ...{ DAILY: 366, WEEKLY: 53, MONTHLY: 120, YEARLY: 100 },
};

/** Parts that ical.js uses only as filters, so that it may search without end. */
const FILTERS: Record<string, string[]> = {
  DAILY: ['BYDAY', 'BYMONTHDAY', 'BYYEARDAY', 'BYWEEKNO', 'BYMONTH'],
  WEEKLY: ['BYWEEKNO', 'BYMONTH'],
  MONTHLY: ['BYMONTH'],
  YEARLY: [],
};

/** Whether the library may search for the next time of this rule without end, or for seconds. */
export function mayNeverEnd({ freq, interval, parts }: ICAL.Recur): boolean {
  const used = FILTERS[freq]?.filter((each) => each in parts);
  // Rules by the second, minute or hour, or with a long interval.
  if (!used || interval > (LONGEST_INTERVAL[freq] ?? 0)) return true;
  const isOfMonths = freq === 'MONTHLY' || (freq === 'YEARLY' && 'BYMONTH' in parts);
  const nths = texts(parts['BYDAY']).map((each) => Math.abs(Number.parseInt(each, 10)) || 0);
  // The library searches for days that no year has up to the year 20000.
  if (isOfMonths && nths.some((each) => each > 5)) return true;
  if ('BYSETPOS' in parts) {
    // Only days of a month can be counted; a month has five of a weekday at most.
    if (!isOfMonths || nths.length === 0 || nths.some((each) => each > 0)) return true;
    if (texts(parts['BYSETPOS']).some((each) => +each === 0 || Math.abs(+each) > 5)) return true;
  }
  if (freq === 'YEARLY') {
    // The library does not support week numbers in yearly rules.
    if ('BYWEEKNO' in parts) return true;
    return 'BYDAY' in parts && ('BYMONTHDAY' in parts || 'BYYEARDAY' in parts);
  }
  // No February of an odd year has a fifth Monday.
  if (freq === 'MONTHLY' && interval !== 1 && nths.some((each) => each > 4)) return true;
  // A daily rule can't have `3MO`.
  if (freq === 'DAILY' && nths.some((each) => each > 0)) return true;
  if (used.length === 0) return false;
  return (
    freq === 'MONTHLY' ||
    used.length > 1 ||
    interval !== 1 ||
    !['BYDAY', 'BYMONTH'].includes(used[0]!)
  );
}

const texts = (values: unknown): string[] => [values ?? []].flat().map(String);
