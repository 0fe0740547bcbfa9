import type { SigningWay } from '../../../../domain/form/online.ts';

/** A signature by more than a session. It is kept beside the record. */
export interface RecordSignature {
  id: string;
  way: SigningWay;
  /** SHA-256 of what is signed, and of the signature itself, in hexadecimal. */
  of: string;
  sha256: string;
  /** RFC 3339. */
  at: string;
}

/** A fee that was paid. */
export interface PaidFee {
  /** Its number at the bank. */
  order: string;
  cents: number;
  /** The number of the bank's authorisation; null: it gave none. */
  authorization: string | null;
  /** RFC 3339. */
  at: string;
}
