import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import type { WrappedKey } from './sealing.ts';
import type { ResidentList } from './types.ts';

/** All of these run for the installation. */

/** Makes imports wait for each other until this transaction ends. */
export async function lockImports(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('finestreta.residents'))`.execute(tx);
}

/** A resident to add. */
export interface NewResident {
  number: number;
  lookup: Buffer | null;
  dwelling: Buffer;
  sealed: Buffer;
}

export async function insertResidents(
  tx: Tx,
  list: string,
  rows: readonly NewResident[],
): Promise<void> {
  await tx
    .insertInto('resident')
    .values(rows.map((each) => ({ list_id: list, ...each })))
    .execute();
}

/** Puts a list in the place of the one that is here, whose key ends. */
export async function replaceList(tx: Tx, list: ResidentList, key: WrappedKey): Promise<void> {
  const { id, asOf, importedAt, people, findable } = list;
  await tx.deleteFrom('resident_list').execute();
  await tx
    .insertInto('resident_list')
    .values({
      ...{ id, people, findable, wrapped: key.wrapped, key_version: key.keyVersion },
      ...{ as_of: asOf.toString(), imported_at: importedAt.toString() },
    })
    .execute();
}

/** Deletes the list, whose key ends. `before`: only one that is of an earlier day. Returns whether there was one. */
export async function deleteList(tx: Tx, before?: Temporal.PlainDate): Promise<boolean> {
  const all = tx.deleteFrom('resident_list');
  const due = before ? all.where('as_of', '<', before.toString()) : all;
  const { numDeletedRows } = await due.executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Deletes some residents whose list is gone. Returns how many. */
export async function sweepResidents(tx: Tx, most: number): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('resident')
    .where(({ eb, selectFrom }) =>
      eb(
        sql`ctid`,
        'in',
        selectFrom('resident as r')
          .select(sql`r.ctid`.as('ctid'))
          .where(({ not, exists, selectFrom: from }) =>
            not(
              exists(from('resident_list as l').select('l.id').whereRef('l.id', '=', 'r.list_id')),
            ),
          )
          .limit(most),
      ),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Wraps a list's key by another version, unless it was changed meanwhile. */
export async function rewrapList(
  tx: Tx,
  { id, wrapped }: { id: string; wrapped: Buffer },
  anew: WrappedKey,
): Promise<void> {
  await tx
    .updateTable('resident_list')
    .set({ wrapped: anew.wrapped, key_version: anew.keyVersion })
    .where('id', '=', id)
    .where('wrapped', '=', wrapped)
    .execute();
}
