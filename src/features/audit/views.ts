import { sql } from 'kysely';
import type { Tx } from '../../lib/db/database.ts';
import type { Seal, SealedRow } from './rules.ts';

/** Seals of a body from number `from` on, in order. */
export async function readSeals(tx: Tx, body: number, from: number, most: number): Promise<Seal[]> {
  const rows = await tx
    .selectFrom('audit_seal')
    .select(['number', 'last_id', 'row_count', 'seal'])
    .where('body_id', '=', body)
    .where('number', '>=', from)
    .orderBy('number')
    .limit(most)
    .execute();
  return rows.map(({ number, last_id, row_count, seal }) => ({
    number,
    lastId: last_id,
    rows: row_count,
    seal,
  }));
}

export async function readLastSeal(tx: Tx, body: number): Promise<Seal | null> {
  const row = await tx
    .selectFrom('audit_seal')
    .select(['number', 'last_id', 'row_count', 'seal'])
    .where('body_id', '=', body)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row) return null;
  return { number: row.number, lastId: row.last_id, rows: row.row_count, seal: row.seal };
}

/** The rows of a body's trail between two ids (the first excluded), as they are sealed. */
export async function readSealedRows(
  tx: Tx,
  body: number,
  span: { after: number; upTo?: number; most: number },
): Promise<SealedRow[]> {
  const { rows } = await sql<SealedRow>`
    select id, json_build_array(
      id, appointment_id, actor, action, (extract(epoch from at) * 1000000)::bigint, data
    )::text as line
    from audit
    where body_id = ${body} and id > ${span.after} and id <= ${span.upTo ?? Number.MAX_SAFE_INTEGER}
    order by id limit ${span.most}`.execute(tx);
  return rows;
}
