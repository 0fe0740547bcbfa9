import type { SigningWay } from '../../../domain/form/online.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { SignatureRow, SignatureState, SigningFailure } from './types.ts';

const select = (tx: Tx) => tx.selectFrom('case_signature').selectAll('case_signature');
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

const fromRow = (row: Row): SignatureRow => ({
  id: row.id,
  office: row.office_id,
  case: row.case_id,
  way: row.way as SigningWay,
  version: row.version,
  hash: row.hash.toString('hex'),
  cents: row.cents,
  state: row.state as SignatureState,
  failure: row.failure as SigningFailure | null,
  begunAt: row.begun_at,
  answeredAt: row.answered_at,
  decidedAt: row.decided_at,
  settledAt: row.settled_at,
  identification: row.identification_id,
  prepared: row.prepared,
  browserHash: row.browser_hash,
  kept: row.kept,
  signer: row.signer,
  evidence: row.evidence,
});

/** Returns an attempt; null: there is none that the transaction may see. */
export async function readSignature(tx: Tx, id: string): Promise<SignatureRow | null> {
  const row = await select(tx).where('id', '=', id).executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns an attempt, locked until the transaction ends. */
export async function readSignatureForUpdate(tx: Tx, id: string): Promise<SignatureRow | null> {
  const row = await select(tx).where('id', '=', id).forUpdate().executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns the attempt that the provider names by a code; null: there is none. Runs for the installation: an answer names no office. */
export async function readByCode(tx: Tx, hash: Buffer): Promise<SignatureRow | null> {
  const row = await select(tx).where('code_hash', '=', hash).executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns the attempts of a case, the newest first. */
export async function readSignaturesOf(tx: Tx, of: string): Promise<SignatureRow[]> {
  const rows = await select(tx).where('case_id', '=', of).orderBy('number', 'desc').execute();
  return rows.map(fromRow);
}

/** Returns signed ones whose case is not handed in yet, the oldest first. Runs for the installation. */
export const readSignedToSettle = (tx: Tx, most: number) =>
  tx
    .selectFrom('case_signature')
    .select(['id', 'office_id as office', 'case_id as case', 'identification_id as identification'])
    .where('state', '=', 'signed')
    .where('settled_at', 'is', null)
    .orderBy('decided_at')
    .limit(most)
    .execute();

/** Returns open attempts that began before an instant, the oldest first. Runs for the installation. */
export async function readBegunBefore(
  tx: Tx,
  before: Temporal.Instant,
  most: number,
): Promise<SignatureRow[]> {
  const rows = await select(tx)
    .where('state', '=', 'begun')
    .where('begun_at', '<', moment(before))
    .orderBy('begun_at')
    .limit(most)
    .execute();
  return rows.map(fromRow);
}
