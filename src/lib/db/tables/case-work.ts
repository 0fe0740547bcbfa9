import type { Identity, NullableTimestamp, Timestamp } from '../columns.ts';

/** What an office works with on a case; or was handed in to one; the comments stand in migrations/0020, 0024, 0035, 0036 and 0040. */
export interface CaseWorkTables {
  case_amendment: {
    id: string;
    office_id: number;
    case_id: string;
    asked_at: Timestamp;
    asked_by: string;
    until: string;
    points: Buffer;
    extended_at: NullableTimestamp;
    extended_by: string | null;
    extension: Buffer | null;
    closed_at: NullableTimestamp;
    answered_at: NullableTimestamp;
    number: string | null;
    record: Buffer | null;
    record_hash: Buffer | null;
  };
  case_note: {
    id: string;
    office_id: number;
    case_id: string;
    at: Timestamp;
    by: string;
    text: Buffer;
  };
  case_message: {
    id: string;
    number: Identity;
    office_id: number;
    case_id: string;
    at: Timestamp;
    side: string;
    by: string;
    text: Buffer;
    seen_at: NullableTimestamp;
  };
  case_report: {
    id: string;
    office_id: number;
    case_id: string;
    reference: string;
    procedure_id: number;
    asked_at: Timestamp;
    asked_by: string;
    to_office: number;
    to_staff: number | null;
    until: string;
    suspends: boolean;
    request: Buffer;
    ended_at: NullableTimestamp;
    ended_by: string | null;
    ending: string | null;
    answer: Buffer | null;
    answer_hash: Buffer | null;
  };
  case_cosigner: {
    id: string;
    office_id: number;
    case_id: string;
    nth: number;
    asked_at: Timestamp;
    who: Buffer;
    answered_at: NullableTimestamp;
    actor: string | null;
    answer: string | null;
    number: string | null;
    record: Buffer | null;
    record_hash: Buffer | null;
    identification_id: string | null;
  };
  case_submission: {
    id: string;
    office_id: number;
    case_id: string;
    kind: string;
    at: Timestamp;
    actor: string;
    number: string;
    record: Buffer | null;
    record_hash: Buffer;
    identification_id: string | null;
  };
}
