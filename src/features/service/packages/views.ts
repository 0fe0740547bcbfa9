import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { DuePackage } from './types.ts';

type Row = Omit<DuePackage, 'refused'>;
/** A case that nobody has packed. */
export type Unpacked = Pick<DuePackage, 'id' | 'reference' | 'closedAt'>;

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

/** Returns closed cases of an office that are kept for good and that nobody has packed, those that closed last first, from after one on; at most `most`. */
export async function readUnpacked(
  tx: Tx,
  office: number,
  { after, most }: { after: Unpacked | null; most: number },
): Promise<Unpacked[]> {
  let query = tx
    .selectFrom('case_file as c')
    .select(['c.id', 'c.reference', 'c.closed_at as closedAt'])
    .where('c.office_id', '=', office)
    .where('c.closed_at', 'is not', null)
    .where('c.ends_on', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom('case_package as p').select('p.id').whereRef('p.case_id', '=', 'c.id')),
      ),
    );
  if (after)
    query = query.where(
      sql<boolean>`(c.closed_at, c.id) < (${moment(after.closedAt)}, ${after.id}::uuid)`,
    );
  const rows = await query
    .orderBy('c.closed_at', 'desc')
    .orderBy('c.id', 'desc')
    .limit(most)
    .execute();
  return rows.flatMap(({ closedAt, ...row }) => (closedAt ? [{ ...row, closedAt }] : []));
}

const dueOf = (row: Omit<Row, 'closedAt'> & { closedAt: Temporal.Instant | null }) =>
  row.closedAt ? [{ ...row, closedAt: row.closedAt }] : [];
