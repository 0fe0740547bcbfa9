import { sql } from 'kysely';

/** An instant to compare a column with. */
export const moment = (at: Temporal.Instant) =>
  sql<Temporal.Instant>`${at.toString()}::timestamptz`;
