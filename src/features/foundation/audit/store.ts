import { sql } from 'kysely';
import type pg from 'pg';
import type { Tx } from '../../../lib/db/database.ts';
import { trailActorOf } from '../../../lib/viewer.ts';
import type { Seal } from './rules.ts';
import type { AuditEntry } from './types.ts';

export async function insertAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  await tx
    .insertInto('audit')
    .values({
      office_id: entry.office,
      appointment_id: entry.appointment ?? null,
      actor: trailActorOf(entry.viewer, entry.office),
      action: entry.action,
      at: entry.now.toString(),
      data: JSON.stringify(entry.data ?? {}),
    })
    .execute();
}

/**
 * Adds one entry to the trail of each of these offices. For the staff feature: its people belong to no single office, and its
 * connections act for the installation.
 */
export async function insertAuditInEach(
  client: pg.Pool | pg.PoolClient,
  offices: readonly number[],
  entry: Pick<AuditEntry, 'action' | 'now' | 'data'> & { actor: string },
): Promise<void> {
  await client.query(
    `insert into public.audit (office_id, actor, action, at, data)
     select office, $2, $3, $4, $5 from unnest($1::integer[]) as office`,
    [offices, entry.actor, entry.action, entry.now.toString(), JSON.stringify(entry.data ?? {})],
  );
}

/**
 * Waits until all open writes to the trail are committed, and blocks new writes until the transaction ends. An id is drawn
 * before its commit, so a row that appeared later under a seal would look like a forgery.
 * @throws when that takes too long; the next run tries again
 */
export async function pauseAudit(tx: Tx): Promise<void> {
  await sql`set local lock_timeout = '500ms'`.execute(tx);
  await sql`select pause_audit()`.execute(tx);
}

export async function insertSeal(
  tx: Tx,
  office: number,
  { number, lastId, rows, seal }: Seal,
  now: Temporal.Instant,
): Promise<void> {
  await tx
    .insertInto('audit_seal')
    .values({
      office_id: office,
      number,
      last_id: lastId,
      row_count: rows,
      at: now.toString(),
      seal,
    })
    .execute();
}
