import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type pg from 'pg';
import { connect } from '../../../lib/backup/dump.ts';
import type { Tx } from '../../../lib/db/database.ts';
import type { BackupRun, RunKind } from './types.ts';

/** Lower-case letters and digits that nobody mistakes for others (RFC 4648, 6). */
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

/** Returns the id of the installation, and makes it when there is none. Runs for the installation. */
export async function takeInstallation(tx: Tx): Promise<string> {
  const id = Array.from(randomBytes(8), (byte) => LETTERS[byte % LETTERS.length]).join('');
  await tx
    .insertInto('installation')
    .values({ id })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return (await tx.selectFrom('installation').select('id').executeTakeFirstOrThrow()).id;
}

/** Removes the id of the installation. Runs for the installation. */
export async function deleteInstallation(tx: Tx): Promise<void> {
  await tx.deleteFrom('installation').execute();
}

/** How many runs are kept: some months of a schedule. */
const MOST_RUNS = 200;

/** Notes a run, and forgets the oldest ones. Runs for the installation. */
export async function insertRun(tx: Tx, kind: RunKind, run: BackupRun): Promise<void> {
  await tx
    .insertInto('backup_run')
    .values({
      ...{ kind, name: run.name, bytes: run.bytes, rows: run.rows, trouble: run.trouble },
      ...{ started_at: run.startedAt.toString(), ended_at: run.endedAt.toString() },
    })
    .execute();
  await sql`delete from backup_run where id <= (select id from backup_run order by id desc offset ${MOST_RUNS} limit 1)`.execute(
    tx,
  );
}

/**
 * Returns what releases the lock of backups; null: another process makes one. The lock belongs to a connection of its own, so it ends with
 * the process in every case.
 */
export async function lockBackups(
  connection: pg.ConnectionConfig,
): Promise<(() => Promise<void>) | null> {
  const client = await connect(connection);
  const release = () => client.end().catch(() => {});
  const { rows } = await client.query<{ taken: boolean }>(
    "select pg_try_advisory_lock(hashtext('finestreta.backup')) as taken",
  );
  if (rows[0]?.taken) return release;
  await release();
  return null;
}
