import type { Generated } from 'kysely';
import type { NullableTimestamp, Timestamp } from './columns.ts';

/** Keys and documents; the comments stand in migrations/0020. */
export interface DocumentTables {
  body_key: { body_id: number; wrapped: Buffer };
  appointment_key: { appointment_id: string; shelf: string; body_id: number; wrapped: Buffer };
  document: {
    id: string;
    body_id: number;
    appointment_id: string;
    kind: string;
    requested: string | null;
    state: string;
    state_at: Timestamp;
    why: string | null;
    declared: string;
    type: string | null;
    size: number;
    received: Generated<number>;
    name: Buffer | null;
    made_at: Timestamp;
    made_by: string;
    check_at: NullableTimestamp;
    checks: Generated<number>;
    review: string | null;
    reviewed_at: NullableTimestamp;
    reviewed_by: string | null;
    reason: Buffer | null;
    held_at: NullableTimestamp;
    held_by: string | null;
    destroyed_at: NullableTimestamp;
  };
  document_key: { document_id: string; body_id: number; wrapped: Buffer };
  document_piece: {
    document_id: string;
    first: number;
    segments: number;
    body_id: number;
    blob: string;
  };
}
