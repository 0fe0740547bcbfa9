import { sql } from 'kysely';

/** Returns an instant for comparison with a column. */
export const moment = (at: Temporal.Instant) =>
  sql<Temporal.Instant>`${at.toString()}::timestamptz`;
