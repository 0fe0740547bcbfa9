import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { raiseRevision } from '../../foundation/offices/service.ts';
import type { Forgotten, RetentionPass } from '../../foundation/retention/types.ts';
import type { Away } from './types.ts';

/** Nobody books in the office, nor changes its rota, until the transaction ends. */
export async function lockOffice(tx: Tx, office: number): Promise<void> {
  await sql`call lock_office(${office})`.execute(tx);
}

/** Writes down that a desk is away, in an office that the transaction has locked. Answers its id. */
export async function insertAbsence(
  tx: Tx,
  office: number,
  { desk, from, to, why }: Away,
  by: { staff: number; now: Temporal.Instant },
): Promise<number> {
  await raiseRevision(tx, office);
  const { id } = await tx
    .insertInto('absence')
    .values({
      office_id: office,
      desk_id: desk,
      starts: from,
      ends: to,
      why,
      origin: 'console',
      made_at: by.now.toString(),
      made_by: by.staff,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Everything that the desk had is seen to. */
export async function markSettled(tx: Tx, id: number, now: Temporal.Instant): Promise<void> {
  await tx
    .updateTable('absence')
    .set({ settled_at: now.toString() })
    .where('id', '=', id)
    .where('settled_at', 'is', null)
    .execute();
}

/**
 * The desk is back at a local time: what is left of its absence goes, in an office that the transaction has locked. Answers
 * whether there was something left.
 */
export async function endAbsence(tx: Tx, office: number, id: number, at: string): Promise<boolean> {
  await raiseRevision(tx, office);
  const cut = await tx
    .updateTable('absence')
    .set({ ends: at, settled_at: sql`coalesce(settled_at, made_at)` })
    .where('id', '=', id)
    .where('origin', '=', 'console')
    .where('starts', '<', at)
    .where('ends', '>', at)
    .executeTakeFirst();
  const gone = await tx
    .deleteFrom('absence')
    .where('id', '=', id)
    .where('origin', '=', 'console')
    .where('starts', '>=', at)
    .executeTakeFirst();
  return cut.numUpdatedRows + gone.numDeletedRows > 0n;
}

/** Destroys why desks were away that were back before the bound of reasons: it may say something of somebody's health. */
export async function forgetReasons(pass: RetentionPass): Promise<Partial<Forgotten>> {
  const { tx, office, ended } = pass;
  await tx
    .updateTable('absence')
    .set({ why: '' })
    .where('office_id', '=', office)
    .where('why', '<>', '')
    .where('ends', '<', ended.reasons)
    .execute();
  return {};
}
