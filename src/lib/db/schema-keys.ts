import type { Generated } from 'kysely';
import type { Identity, NullableTimestamp, Timestamp } from './columns.ts';

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

/** The tables of identified people; the comments stand in migrations/0017. Residents: migrations/0025. */
export interface PeopleTables {
  /** Of members of staff: migrations/0002. */
  staff_identifier: {
    staff_id: number;
    sealed: Buffer;
    key_version: number;
    entered_at: Timestamp;
  };
  person: {
    id: string;
    lookup: string;
    wrapped: Buffer;
    key_version: number;
    identity: Buffer;
    wishes: Buffer;
    first_seen_at: Timestamp;
    last_seen_at: Timestamp;
  };
  resident_list: {
    id: string;
    wrapped: Buffer;
    key_version: number;
    as_of: string;
    imported_at: Timestamp;
    people: number;
    findable: number;
    only_one: Generated<boolean>;
  };
  resident: {
    list_id: string;
    number: number;
    lookup: Buffer | null;
    dwelling: Buffer;
    sealed: Buffer;
  };
  identification: {
    id: string;
    person_id: string;
    provider: string;
    kind: string;
    method: string;
    level: string;
    purpose: string;
    identified_at: Timestamp;
    evidence: Buffer;
    represents: Buffer | null;
    transaction_hash: string | null;
    transaction_signed: boolean;
  };
  citizen_session: {
    hash: Buffer;
    person_id: string;
    identification_id: string;
    browser: Buffer;
    kept: Buffer | null;
    acting: string | null;
    began_at: Timestamp;
    seen_at: Timestamp;
    ends_at: Timestamp;
  };
  person_appointment: {
    person_id: string;
    appointment_id: string;
    office_id: number;
    identification_id: string | null;
    how: string;
    shown_by: string | null;
    linked_at: Timestamp;
  };
  identification_code: {
    id: string;
    office_id: number;
    appointment_id: string;
    finder: string;
    hash: Buffer;
    link: number;
    asked_by: Buffer;
    family: string;
    system: string;
    sender: Buffer;
    asked_at: Timestamp;
    ends_at: Timestamp;
    misses: Generated<number>;
    taken_by: Buffer | null;
    state: string;
  };
  representation: {
    id: string;
    office_id: number;
    representative_id: string | null;
    represented_id: string | null;
    asked_by: string;
    other: Buffer | null;
    procedures: string[];
    opens: Generated<boolean>;
    appointment_id: string | null;
    document_id: string | null;
    state: string;
    reason: Generated<string>;
    asked_at: Timestamp;
    settled_at: NullableTimestamp;
    settled_by: string | null;
    ends_at: Timestamp;
    ended_by: string | null;
  };
  represented_appointment: {
    appointment_id: string;
    representation_id: string;
    office_id: number;
    made_at: Timestamp;
  };
  identification_attempt: {
    id: string;
    provider: string;
    request: Buffer;
    answer: Buffer | null;
    answer_hash: Buffer | null;
    began_at: Timestamp;
    ends_at: Timestamp;
  };
}

/** The tables of other systems: the tokens with which they use the API, and what they are told. */
export interface IntegrationTables {
  token: {
    id: Identity;
    office_id: number;
    name: string;
    hash: Buffer;
    created_at: Timestamp;
    revoked_at: NullableTimestamp;
    /** In UTC. */
    last_used_on: Generated<string | null>;
    watched_since: Generated<string | null>;
    scopes: string[];
    expires_at: Timestamp;
    /** In CIDR notation; none: from any address. */
    networks: Generated<string[]>;
  };
  webhook: {
    id: string;
    office_id: number;
    url: string;
    kinds: string[];
    personal: boolean;
    key_number: Generated<number>;
    key_since: Timestamp;
    key_version: Generated<number>;
    key_version_before: Generated<number>;
    created_at: Timestamp;
    failing_since: NullableTimestamp;
    paused_at: NullableTimestamp;
    paused_why: string | null;
    ended_at: NullableTimestamp;
  };
  webhook_delivery: {
    id: string;
    office_id: number;
    webhook_id: string;
    event_id: number | null;
    case_event_id: number | null;
    created_at: Timestamp;
    attempts: Generated<number>;
    next_try_at: Timestamp;
    leased_until: NullableTimestamp;
    tried_at: NullableTimestamp;
    millis: number | null;
    status: number | null;
    last_error: string | null;
    delivered_at: NullableTimestamp;
    failed_at: NullableTimestamp;
  };
}
