import type { Generated } from 'kysely';
import type { Identity, NullableTimestamp, Timestamp } from '../columns.ts';

/** Fees that are paid; the comments stand in migrations/0021. */
export interface PaymentTables {
  payment: {
    id: string;
    number: Identity;
    office_id: number;
    case_id: string;
    reference: string;
    procedure_id: number;
    order_number: string;
    cents: number;
    version: number;
    identification_id: string | null;
    prepared: Buffer | null;
    state: Generated<string>;
    code: string | null;
    authorization_code: string | null;
    begun_at: Timestamp;
    begun_by: string;
    decided_at: NullableTimestamp;
    settled_at: NullableTimestamp;
    refund: string | null;
    refund_note: string | null;
    refund_by: number | null;
    refunded_at: NullableTimestamp;
    look_at: NullableTimestamp;
  };
  payment_notification: {
    id: Identity;
    office_id: number;
    payment_id: string;
    at: Timestamp;
    verdict: string;
    version: string;
    parameters: string;
    signature: string;
  };
}
