import { sql } from 'kysely';
import type pg from 'pg';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';

/** Records the host name of the town; null: unknown. `isFirst`: only when none is recorded. */
export async function saveHost(db: Db, host: string | null, isFirst: boolean): Promise<void> {
  await within(db, INSTALLATION, (tx) => {
    const saved = tx.updateTable('town').set({ host });
    return (isFirst ? saved.where('host', 'is', null) : saved).execute();
  });
}

/** Replaces an address in the offices' registers of officials. Returns the offices where it was found. */
export async function moveHabilitations(
  client: pg.PoolClient,
  from: string,
  to: string,
): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    `update public.office set revision = revision + 1, settings = jsonb_set(settings, '{habilitated}', (
       select jsonb_agg(case when each ->> 'email' = $1 then jsonb_set(each, '{email}', to_jsonb($2::text)) else each end order by nth)
       from jsonb_array_elements(settings -> 'habilitated') with ordinality as entry (each, nth)))
     where settings -> 'habilitated' @> jsonb_build_array(jsonb_build_object('email', $1::text))
     returning id`,
    [from, to],
  );
  return rows.map((each) => each.id);
}

/** Raises the office's revision, so that bookings use its catalogue and rota anew. */
export async function raiseRevision(tx: Tx, office: number): Promise<void> {
  await tx
    .updateTable('office')
    .set({ revision: sql`revision + 1` })
    .where('id', '=', office)
    .execute();
}

/** Marks that the rota of these desks is kept in the console. */
export async function keepRotasHere(tx: Tx, desks: readonly number[]): Promise<void> {
  if (desks.length === 0) return;
  await tx.updateTable('desk').set({ rota_here: true }).where('id', 'in', desks).execute();
}
