/** How far two servers are in the primary's journal (write-ahead log), in bytes since its beginning. */
export interface Positions {
  /** What the primary had written when it was asked. */
  written: bigint;
  /** What the standby has replayed. */
  replayed: bigint;
  /** The commit time of the last transaction that the standby replayed; null: none since it started. */
  lastCommit: Temporal.Instant | null;
}

/** Data that is older than this is not shown: it is read at the primary. */
export const OLDEST = Temporal.Duration.from({ minutes: 5 });
/** Data that is older than this is shown with the time of which it is. */
const UNSAID = Temporal.Duration.from({ seconds: 30 });

/**
 * Returns the moment of which a standby's data is at least: now, when it has all that the primary had written, else that of its last
 * transaction. Null: not known. Pure.
 */
export function moment(positions: Positions, now: Temporal.Instant): Temporal.Instant | null {
  const { written, replayed, lastCommit } = positions;
  return replayed >= written ? now : lastCommit;
}

const isOlder = (asOf: Temporal.Instant, than: Temporal.Duration, now: Temporal.Instant) =>
  Temporal.Instant.compare(asOf, now.subtract(than)) < 0;

/** Whether a standby's data may be shown. */
export const isFresh = (asOf: Temporal.Instant | null, now: Temporal.Instant): boolean =>
  asOf !== null && !isOlder(asOf, OLDEST, now);

/** Whether whoever reads the data must be told of which moment it is. */
export const isToSay = (asOf: Temporal.Instant, now: Temporal.Instant): boolean =>
  isOlder(asOf, UNSAID, now);
