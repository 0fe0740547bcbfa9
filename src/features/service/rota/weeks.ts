/** Weeks with their ISO 8601 numbers, represented by their Monday. */

/** Weeks ahead that can be shown and changed. */
export const WEEKS_AHEAD = 52;

/** Returns the Monday of the week of a day. */
export const mondayOf = (day: Temporal.PlainDate): Temporal.PlainDate =>
  day.subtract({ days: day.dayOfWeek - 1 });

/** Returns the code of a week, such as `2026-W50`. */
export const weekCode = (monday: Temporal.PlainDate): string =>
  `${monday.yearOfWeek}-W${String(monday.weekOfYear).padStart(2, '0')}`;

/** Returns the Monday of a week code such as `2026-W50`; null: there is no such week. */
export function readWeek(text: string): Temporal.PlainDate | null {
  const match = /^(20\d\d)-W(\d\d)$/.exec(text);
  if (!match) return null;
  // The fourth of January is always in the first week.
  const first = mondayOf(Temporal.PlainDate.from(`${match[1]}-01-04`));
  const monday = first.add({ weeks: Number(match[2]) - 1 });
  return weekCode(monday) === text ? monday : null;
}

/** Returns the days of one or more weeks from a Monday on. */
export const daysOf = (monday: Temporal.PlainDate, weeks = 1): string[] =>
  Array.from({ length: 7 * weeks }, (_, days) => monday.add({ days }).toString());
