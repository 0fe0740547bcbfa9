import type { ColumnType, Generated } from 'kysely';
import type { CaseColumn, Identity, Json, NullableTimestamp, Timestamp } from './columns.ts';
import type { CallTables } from './schema-calls.ts';
import type { CaseTables, DocumentTables } from './schema-documents.ts';
import type { FigureTables } from './schema-figures.ts';
import type { IntegrationTables, KeyTables, PeopleTables } from './schema-keys.ts';
import type { CalendarTables, PresenceTables } from './schema-presence.ts';
import type { ChatTables } from './tables/chat.ts';
import type { OperationTables } from './tables/operation.ts';
import type { RequestTables } from './tables/requests.ts';

/** The columns of a citizen's data, in `appointment` and in `wait_list`. */
export interface PersonColumns {
  name: string;
  email: string | null;
  phone: string | null;
  on_behalf_of: string | null;
  needs: string[];
  interpreter: string | null;
  comment: string;
}

/** The tables of migrations/; their comments are there. */
export interface Schema
  extends CalendarTables,
    CallTables,
    CaseTables,
    ChatTables,
    DocumentTables,
    FigureTables,
    IntegrationTables,
    KeyTables,
    OperationTables,
    PeopleTables,
    PresenceTables,
    RequestTables {
  town: {
    id: number;
    settings: Json;
    areas: ColumnType<unknown, string | null | undefined, string | null>;
    applied_at: Timestamp;
    host: Generated<string | null>;
  };
  office: {
    id: Identity;
    code: string;
    position: number;
    name: Json;
    settings: Json;
    revision: Generated<number>;
    retired_at: NullableTimestamp;
    declared_at: NullableTimestamp;
  };
  opening: { hash: Buffer; office_id: number; opens: string; subject: string };
  procedure: {
    id: Identity;
    office_id: number;
    code: string;
    position: number;
    settings: Json;
    retired_at: NullableTimestamp;
  };
  desk: {
    id: Identity;
    office_id: number;
    code: string;
    name: string;
    skills: string[] | null;
    languages: string[];
    channels: string[];
    site: string | null;
    chats: number | null;
    assigned_at: NullableTimestamp;
    retired_at: NullableTimestamp;
    rota_here: Generated<boolean>;
  };
  shift: {
    id: Identity;
    office_id: number;
    desk_id: number;
    weekdays: number[];
    starts: string;
    ends: string;
    since: string;
    until: string | null;
    except_days: Generated<string[]>;
    uid: string | null;
  };
  absence: {
    id: Identity;
    office_id: number;
    desk_id: number;
    starts: string;
    ends: string;
    why: Generated<string>;
    change_id: number | null;
    uid: string | null;
  };
  rota_change: {
    id: Identity;
    office_id: number;
    made_at: Timestamp;
    made_by: number;
    kind: string;
    resolutions: Json;
    settles_at: NullableTimestamp;
    settled_at: NullableTimestamp;
  };
  closure: { id: Identity; office_id: number; first_day: string; last_day: string; why: Json };
  desk_time: {
    id: Identity;
    office_id: number;
    desk_id: number;
    starts: Timestamp;
    ends: Timestamp;
    during: string;
    hold_until: NullableTimestamp;
    hold_hash: Buffer | null;
    hold_extended: Generated<boolean>;
    held_by: Buffer | null;
  };
  desk_day: { desk_id: number; day: number; office_id: number; busy: string; spans: string | null };
  appointment: PersonColumns & {
    id: string;
    office_id: number;
    reference: string;
    procedure_id: number;
    further: Generated<string[]>;
    people: Generated<number>;
    channel: string;
    language: string;
    site: string | null;
    notice_language: string;
    notices_by: string | null;
    desk_id: number;
    time_id: number | null;
    starts: Timestamp;
    ends: Timestamp;
    status: string;
    link: Generated<number>;
    sequence: Generated<number>;
    external_id: string | null;
    idempotency_key: string | null;
    content_hash: Buffer | null;
    created_at: Timestamp;
    updated_at: Timestamp;
    forgotten_at: NullableTimestamp;
    displaced_at: NullableTimestamp;
  };
  event: {
    id: Identity;
    office_id: number;
    appointment_id: string;
    kind: string;
    at: Timestamp;
    actor: string;
    data: Json<Record<string, unknown>>;
  };
  notice: CaseColumn & {
    request_id: string | null;
    chat_id: string | null;
    id: string;
    office_id: number;
    appointment_id: string | null;
    wait_list_id: string | null;
    kind: string;
    channel: string;
    recipient: string;
    language: string;
    facts: ColumnType<unknown, string, unknown>;
    created_at: Timestamp;
    not_before: Timestamp;
    expires_at: NullableTimestamp;
    attempts: Generated<number>;
    next_try_at: Timestamp;
    last_error: string | null;
    sent_at: NullableTimestamp;
    dropped_at: NullableTimestamp;
    failed_at: NullableTimestamp;
    bounced_at: NullableTimestamp;
    admitted_at: NullableTimestamp;
  };
  muted: { office_id: number; recipient_hash: Buffer; kind: string; at: Timestamp };
  wait_list: PersonColumns & {
    id: string;
    office_id: number;
    appointment_id: string | null;
    procedure_id: number;
    further: Generated<string[]>;
    people: Generated<number>;
    channel: string;
    language: string;
    site: string | null;
    notice_language: string;
    first_day: string | null;
    last_day: string | null;
    part: string | null;
    since: Timestamp;
    ended_at: NullableTimestamp;
    ended_why: string | null;
    forgotten_at: NullableTimestamp;
    displaced: Generated<boolean>;
  };
  offer: {
    id: string;
    office_id: number;
    wait_list_id: string;
    starts: Timestamp;
    offered_at: Timestamp;
    expires_at: Timestamp;
    ended_at: NullableTimestamp;
    outcome: string | null;
  };
  office_version: {
    office_id: number;
    number: number;
    at: Timestamp;
    actor: string;
    kind: string;
    back_to: number | null;
    difference: Json<{ path: string; from?: unknown; to?: unknown }[]>;
    still_right: string[];
  };
  office_draft: {
    office_id: number;
    changes: Json<{ path: string; from?: unknown; to?: unknown; by: number; at: string }[]>;
  };
  draft: {
    key_hash: Buffer;
    sealed: Buffer;
    expires_at: Timestamp;
  };
  journey: {
    key_hash: Buffer;
    office_id: number;
    procedure_id: number;
    further: Generated<string[]>;
    people: Generated<number>;
    channel: string;
    language: string;
    site: string | null;
    page_language: string;
    starts: Timestamp;
    hold_until: NullableTimestamp;
    answers: Json<Record<string, string | string[]>>;
    appointment_id: string | null;
    begun_by: Buffer | null;
    refusals: Generated<number>;
    created_at: Timestamp;
    expires_at: Timestamp;
  };
  attempt: {
    id: Identity;
    office_id: number;
    appointment_id: string;
    number: number;
    outcome: string;
    at: Timestamp;
    actor: string;
    note: Generated<string>;
  };
  encounter: {
    id: string;
    office_id: number;
    appointment_id: string | null;
    channel: string;
    language: string;
    name: string | null;
    desk_id: number | null;
    started_at: Timestamp;
    ended_at: NullableTimestamp;
    identity: string | null;
    identity_note: Generated<string>;
    notes: Generated<string>;
    wrap_up: string | null;
    version: Generated<number>;
    actor: string;
    forgotten_at: NullableTimestamp;
  };
  encounter_item: {
    id: Identity;
    office_id: number;
    encounter_id: string;
    position: number;
    kind: string;
    procedure_id: number | null;
    query: string | null;
    label: Generated<string>;
    outcome: string;
  };
  encounter_point: {
    encounter_id: string;
    office_id: number;
    point: string;
    at: Timestamp;
    actor: string;
  };
  follow_up: { appointment_id: string; office_id: number; follows: string };
  survey_answer: {
    id: Identity;
    office_id: number;
    appointment_id: string | null;
    encounter_id: string | null;
    request_id: string | null;
    score: number | null;
    solved: string | null;
    comment: Generated<string>;
    at: Timestamp;
    heard: string | null;
    passed: boolean | null;
  };
  staff_preference: {
    staff_id: number;
    keys_off: Generated<boolean>;
    keys: ColumnType<unknown, string | undefined, string>;
    day_view: Generated<string>;
    alerts: Generated<string[]>;
  };
  staff: {
    id: Identity;
    email: string;
    name: string;
    user_id: string | null;
    operator: Generated<boolean>;
    retired_at: NullableTimestamp;
    language: string | null;
    signed_in_at: NullableTimestamp;
    retired_here: Generated<boolean>;
    former_emails: Generated<string[]>;
  };
  staff_managed: { office_id: number; staff_id: number };
  staff_mail: {
    id: string;
    staff_id: number;
    kind: string;
    facts: Json;
    created_at: Timestamp;
    attempts: Generated<number>;
    next_try_at: Timestamp;
    sent_at: NullableTimestamp;
    dropped_at: NullableTimestamp;
    failed_at: NullableTimestamp;
    bounced_at: NullableTimestamp;
    last_error: string | null;
  };
  staff_role: {
    id: Identity;
    office_id: number;
    staff_id: number;
    role: string;
    desk_id: number | null;
  };
  audit_seal: {
    office_id: number;
    number: number;
    last_id: number;
    row_count: number;
    at: Timestamp;
    seal: Buffer;
  };
  audit: {
    id: Identity;
    office_id: number;
    appointment_id: string | null;
    actor: string;
    action: string;
    at: Timestamp;
    data: Json<Record<string, unknown>>;
  };
}
