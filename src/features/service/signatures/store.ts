import type { Tx } from '../../../lib/db/database.ts';
import { actorOf } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { SignatureRow, SigningFailure } from './types.ts';

type NewSignature = Pick<
  SignatureRow,
  | 'id'
  | 'case'
  | 'way'
  | 'version'
  | 'hash'
  | 'cents'
  | 'prepared'
  | 'browserHash'
  | 'kept'
  | 'identification'
>;

export async function insertSignature(
  { tx, office, viewer, now }: Unit,
  made: NewSignature,
): Promise<void> {
  await tx
    .insertInto('case_signature')
    .values({
      id: made.id,
      office_id: office,
      case_id: made.case,
      way: made.way,
      version: made.version,
      identification_id: made.identification,
      prepared: made.prepared,
      hash: Buffer.from(made.hash, 'hex'),
      cents: made.cents,
      browser_hash: made.browserHash,
      kept: made.kept,
      begun_at: now.toString(),
      begun_by: actorOf(viewer),
    })
    .execute();
}

/** Notes that the person of an open attempt came back. Returns whether it was the first time. */
export async function noteAnswered(tx: Tx, id: string, now: Temporal.Instant): Promise<boolean> {
  const row = await tx
    .updateTable('case_signature')
    .set({ answered_at: now.toString() })
    .where('id', '=', id)
    .where('state', '=', 'begun')
    .where('answered_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Keeps what an open attempt needs for its next step. `code`: the hash of the code by which the provider names it. */
export async function keepStep(
  tx: Tx,
  id: string,
  { kept, code }: { kept: Buffer; code: Buffer | null },
): Promise<void> {
  await tx
    .updateTable('case_signature')
    .set({ kept, code_hash: code })
    .where('id', '=', id)
    .where('state', '=', 'begun')
    .execute();
}

/** Notes that nothing was signed with a locked attempt. */
export async function setSigningFailed(
  { tx, now }: Unit,
  id: string,
  failure: SigningFailure,
): Promise<void> {
  await tx
    .updateTable('case_signature')
    .set({
      state: 'failed',
      failure,
      decided_at: now.toString(),
      kept: null,
      identification_id: null,
    })
    .where('id', '=', id)
    .execute();
}

/** Keeps the signature of a locked attempt. Its case is handed in afterwards, or its fee is paid: then `isSettled`. */
export async function setSigned(
  { tx, now }: Unit,
  id: string,
  on: { signer: Buffer; evidence: Buffer; hash: Buffer; isSettled: boolean },
): Promise<void> {
  const at = now.toString();
  await tx
    .updateTable('case_signature')
    .set({
      state: 'signed',
      failure: null,
      decided_at: at,
      settled_at: on.isSettled ? at : null,
      signer: on.signer,
      evidence: on.evidence,
      evidence_hash: on.hash,
      kept: null,
    })
    .where('id', '=', id)
    .execute();
}

/** Notes that nothing is left to do with a signed one. */
export async function setSignatureSettled({ tx, now }: Unit, id: string): Promise<void> {
  await tx
    .updateTable('case_signature')
    .set({ settled_at: now.toString() })
    .where('id', '=', id)
    .execute();
}
