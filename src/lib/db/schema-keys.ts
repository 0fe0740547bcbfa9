import type { NullableTimestamp, Timestamp } from './columns.ts';

/** The keys of purposes; the comments stand in migrations/0009. */
export interface KeyTables {
  purpose_key: {
    purpose: string;
    version: number;
    wrapped: Buffer | null;
    root: string | null;
    made_at: Timestamp;
    active_at: Timestamp;
    ended_at: NullableTimestamp;
  };
}
