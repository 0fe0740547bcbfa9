import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { afterLastIfAny, type DueSql, earliest, ifAny } from '../../../lib/jobs/due.ts';
import type { WrappedKey } from './sealing.ts';
import type { ResidentList } from './types.ts';

/** All of these run for the installation. */

/** Returns the list that is here; null: there is none. */
export async function readList(tx: Tx): Promise<(ResidentList & WrappedKey) | null> {
  const row = await tx.selectFrom('resident_list').selectAll().executeTakeFirst();
  if (!row) return null;
  return {
    id: row.id,
    asOf: Temporal.PlainDate.from(row.as_of),
    importedAt: row.imported_at,
    people: row.people,
    findable: row.findable,
    wrapped: row.wrapped,
    keyVersion: row.key_version,
  };
}

/** A resident as the row has it. */
export interface SealedResident {
  number: number;
  sealed: Buffer;
}

/** Returns those with an identifier, two at most, each with their dwelling. */
export const readByLookup = (
  tx: Tx,
  list: string,
  lookup: Buffer,
): Promise<(SealedResident & { dwelling: Buffer })[]> =>
  tx
    .selectFrom('resident')
    .select(['number', 'sealed', 'dwelling'])
    .where('list_id', '=', list)
    .where('lookup', '=', lookup)
    .limit(2)
    .execute();

/** Returns the people of a dwelling, `most` at most, in the order of the list. */
export const readDwelling = (
  tx: Tx,
  list: string,
  dwelling: Buffer,
  most: number,
): Promise<SealedResident[]> =>
  tx
    .selectFrom('resident')
    .select(['number', 'sealed'])
    .where('list_id', '=', list)
    .where('dwelling', '=', dwelling)
    .orderBy('number')
    .limit(most)
    .execute();

/** Whether the list of the first or the last resident is gone; null: there is no resident. */
const isLeft = (last: boolean) => sql`(
  select not exists (select from resident_list l where l.id = r.list_id)
  from (select list_id from resident order by list_id ${sql.raw(last ? 'desc' : 'asc')} limit 1) r)`;

/** At once while residents of a list are left that is gone; once a day while there is a list. */
export const residentsDue = (what: string): DueSql =>
  earliest(
    ifAny(sql`select where ${isLeft(true)} or ${isLeft(false)}`),
    afterLastIfAny('1 day', sql`select from resident_list`)(what),
  );
