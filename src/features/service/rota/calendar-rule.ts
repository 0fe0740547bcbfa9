import type ICAL from 'ical.js';

/** Days, weeks, months or years from one time of a rule to the next: the library goes from day to day. */
const LONGEST_INTERVAL: Record<string, number> = {
  ...{ DAILY: 366, WEEKLY: 53, MONTHLY: 120, YEARLY: 100 },
};

/** Parts by which ical.js only filters, and so may look for ever. */
const FILTERS: Record<string, string[]> = {
  DAILY: ['BYDAY', 'BYMONTHDAY', 'BYYEARDAY', 'BYWEEKNO', 'BYMONTH'],
  WEEKLY: ['BYWEEKNO', 'BYMONTH'],
  MONTHLY: ['BYMONTH'],
  YEARLY: [],
};

/** Whether the library may look for a next time of this rule for ever, or for seconds. */
export function mayNeverEnd({ freq, interval, parts }: ICAL.Recur): boolean {
  const used = FILTERS[freq]?.filter((each) => each in parts);
  // By the second, minute or hour.
  if (!used || interval > (LONGEST_INTERVAL[freq] ?? 0)) return true;
  const isOfMonths = freq === 'MONTHLY' || (freq === 'YEARLY' && 'BYMONTH' in parts);
  const nths = texts(parts['BYDAY']).map((each) => Math.abs(Number.parseInt(each, 10)) || 0);
  // Days that no year has are looked for up to the year 20000.
  if (isOfMonths && nths.some((each) => each > 5)) return true;
  if ('BYSETPOS' in parts) {
    // Only days of a month are numbered through; of a weekday there are five at most.
    if (!isOfMonths || nths.length === 0 || nths.some((each) => each > 0)) return true;
    if (texts(parts['BYSETPOS']).some((each) => +each === 0 || Math.abs(+each) > 5)) return true;
  }
  if (freq === 'YEARLY') {
    // It knows no weeks.
    if ('BYWEEKNO' in parts) return true;
    return 'BYDAY' in parts && ('BYMONTHDAY' in parts || 'BYYEARDAY' in parts);
  }
  // A fifth Monday is in no February of an odd year.
  if (freq === 'MONTHLY' && interval !== 1 && nths.some((each) => each > 4)) return true;
  // `3MO` of a day is none.
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
