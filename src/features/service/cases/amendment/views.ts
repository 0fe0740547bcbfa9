import type { Tx } from '../../../../lib/db/database.ts';

/** A request to amend as its row has it. */
export interface AmendmentRow {
  id: string;
  case: string;
  askedAt: Temporal.Instant;
  askedBy: string;
  until: Temporal.PlainDate;
  sealedPoints: Buffer;
  extendedAt: Temporal.Instant | null;
  sealedExtension: Buffer | null;
  closedAt: Temporal.Instant | null;
  answered: { at: Temporal.Instant; number: string; hash: string; sealed: Buffer } | null;
}

/** Returns the requests to amend a case, the newest first. */
export async function readAmendments(tx: Tx, id: string): Promise<AmendmentRow[]> {
  const rows = await tx
    .selectFrom('case_amendment')
    .selectAll()
    .where('case_id', '=', id)
    .orderBy('asked_at', 'desc')
    .execute();
  return rows.map(({ answered_at: at, number, record: sealed, record_hash: hash, ...row }) => ({
    id: row.id,
    case: row.case_id,
    askedAt: row.asked_at,
    askedBy: row.asked_by,
    until: Temporal.PlainDate.from(row.until),
    sealedPoints: row.points,
    extendedAt: row.extended_at,
    sealedExtension: row.extension,
    closedAt: row.closed_at,
    answered: at &&
      sealed &&
      hash && { at, number: number ?? '', sealed, hash: hash.toString('hex') },
  }));
}
