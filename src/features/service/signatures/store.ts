import type { Tx } from '../../../lib/db/database.ts';
import { actorOf } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { SignatureRow, SigningFailure } from './types.ts';

type NewSignature = Pick<
  SignatureRow,
  | 'id'
  | 'case'
  | 'cosigner'
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
      cosigner_id: made.cosigner,
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
  await dropExchange(tx, id);
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
  await dropExchange(tx, id);
}

/** Notes that nothing is left to do with a signed one. */
export async function setSignatureSettled({ tx, now }: Unit, id: string): Promise<void> {
  await tx
    .updateTable('case_signature')
    .set({ settled_at: now.toString() })
    .where('id', '=', id)
    .execute();
}

/** Keeps what a program fetches, and the hashes of the identifiers by which it fetches and puts. */
export async function insertExchange(
  { tx, office }: Pick<Unit, 'tx' | 'office'>,
  made: { id: string; file: Buffer; result: Buffer; document: Buffer },
): Promise<void> {
  await tx
    .insertInto('signature_exchange')
    .values({
      signature_id: made.id,
      office_id: office,
      file_hash: made.file,
      result_hash: made.result,
      document: made.document,
    })
    .execute();
}

/** Notes that a program fetches what it signs. Returns whether nobody had before. */
export async function noteFetched(tx: Tx, id: string, now: Temporal.Instant): Promise<boolean> {
  const row = await tx
    .updateTable('signature_exchange')
    .set({ fetched_at: now.toString() })
    .where('signature_id', '=', id)
    .where('fetched_at', 'is', null)
    .returning('signature_id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Notes that a program says that it is at work. */
export async function noteSeen(tx: Tx, id: string, now: Temporal.Instant): Promise<void> {
  await tx
    .updateTable('signature_exchange')
    .set({ seen_at: now.toString() })
    .where('signature_id', '=', id)
    .execute();
}

/** Keeps what a program put at last, sealed. Returns whether it is the first. */
export async function keepResult(
  tx: Tx,
  id: string,
  { result, now }: { result: Buffer; now: Temporal.Instant },
): Promise<boolean> {
  const row = await tx
    .updateTable('signature_exchange')
    .set({ result, put_at: now.toString() })
    .where('signature_id', '=', id)
    .where('result', 'is', null)
    .returning('signature_id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Notes that what a program put begins to be read, before it is. Returns whether nobody had begun. */
export async function noteReading(tx: Tx, id: string, now: Temporal.Instant): Promise<boolean> {
  const row = await tx
    .updateTable('signature_exchange')
    .set({ read_at: now.toString() })
    .where('signature_id', '=', id)
    .where('read_at', 'is', null)
    .returning('signature_id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Notes that what a program put is to be read again. */
export async function noteToRead(tx: Tx, id: string): Promise<void> {
  await tx
    .updateTable('signature_exchange')
    .set({ read_at: null })
    .where('signature_id', '=', id)
    .execute();
}

/** Destroys what is between an attempt and its program: it is decided. */
const dropExchange = (tx: Tx, id: string) =>
  tx.deleteFrom('signature_exchange').where('signature_id', '=', id).execute();
