import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { Identity, Json, NullableTimestamp, Timestamp } from './columns.ts';
import type { CaseWorkTables } from './tables/case-work.ts';
import type { NotificationTables } from './tables/notifications.ts';
import type { PaymentTables } from './tables/payments.ts';
import type { SignatureTables } from './tables/signatures.ts';

/** Written by the database when the statement doesn't give it. */
type Made = ColumnType<Temporal.Instant, string | undefined, string>;

/** Keys, documents, and the codes that open them; and consents; the comments stand in migrations/0009 to 0012. */
export interface DocumentTables {
  office_key: {
    office_id: number;
    version: Generated<number>;
    wrapped: Buffer;
    key_version: Generated<number>;
    made_at: Made;
  };
  space_key: {
    space_id: string;
    shelf: string;
    office_id: number;
    wrapped: Buffer;
    office_key_version: Generated<number>;
  };
  document: {
    id: string;
    office_id: number;
    appointment_id: string | null;
    case_id: string | null;
    request_id: string | null;
    kind: string;
    shelf: string;
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
    held_reason: Buffer | null;
    destroyed_at: NullableTimestamp;
    has_code: Generated<boolean>;
    code: Buffer | null;
    withdrawn_at: NullableTimestamp;
    bytes_document: string | null;
    bytes_space: string | null;
    bytes_shelf: string | null;
  };
  document_key: { document_id: string; office_id: number; wrapped: Buffer };
  document_piece: {
    document_id: string;
    first: number;
    segments: number;
    office_id: number;
    blob: string;
  };
  loose_piece: { blob: string; office_id: number; at: Timestamp };
  one_time_code: {
    id: string;
    office_id: number;
    appointment_id: string;
    purpose: string;
    made_at: Timestamp;
    expires_at: Timestamp;
    tries: Generated<number>;
    ended_at: NullableTimestamp;
    channel: string;
    masked: string;
    set_by: string;
  };
  act: {
    id: string;
    office_id: number;
    appointment_id: string;
    template: string;
    case_id: string | null;
    language: string;
    state: string;
    prepared_at: Timestamp;
    prepared_by: string;
    expires_at: Timestamp;
    heard_at: NullableTimestamp;
    witnessed_at: NullableTimestamp;
    noted: Buffer | null;
    scan_id: string | null;
    settled_at: NullableTimestamp;
    method: string | null;
    record: Buffer | null;
    copy_id: string;
    copied_at: NullableTimestamp;
    destroyed_at: NullableTimestamp;
    identification_id: string | null;
  };
  proved_browser: {
    hash: Buffer;
    office_id: number;
    appointment_id: string;
    at: Timestamp;
    channel: string;
    masked: string;
    set_by: string;
  };
  proof_step: {
    id: Identity;
    office_id: number;
    appointment_id: string;
    at: Timestamp;
    actor: string;
    kind: string;
    address: string | null;
    hash: Buffer | null;
    before: Buffer | null;
    proved: Generated<boolean>;
    link: number | null;
    told: string[];
  };
}

/** Forms, cases and the registry; the comments stand in migrations/0018 and 0019. */
export interface CaseTables
  extends PaymentTables,
    SignatureTables,
    NotificationTables,
    CaseWorkTables {
  form_version: {
    id: Identity;
    office_id: number;
    procedure_id: number;
    number: number;
    sha256: Buffer;
    content: string;
    published_at: Timestamp;
  };
  form_ending: {
    form_id: number;
    office_id: number;
    ended_at: Timestamp;
  };
  case_file: {
    id: string;
    office_id: number;
    reference: string;
    procedure_id: number;
    form_id: number;
    door: string;
    encounter_id: string | null;
    confirm_at: NullableTimestamp;
    confirm_by: string | null;
    confirm_version: number | null;
    assisted: Generated<boolean>;
    citizen_of: string | null;
    language: string;
    link: Generated<number>;
    state: string;
    state_at: Timestamp;
    state_due: string | null;
    lapse_on: string | null;
    decide_by: string | null;
    at_once: string | null;
    at_once_why: Buffer | null;
    level: Generated<string>;
    person_id: string | null;
    identification_id: string | null;
    opened_at: Timestamp;
    opened_by: string;
    changed_at: Timestamp;
    version: Generated<number>;
    draft: Buffer | null;
    discard_at: NullableTimestamp;
    handed_in_at: NullableTimestamp;
    record: Buffer | null;
    record_hash: Buffer | null;
    assignee: number | null;
    team: string | null;
    handed_in_by: number | null;
    closed_at: NullableTimestamp;
    applicant: Buffer | null;
    due: GeneratedAlways<string>;
    ends_on: Generated<string | null>;
    held_at: NullableTimestamp;
    held_by: Generated<string | null>;
    held_reason: Generated<Buffer | null>;
  };
  case_destruction: {
    case_id: string;
    office_id: number;
    reference: string;
    procedure_id: number;
    door: string;
    schedule: string | null;
    handed_in_at: Timestamp;
    closed_at: Timestamp;
    codes: string[];
    issued: string[];
    destroyed_at: Timestamp;
  };
  case_decision: {
    case_id: string;
    id: string;
    office_id: number;
    outcome: string;
    written_at: Timestamp;
    written_by: string;
    content: Buffer;
    issued_at: NullableTimestamp;
    issued_by: string | null;
    document: Buffer | null;
    document_hash: Buffer | null;
    code: Buffer | null;
  };
  case_event: {
    id: Identity;
    office_id: number;
    case_id: string;
    kind: string;
    at: Timestamp;
    actor: string;
    data: Json<Record<string, unknown>>;
  };
  case_appointment: {
    case_id: string;
    appointment_id: string;
    office_id: number;
    tied_at: Timestamp;
    tied_by: string;
  };
  case_waiting: {
    wait_list_id: string;
    case_id: string;
    office_id: number;
  };
  case_representation: {
    case_id: string;
    office_id: number;
    representation_id: string | null;
    organisation: string | null;
    begun_by: string | null;
    made_at: Timestamp;
  };
  case_external: {
    case_id: string;
    office_id: number;
    external_id: string | null;
    idempotency_key: string | null;
    request: string;
  };
  case_package: {
    id: string;
    office_id: number;
    case_id: string;
    packed_at: Timestamp;
    packed_by: string;
    documents: number;
    manifest: Buffer;
  };
  case_receipt: {
    id: string;
    office_id: number;
    case_id: string;
    about: string;
    issued_at: Timestamp;
    document: Buffer;
    code: Buffer;
  };
  registry_book: {
    office_id: number;
    direction: string;
    year: number;
    number: number;
    at: NullableTimestamp;
    hash: Buffer | null;
  };
  registry_entry: {
    id: string;
    office_id: number;
    direction: string;
    year: number;
    number: number;
    at: Timestamp;
    counts_from: string;
    about: string;
    content: Buffer;
    previous: Buffer | null;
    hash: Buffer;
  };
  registry_day: {
    office_id: number;
    day: string;
    entries: number;
    exits: number;
    last_entry: Buffer | null;
    last_exit: Buffer | null;
    closed_at: Timestamp;
  };
  registry_outside: {
    id: string;
    office_id: number;
    owed_at: Timestamp;
    attempts: Generated<number>;
    next_try_at: NullableTimestamp;
    first_sent_at: NullableTimestamp;
    last_sent_at: NullableTimestamp;
    failing: string | null;
    words: string | null;
    number: string | null;
    at: NullableTimestamp;
    register: string | null;
    also: Generated<string[]>;
    consolidated: string | null;
  };
}
