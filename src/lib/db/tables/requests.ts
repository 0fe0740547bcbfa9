import type { Generated } from 'kysely';
import type { Identity, Json, NullableTimestamp, Timestamp } from '../columns.ts';

/** Complaints, suggestions, incidents, questions and thanks; the comments stand in migrations/0041. */
export interface RequestTables {
  request: {
    id: string;
    office_id: number;
    reference: string;
    link: Generated<number>;
    type: string;
    kind: string;
    door: string;
    language: string;
    encounter_id: string | null;
    made_at: Timestamp;
    made_by: string;
    changed_at: Timestamp;
    sent_at: NullableTimestamp;
    sent_on: string | null;
    is_public: Generated<boolean>;
    state: string;
    state_at: Timestamp;
    version: Generated<number>;
    reason: string | null;
    merged_into: string | null;
    text: Generated<string>;
    answers: Json;
    address: Generated<string>;
    latitude: number | null;
    longitude: number | null;
    area: string | null;
    tell_by: string | null;
    anonymous: Generated<boolean>;
    name: Generated<string>;
    email: string | null;
    phone: string | null;
    person_id: string | null;
    left_at: NullableTimestamp;
    answer_for_all: Generated<string>;
    team: string | null;
    assignee: number | null;
    since: NullableTimestamp;
    due: string | null;
    closed_at: NullableTimestamp;
    last_call_at: NullableTimestamp;
    officials_told_at: NullableTimestamp;
    call_owed_at: NullableTimestamp;
    shown_text: Generated<boolean>;
    shown_words: string | null;
    shown_sides: Json;
    shown_photos: Generated<string[]>;
    reopened: Generated<number>;
    anonymised_at: NullableTimestamp;
  };
  request_event: {
    id: Identity;
    office_id: number;
    request_id: string;
    at: Timestamp;
    actor: string;
    kind: string;
    from_state: string | null;
    to_state: string | null;
    data: Json;
  };
  request_message: {
    id: string;
    number: Identity;
    office_id: number;
    request_id: string;
    at: Timestamp;
    side: string;
    by: string;
    text: string;
    seen_at: NullableTimestamp;
  };
  request_note: {
    id: Identity;
    office_id: number;
    request_id: string;
    at: Timestamp;
    by: string;
    text: string;
  };
  request_follower: {
    id: string;
    office_id: number;
    request_id: string;
    at: Timestamp;
    language: string;
    tell_by: string;
    email: string | null;
    phone: string | null;
    confirmed_at: NullableTimestamp;
    left_at: NullableTimestamp;
  };
}
