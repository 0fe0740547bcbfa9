import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { type DueSql, localTimeAfter } from '../../../lib/jobs/due.ts';
import { RETRY } from './rules.ts';
import type { BackupRun, LastRuns, RunKind } from './types.ts';

/** Returns the id of the installation; null: it has made no backup yet. Runs for the installation. */
export async function readInstallation(tx: Tx): Promise<string | null> {
  const row = await tx.selectFrom('installation').select('id').executeTakeFirst();
  return row?.id ?? null;
}

/** Returns the last backups and drills, those that went well and those that failed. Runs for the installation. */
export async function readLastRuns(tx: Tx): Promise<LastRuns> {
  const last = async (kind: RunKind, hasFailed: boolean): Promise<BackupRun | null> => {
    const row = await tx
      .selectFrom('backup_run')
      .selectAll()
      .where('kind', '=', kind)
      .where('trouble', hasFailed ? 'is not' : 'is', null)
      .orderBy('started_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (!row) return null;
    const { name, bytes, rows, trouble } = row;
    return { name, bytes, rows, trouble, startedAt: row.started_at, endedAt: row.ended_at };
  };
  return {
    backup: await last('backup', false),
    failed: await last('backup', true),
    file: await last('file', false),
    unremoved: await last('removal', true),
    drill: await last('drill', false),
    failedDrill: await last('drill', true),
  };
}

/** When the schedule wants the next backup: at its local time after the last one, and some time after a failure. */
export const backupDue = (at: Temporal.PlainTime): DueSql => sql`
  select greatest(
    coalesce((select ${localTimeAfter(sql`max(started_at)`, at)} from backup_run where kind = 'backup' and trouble is null), timestamptz 'epoch'),
    (select max(ended_at) + ${sql.lit(RETRY.total('minutes'))} * interval '1 minute' from backup_run where kind = 'backup' and trouble is not null))`;
