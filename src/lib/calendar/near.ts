/** The first and the last year in which nothing overflows, neither here nor in the database, with all that is added and taken away. */
const [FIRST_YEAR, LAST_YEAR] = [2000, 2199];

/** Says the years to whoever gave another one. */
export const NEAR_YEARS = `from ${FIRST_YEAR} to ${LAST_YEAR}`;

/** Whether calculations with days of a year are safe: the calendar of JavaScript has the year 0 and years of six digits, that of PostgreSQL has neither. */
export const isNear = (year: number): boolean => year >= FIRST_YEAR && year <= LAST_YEAR;

/** Returns the nearest day with which calculations are safe: of `9999-12-31`, as some programs write “whenever”, the last one. */
export function nearestDay(day: Temporal.PlainDate): Temporal.PlainDate {
  if (isNear(day.year)) return day;
  return Temporal.PlainDate.from(
    day.year < FIRST_YEAR ? `${FIRST_YEAR}-01-01` : `${LAST_YEAR}-12-31`,
  );
}

const [FIRST, LAST] = [`${FIRST_YEAR}-01-01T00:00:00Z`, `${LAST_YEAR}-12-31T23:00:00Z`].map(
  (each) => Temporal.Instant.from(each),
) as [Temporal.Instant, Temporal.Instant];

/** Returns the nearest instant with which calculations are safe, as `nearestDay` does. */
export function nearestInstant(instant: Temporal.Instant): Temporal.Instant {
  if (Temporal.Instant.compare(instant, FIRST) < 0) return FIRST;
  return Temporal.Instant.compare(instant, LAST) > 0 ? LAST : instant;
}

/** Returns the day that an address or a form gives as `2026-12-24`; null: it isn't one, or not near. */
export const nearDay = (text: string): Temporal.PlainDate | null =>
  near(text, /^\d{4}-\d\d-\d\d$/, (given) => Temporal.PlainDate.from(given));

/** Returns the local moment that a form gives as `2026-12-24T09:30`, or with a space in between; null: it isn't one, or not near. */
export const nearMoment = (text: string): Temporal.PlainDateTime | null =>
  near(text.replace(' ', 'T'), /^\d{4}-\d\d-\d\dT\d\d:\d\d$/, (given) =>
    Temporal.PlainDateTime.from(given),
  );

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;

/** Returns the instant that an address or a form gives, in RFC 3339, seconds or not; null: it isn't one, or not near. */
export const nearInstant = (text: string): Temporal.Instant | null =>
  near(text, RFC_3339, (given) => Temporal.Instant.from(given));

function near<Value>(text: string, form: RegExp, read: (text: string) => Value): Value | null {
  if (!form.test(text) || !isNear(Number(text.slice(0, 4)))) return null;
  try {
    return read(text);
  } catch {
    // A day or an hour that the calendar doesn't have.
    return null;
  }
}
