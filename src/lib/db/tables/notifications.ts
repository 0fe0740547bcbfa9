import type { Generated } from 'kysely';
import type { Identity, NullableTimestamp, Timestamp } from '../columns.ts';

/** Notification of decisions; the comments stand in migrations/0026. */
export interface NotificationTables {
  notification_choice: {
    id: Identity;
    person_id: string;
    electronic: boolean;
    at: Timestamp;
  };
  notification: {
    id: string;
    office_id: number;
    case_id: string;
    way: string;
    via: Generated<string>;
    here: string | null;
    deposited_at: NullableTimestamp;
    stopped: string | null;
    stopped_at: NullableTimestamp;
    met_at: NullableTimestamp;
    reason: string;
    chosen_at: NullableTimestamp;
    person_id: string | null;
    organisation: string | null;
    level: string;
    made_at: Timestamp;
    hash: Buffer;
    decide_by: string | null;
    expires_at: NullableTimestamp;
    state: Generated<string>;
    recorded_on: Generated<string | null>;
    attempted_on: string | null;
    attempted_again_on: Generated<string | null>;
    notified_on: string | null;
    settled_at: NullableTimestamp;
    noticed_at: NullableTimestamp;
    identification_id: string | null;
  };
  notification_evidence: {
    id: string;
    office_id: number;
    notification_id: string;
    issued_at: Timestamp;
    issued_by: string;
    facts: number;
    document: Buffer;
    code: Buffer;
  };
  notification_handover: {
    notification_id: string;
    office_id: number;
    owed_at: Timestamp;
    attempts: Generated<number>;
    next_try_at: NullableTimestamp;
    taken_until: NullableTimestamp;
    sent_at: NullableTimestamp;
    failing: string | null;
    words: string | null;
    number: string | null;
    handed_at: NullableTimestamp;
    asked_at: NullableTimestamp;
    signer: Buffer | null;
    evidence: Buffer | null;
    evidence_of: string | null;
    round: Generated<number>;
    past: Buffer | null;
    past_numbers: Generated<string[]>;
  };
}
