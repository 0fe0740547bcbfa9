import type { Generated } from 'kysely';
import type { Identity, Json, NullableTimestamp, Timestamp } from '../columns.ts';

/** The tables about conversations in writing; migrations/0042_chat.sql explains them. */
export interface ChatTables {
  chat: {
    id: string;
    number: Identity;
    office_id: number;
    asked_by: string;
    topic: string;
    language: string;
    sender: Buffer | null;
    name: Buffer | null;
    contact: Buffer | null;
    state: string;
    place: Timestamp;
    returned_at: NullableTimestamp;
    target_desk: number | null;
    desk_id: number | null;
    offered_until: NullableTimestamp;
    staff_id: number | null;
    held_since: NullableTimestamp;
    taken_at: NullableTimestamp;
    encounter_id: string | null;
    person_at: Timestamp;
    desk_at: NullableTimestamp;
    unanswered_at: NullableTimestamp;
    asked_at: NullableTimestamp;
    seen_at: Timestamp;
    ended_at: NullableTimestamp;
    ended_why: string | null;
    office_told_at: NullableTimestamp;
    person_told_at: NullableTimestamp;
    forgotten_at: NullableTimestamp;
  };
  chat_entry: {
    id: string;
    number: Identity;
    office_id: number;
    chat_id: string;
    at: Timestamp;
    side: string;
    by: string;
    kind: string;
    language: string | null;
    text: Buffer | null;
    what: string | null;
  };
  chat_file: {
    id: string;
    office_id: number;
    chat_id: string;
    entry_id: string;
    state: string;
    state_at: Timestamp;
    why: string | null;
    declared: string;
    type: string | null;
    size: number;
    name: Buffer;
    bytes: Buffer | null;
    check_at: NullableTimestamp;
    checks: Generated<number>;
  };
  chat_code: {
    id: string;
    office_id: number;
    chat_id: string;
    email: Buffer;
    made_at: Timestamp;
    expires_at: Timestamp;
    tries: Generated<number>;
    ended_at: NullableTimestamp;
  };
  chat_event: {
    id: Identity;
    office_id: number;
    chat_id: string | null;
    at: Timestamp;
    kind: string;
    desk_id: number | null;
    actor: string;
    data: Json;
  };
}
