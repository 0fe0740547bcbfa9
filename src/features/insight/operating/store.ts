import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';

/** What a job did since this was last noted. */
export interface Noted {
  what: string;
  /** When the last run that ended well began; null: none did. */
  ranAt: Temporal.Instant | null;
  failedAt: Temporal.Instant | null;
  /** Failures since it last ended well. */
  failures: number;
  trouble: string | null;
}

/** Jobs that no process has run for so long are those of an earlier version. */
const FORGOTTEN_AFTER = { hours: 24 * 7 };

/** Notes how jobs ran, in one statement. Runs for the installation. */
export async function noteJobs(
  tx: Tx,
  jobs: readonly Noted[],
  now: Temporal.Instant,
): Promise<void> {
  const rows = jobs.map((each) => ({
    what: each.what,
    ran_at: each.ranAt?.toString() ?? null,
    failed_at: each.failedAt?.toString() ?? null,
    failures: each.failures,
    trouble: each.trouble,
  }));
  await tx
    .insertInto('job_run')
    .values(rows)
    .onConflict((on) =>
      on.column('what').doUpdateSet({
        ran_at: sql`coalesce(excluded.ran_at, job_run.ran_at)`,
        failed_at: sql`coalesce(excluded.failed_at, job_run.failed_at)`,
        failures: sql`case when excluded.ran_at is null then job_run.failures else 0 end + excluded.failures`,
        trouble: sql`coalesce(excluded.trouble, job_run.trouble)`,
      }),
    )
    .execute();
  const since = now.subtract(FORGOTTEN_AFTER).toString();
  await sql`delete from job_run where greatest(ran_at, failed_at) < ${since}::timestamptz`.execute(
    tx,
  );
}
