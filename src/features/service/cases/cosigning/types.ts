import type { Cosigner as Named } from '../../../../domain/form/cosigners.ts';
import type { SigningWay } from '../../../../domain/form/online.ts';
import type { Form } from '../../../../domain/form/schema.ts';
import type { Level } from '../../../../domain/identity.ts';
import type { IdentificationOf } from '../../../foundation/identification/types.ts';
import type { CasePaper } from '../../documents/types.ts';
import type { CaseRecord, CaseRow, RecordSignature } from '../types.ts';

/** How somebody answered who must sign, too. */
export type CosignAnswer = 'signed' | 'declined';

/** Somebody who must sign what was handed in, without what is sealed of them. */
export interface CosignerRow {
  id: string;
  office: number;
  /** The case that was handed in. */
  case: string;
  /** Where they stand among the others, from 0. */
  nth: number;
  askedAt: Temporal.Instant;
  /** Null: they have not answered. */
  answered: {
    at: Temporal.Instant;
    how: CosignAnswer;
    /** Of the entry in the registry; null: they declined. */
    number: string | null;
  } | null;
  /** By which they were identified when they signed. */
  identification: string | null;
}

/** The same with who they are, as whoever handed it in wrote. */
export interface Cosigner extends CosignerRow {
  name: string;
  /** Their DNI or NIE, masked. */
  masked: string;
  /** Whether a message with the link was sent to them. */
  isWritten: boolean;
}

/** Somebody who must sign as the rows and their seal have them. */
export interface OpenedCosigner extends CosignerRow, Named {}

/** A signature of somebody else than the applicant, as it is kept: canonical JSON, of which the registry has the hash. */
export interface CosignRecord
  extends Pick<
    CaseRecord,
    'version' | 'case' | 'reference' | 'office' | 'procedure' | 'name' | 'language'
  > {
  what: 'signature';
  /** SHA-256 of what they signed, in hexadecimal: the application. */
  of: string;
  /** Who signed; the evidence is kept with the identification. */
  signer: { identification: string; level: string };
  /** How they signed; absent: by the session of `signer`. What is signed is this record without `signature` and `at`. */
  signature?: RecordSignature;
  /** RFC 3339. */
  at: string;
}

/** What somebody signs by more than their session. */
export type PreparedCosignature = Omit<CosignRecord, 'signature' | 'at'>;

/** What somebody reads who must sign. */
export interface ToCosign {
  cosigner: CosignerRow;
  form: Form;
  record: CaseRecord;
  /** SHA-256 of the record, in hexadecimal. */
  hash: string;
  papers: readonly CasePaper[];
  /** What whoever handed it in is called. */
  applicant: string;
  /** Whether they can sign now: nothing is answered, and the case waits for it. */
  isOpen: boolean;
  /** Whether they have signed, and it is not registered yet. */
  isSigned: boolean;
}

/** What is to be prepared for a signature. `by`: its id. `hash`: of what they read. `known`: who they are. */
export interface ToPrepare {
  by: string;
  way: SigningWay;
  hash: string;
  known: IdentificationOf;
}

/** What somebody signs, sealed. `closed`: the form is not signed that way. Else see `CosignResult`. */
export type CosignPrepareResult =
  | { ok: true; row: CaseRow; sealed: Buffer; hash: Buffer; level: Level }
  | { ok: false; reason: CosignRefusal | 'closed' };

/** `other`: it is for somebody else, or for whoever acts for nobody else. `level`: whoever looks must be identified to a higher level. */
export type CosignLook =
  | { ok: true; found: ToCosign }
  | { ok: false; reason: 'other' | 'level' | 'not_found' };

/**
 * `over`: it was answered, or the case waits for no signature any more. `changed`: what is signed is another thing than they read. `needs_signature`:
 * a session is not enough.
 */
export type CosignResult =
  | { ok: true; number: string | null }
  | { ok: false; reason: CosignRefusal | 'needs_signature' };

export type CosignRefusal = 'other' | 'level' | 'not_found' | 'over' | 'changed';
