/** The days after its own for which a list is kept: what it has is no longer certified long before (see `certify`). */
export const KEPT_DAYS = 30;

/** The share of people that a list may have fewer than the one before it. */
const MOST_FEWER = 0.1;

/** Returns whether a list has so many people fewer than the one before it that something was probably left out. */
export const isMuchShorter = (before: number, people: number): boolean =>
  people < before * (1 - MOST_FEWER);

/** Returns the latest local day anywhere: a list of this day is not of the future. */
export const todayAnywhere = (now: Temporal.Instant): Temporal.PlainDate =>
  now.toZonedDateTimeISO('+14:00').toPlainDate();
