/** Weeks as ISO 8601 numbers them, by their Monday. */

/** Weeks ahead that may be looked at and changed. */
export const WEEKS_AHEAD = 52;

/** The Monday of the week in which a day lies. */
export const mondayOf = (day: Temporal.PlainDate): Temporal.PlainDate =>
  day.subtract({ days: day.dayOfWeek - 1 });

/** `2026-W50` */
export const weekCode = (monday: Temporal.PlainDate): string =>
  `${monday.yearOfWeek}-W${String(monday.weekOfYear).padStart(2, '0')}`;

/** The Monday of `2026-W50`; null: there is no such week. */
export function readWeek(text: string): Temporal.PlainDate | null {
  const match = /^(20\d\d)-W(\d\d)$/.exec(text);
  if (!match) return null;
  // The fourth of January is always in the first week.
  const first = mondayOf(Temporal.PlainDate.from(`${match[1]}-01-04`));
  const monday = first.add({ weeks: Number(match[2]) - 1 });
  return weekCode(monday) === text ? monday : null;
}

/** The seven days from a Monday on. */
export const daysOf = (monday: Temporal.PlainDate, weeks = 1): string[] =>
  Array.from({ length: 7 * weeks }, (_, days) => monday.add({ days }).toString());
