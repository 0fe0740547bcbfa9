import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { readLastRuns } from '../../foundation/backups/views.ts';
import type { JobRun, Queue, QueueName, StoredFacts } from './types.ts';

const FAILED_WITHIN = { hours: 24 * 30 };

/** The time that each statement may take. */
const MOST_MS = 3_000;

/** The table of a queue, and its columns. Each has a partial index of what waits, and another of what failed. */
interface Rows {
  from: RawBuilder<unknown>;
  /** When it is due. */
  due: string;
  waits: string;
  /** When it failed; null: it did not. */
  failed: string;
}

const MESSAGES = {
  waits: 'sent_at is null and dropped_at is null and failed_at is null',
  failed: 'coalesce(failed_at, bounced_at)',
};

const ROWS: Record<QueueName, Rows> = {
  mail: { ...MESSAGES, from: notices('email'), due: 'not_before' },
  sms: { ...MESSAGES, from: notices('sms'), due: 'not_before' },
  staff_mail: { ...MESSAGES, from: sql`staff_mail where true`, due: 'created_at' },
  webhooks: {
    from: sql`webhook_delivery where true`,
    due: 'created_at',
    waits: 'delivered_at is null and failed_at is null',
    failed: 'failed_at',
  },
};

function notices(channel: string): RawBuilder<unknown> {
  return sql`notice where channel = ${sql.lit(channel)}`;
}

/** Returns the statement that reads a queue: one look for what waits, one for what failed, each by its index. */
export function queueQuery(name: QueueName, now: Temporal.Instant): RawBuilder<Queue> {
  const at = sql`${now.toString()}::timestamptz`;
  const since = sql`${now.subtract(FAILED_WITHIN).toString()}::timestamptz`;
  const { from, due, waits, failed } = ROWS[name];
  return sql<Queue>`
    select waiting, oldest, failed
    from (select count(*)::int as waiting, min(${sql.raw(due)}) as oldest from ${from}
        and ${sql.raw(waits)} and ${sql.raw(due)} <= ${at}) w,
      (select count(*)::int as failed from ${from}
        and ${sql.raw(failed)} is not null and ${sql.raw(failed)} > ${since}) f`;
}

/** Returns a queue. Runs for the installation. */
export async function readQueue(tx: Tx, name: QueueName, now: Temporal.Instant): Promise<Queue> {
  const { rows } = await queueQuery(name, now).execute(tx);
  return rows[0] ?? { waiting: 0, oldest: null, failed: 0 };
}

interface Counts {
  webhooksPaused: number;
  calendarsFailing: number;
  rooms: number;
  chatsWaiting: number;
  callersLate: number;
  databaseVersion: string;
  databaseBytes: number;
}

/** Returns what the database knows of how the installation runs. Runs for the installation. */
export async function readStored(tx: Tx, now: Temporal.Instant): Promise<StoredFacts> {
  const at = sql`${now.toString()}::timestamptz`;
  // Figures must not burden the service: they are left out when they take longer.
  await sql`select set_config('statement_timeout', ${String(MOST_MS)}, true)`.execute(tx);
  const { rows } = await sql<Counts>`
    select
      (select count(*)::int from webhook where paused_at is not null and ended_at is null) as "webhooksPaused",
      (select count(*)::int from calendar_connection where ended_at is null
        and (failures > 3 or (failures > 0 and trouble <> 'throttled'))) as "calendarsFailing",
      (select count(distinct appointment_id)::int from seat where left_at is null and seen_at > ${at} - interval '1 minute') as rooms,
      (select count(*)::int from chat where state in ('waiting', 'offered')) as "chatsWaiting",
      (select count(*)::int from appointment a where a.channel = 'phone' and a.status = 'booked'
        and a.starts between ${at} - interval '2 hours' and ${at} - interval '10 minutes'
        and not exists (select from attempt t where t.appointment_id = a.id)) as "callersLate",
      current_setting('server_version') as "databaseVersion",
      pg_database_size(current_database()) as "databaseBytes"`.execute(tx);
  const counts = rows[0]!;
  return {
    ...counts,
    queues: {
      mail: await readQueue(tx, 'mail', now),
      sms: await readQueue(tx, 'sms', now),
      staff_mail: await readQueue(tx, 'staff_mail', now),
      webhooks: await readQueue(tx, 'webhooks', now),
    },
    backups: await readLastRuns(tx),
    jobs: await readJobs(tx),
  };
}

/** Returns how each background job last ran. Runs for the installation. */
export async function readJobs(tx: Tx): Promise<JobRun[]> {
  const rows = await tx.selectFrom('job_run').selectAll().orderBy('what').execute();
  return rows.map(({ what, ran_at, failed_at, failures, trouble }) => ({
    what,
    ranAt: ran_at,
    failedAt: failed_at,
    failures,
    trouble,
  }));
}
