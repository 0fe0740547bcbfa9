import { closedDays, type HolidayRules } from './holidays.ts';

/** Time during which a period does not run, as while somebody amends what they handed in (Ley 39/2015, art. 22). */
export interface Suspension {
  /** The first local day that does not count. */
  from: Temporal.PlainDate;
  /** The first day that counts again; null: it goes on. */
  until: Temporal.PlainDate | null;
}

/** How long a period is: in working days or in months, as the procedure says (Ley 39/2015, art. 30.2 and 30.4). */
export type Period = { workingDays: number } | { months: number };

/** The working days of an office, by which administrative periods are counted: Ley 39/2015, arts. 30 and 31. */
export interface WorkingDays {
  /** Whether a local day counts: no Saturday, no Sunday, no public holiday (art. 30.2). A closure of the office changes nothing. */
  counts(day: Temporal.PlainDate): boolean;
  /** Returns a day if it counts, else the first one after it that does (art. 30.5). */
  onOrAfter(day: Temporal.PlainDate): Temporal.PlainDate;
  /**
   * Returns the day on which something that came on a local day counts as handed in. On a day that does not count, it is the next one that
   * does, at its first hour (art. 31.2.b).
   */
  handedInOn(day: Temporal.PlainDate): Temporal.PlainDate;
  /**
   * Returns the last day of a period that began on a day, which is not counted itself (art. 30.3). Null while a suspension goes on: nobody
   * can tell yet.
   */
  endOf(
    period: Period,
    begin: Temporal.PlainDate,
    suspensions?: readonly Suspension[],
  ): Temporal.PlainDate | null;
  /** Returns how many days count after one day up to another, which is counted; negative when the other is earlier. */
  between(from: Temporal.PlainDate, to: Temporal.PlainDate): number;
}

const SATURDAY = 6;

/** Returns the working days of an office, by its public holidays and feast days. */
export function workingDaysOf(rules: HolidayRules): WorkingDays {
  const { isClosed } = closedDays(rules, []);
  const counts: WorkingDays['counts'] = (day) =>
    day.dayOfWeek < SATURDAY && !isClosed(day.toString());

  const onOrAfter: WorkingDays['onOrAfter'] = (day) => {
    let found = day;
    while (!counts(found)) found = found.add({ days: 1 });
    return found;
  };

  const afterDays = (
    days: number,
    begin: Temporal.PlainDate,
    isSuspended: (day: Temporal.PlainDate) => boolean,
  ): Temporal.PlainDate => {
    let day = begin;
    for (let left = days; left > 0; ) {
      day = day.add({ days: 1 });
      if (counts(day) && !isSuspended(day)) left--;
    }
    return day;
  };

  return {
    counts,
    onOrAfter,
    handedInOn: onOrAfter,
    endOf(period, begin, suspensions = []) {
      if (suspensions.some(({ until }) => until === null)) return null;
      if ('workingDays' in period)
        return afterDays(period.workingDays, begin, (day) =>
          suspensions.some((each) => isWithin(day, each)),
        );
      // The same day of the month, or the last one where there is none (art. 30.4).
      const end = begin.add({ months: period.months }).add({ days: daysOf(suspensions) });
      return onOrAfter(end);
    },
    between(from, to) {
      const sign = Temporal.PlainDate.compare(to, from);
      if (sign < 0) return -this.between(to, from);
      let days = 0;
      for (let day = from; Temporal.PlainDate.compare(day, to) < 0; ) {
        day = day.add({ days: 1 });
        if (counts(day)) days++;
      }
      return days;
    },
  };
}

const isWithin = (day: Temporal.PlainDate, { from, until }: Suspension): boolean =>
  Temporal.PlainDate.compare(from, day) <= 0 &&
  (until === null || Temporal.PlainDate.compare(day, until) < 0);

/** Returns how many calendar days suspensions took, each once. */
function daysOf(suspensions: readonly Suspension[]): number {
  let last: Temporal.PlainDate | null = null;
  let days = 0;
  const sorted = suspensions.toSorted((a, b) => Temporal.PlainDate.compare(a.from, b.from));
  for (const { from, until } of sorted) {
    if (!until) continue;
    const begin = last && Temporal.PlainDate.compare(last, from) > 0 ? last : from;
    if (Temporal.PlainDate.compare(begin, until) >= 0) continue;
    days += begin.until(until, { largestUnit: 'days' }).days;
    last = until;
  }
  return days;
}
