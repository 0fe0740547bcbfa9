/** How busy a town hall is in each month, January first; 1 is an ordinary month. In August half the town is away. */
const MONTHS = [1.08, 1.05, 1.03, 0.95, 1.02, 1.04, 0.86, 0.42, 1.12, 1.06, 1, 0.78] as const;

/** The same from Monday to Sunday. */
const WEEKDAYS = [1.08, 1.02, 1, 0.99, 0.9, 0.55, 0.5] as const;

/** The same by hour of the day: people want the middle of the morning. */
const HOURS: Readonly<Record<number, number>> = {
  8: 0.88,
  9: 1,
  10: 1,
  11: 0.99,
  12: 0.93,
  13: 0.8,
  14: 0.66,
  15: 0.76,
  16: 0.8,
  17: 0.72,
  18: 0.6,
};

/** The middle of the years in which the town gets to know the service. */
const GROWING = Temporal.PlainDate.from('2026-06-01');

/** Returns how busy a day is; 1 is an ordinary one. It follows from the day alone, so that a day is the same whenever it is computed. */
export function busynessOf(day: Temporal.PlainDate): number {
  const years = GROWING.until(day).days / 365;
  const season = (MONTHS[day.month - 1] ?? 1) * (WEEKDAYS[day.dayOfWeek - 1] ?? 1);
  return season * (0.75 + 0.3 / (1 + Math.exp(-2 * years)));
}

/** Returns how busy a local hour is; 1 is the middle of the morning. */
export const busynessAt = (hour: number): number => HOURS[hour] ?? 0.5;
