import type { Generated } from 'kysely';
import type { Identity, NullableTimestamp, Timestamp } from '../columns.ts';

/** Signatures of what is handed in; the comments stand in migrations/0027. */
export interface SignatureTables {
  case_signature: {
    id: string;
    number: Identity;
    office_id: number;
    case_id: string;
    cosigner_id: string | null;
    way: string;
    version: number;
    identification_id: string | null;
    prepared: Buffer;
    hash: Buffer;
    cents: number;
    browser_hash: Buffer;
    code_hash: Buffer | null;
    kept: Buffer | null;
    state: Generated<string>;
    failure: string | null;
    begun_at: Timestamp;
    begun_by: string;
    answered_at: NullableTimestamp;
    decided_at: NullableTimestamp;
    settled_at: NullableTimestamp;
    signer: Buffer | null;
    evidence: Buffer | null;
    evidence_hash: Buffer | null;
  };
  signature_exchange: {
    signature_id: string;
    office_id: number;
    file_hash: Buffer;
    result_hash: Buffer;
    document: Buffer;
    fetched_at: NullableTimestamp;
    seen_at: NullableTimestamp;
    result: Buffer | null;
    put_at: NullableTimestamp;
    read_at: NullableTimestamp;
  };
}
