import { sql } from 'kysely';
import type { SigningWay } from '../../../domain/form/online.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { type DueSql, earliest, ifAny } from '../../../lib/jobs/due.ts';
import { SIGNING_MINUTES } from './rules.ts';
import type { Exchange, SignatureRow, SignatureState, SigningFailure } from './types.ts';

const select = (tx: Tx) => tx.selectFrom('case_signature').selectAll('case_signature');
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

const fromRow = (row: Row): SignatureRow => ({
  id: row.id,
  office: row.office_id,
  case: row.case_id,
  cosigner: row.cosigner_id,
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

/** Returns the attempts of the applicant of a case, the newest first. */
export async function readSignaturesOf(tx: Tx, of: string): Promise<SignatureRow[]> {
  const rows = await select(tx)
    .where('case_id', '=', of)
    .where('cosigner_id', 'is', null)
    .orderBy('number', 'desc')
    .execute();
  return rows.map(fromRow);
}

/** Returns the attempts of somebody else who must sign a case, or of all of these, the newest first. */
export async function readCosignaturesOf(
  tx: Tx,
  of: { case: string } | { cosigner: string },
): Promise<SignatureRow[]> {
  const rows = await select(tx)
    .$call((query) =>
      'cosigner' in of
        ? query.where('cosigner_id', '=', of.cosigner)
        : query.where('case_id', '=', of.case).where('cosigner_id', 'is not', null),
    )
    .orderBy('number', 'desc')
    .execute();
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

const exchanges = (tx: Tx) =>
  tx
    .selectFrom('signature_exchange as e')
    .innerJoin('case_signature as s', 's.id', 'e.signature_id')
    .select([
      's.id',
      's.office_id as office',
      's.case_id as case',
      'e.document',
      'e.fetched_at as fetchedAt',
      'e.seen_at as seenAt',
      'e.result',
      'e.read_at as readAt',
    ])
    .where('s.state', '=', 'begun');

/** Returns what is between an open attempt and its program; null: it has none, or is decided. */
export const readExchange = async (tx: Tx, id: string): Promise<Exchange | null> =>
  (await exchanges(tx).where('s.id', '=', id).executeTakeFirst()) ?? null;

/** Returns the exchange of which a program names an identifier; null: there is none. Runs for the installation: an identifier names no office. */
export const readExchangeBy = async (
  tx: Tx,
  what: 'file' | 'result',
  hash: Buffer,
): Promise<Exchange | null> =>
  (await exchanges(tx).where(`e.${what}_hash`, '=', hash).executeTakeFirst()) ?? null;

/** Returns open attempts of which a program has put what it made, the oldest first. Runs for the installation. */
export async function readPut(tx: Tx, most: number): Promise<SignatureRow[]> {
  const rows = await select(tx)
    .innerJoin('signature_exchange as e', 'e.signature_id', 'case_signature.id')
    .where('case_signature.state', '=', 'begun')
    .where('e.put_at', 'is not', null)
    .orderBy('e.put_at')
    .limit(most)
    .execute();
  return rows.map(fromRow);
}

/** At once while a signature is to be settled; else when the first attempt is too late. */
export const signaturesDue: DueSql = earliest(
  sql`select min(begun_at) + ${sql.lit(SIGNING_MINUTES)} * interval '1 minute' from case_signature where state = 'begun'`,
  ifAny(sql`select from case_signature where state = 'signed' and settled_at is null`),
  ifAny(
    sql`select from case_signature s join signature_exchange e on e.signature_id = s.id where s.state = 'begun' and e.put_at is not null`,
  ),
);
