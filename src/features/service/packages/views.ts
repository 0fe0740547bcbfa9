import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import type { DuePackage } from './types.ts';

type Row = Omit<DuePackage, 'refused'>;

/** Returns the closed cases of an office that are kept for good: those that nobody has packed first, then those that closed last; at most `most`. */
export async function readForGood(
  tx: Tx,
  office: number,
  most: number,
): Promise<{ cases: Row[]; more: number }> {
  const from = tx
    .selectFrom('case_file as c')
    .where('c.office_id', '=', office)
    .where('c.closed_at', 'is not', null)
    .where('c.ends_on', 'is', null);
  const rows = await from
    .select(['c.id', 'c.reference', 'c.procedure_id as procedure', 'c.closed_at as closedAt'])
    .select((eb) =>
      eb
        .selectFrom('case_package as p')
        .select(({ fn }) => fn.max('p.packed_at').as('at'))
        .whereRef('p.case_id', '=', 'c.id')
        .as('packedAt'),
    )
    .orderBy(sql`exists (select from case_package p where p.case_id = c.id)`)
    .orderBy('c.closed_at', 'desc')
    .limit(most)
    .execute();
  const { count } = await from
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow();
  return { cases: rows.flatMap(dueOf), more: Number(count) - rows.length };
}

const dueOf = (row: Omit<Row, 'closedAt'> & { closedAt: Temporal.Instant | null }) =>
  row.closedAt ? [{ ...row, closedAt: row.closedAt }] : [];
