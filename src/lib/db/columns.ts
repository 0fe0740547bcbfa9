import type { ColumnType, GeneratedAlways } from 'kysely';

/** Read as an Instant, written as its RFC 3339 text. */
export type Timestamp = ColumnType<Temporal.Instant, string, string>;
export type NullableTimestamp = ColumnType<
  Temporal.Instant | null,
  string | null | undefined,
  string | null
>;
/** Read as parsed JSON, written as text. */
export type Json<T = unknown> = ColumnType<T, string, string>;
export type Identity = GeneratedAlways<number>;

/** What is about a case. */
export interface CaseColumn {
  case_id: string | null;
}
