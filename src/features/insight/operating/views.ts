import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { readLastRuns } from '../../foundation/backups/views.ts';
import type { JobRun, Queue, QueueName, StoredFacts } from './types.ts';

const FAILED_WITHIN = { hours: 24 * 30 };

/** What each queue waits for: its rows, when they are due, and how they end. */
const ROWS: Record<QueueName, RawBuilder<unknown>> = {
  mail: notices('email'),
  sms: notices('sms'),
  staff_mail: sql`select created_at as due_at, sent_at, dropped_at, failed_at, bounced_at from staff_mail`,
  webhooks: sql`select created_at as due_at, delivered_at as sent_at, null::timestamptz as dropped_at, failed_at, null::timestamptz as bounced_at
    from webhook_delivery`,
};

function notices(channel: string): RawBuilder<unknown> {
  return sql`select not_before as due_at, sent_at, dropped_at, failed_at, bounced_at from notice where channel = ${sql.lit(channel)}`;
}

/** Returns a queue. Runs for the installation. */
export async function readQueue(tx: Tx, name: QueueName, now: Temporal.Instant): Promise<Queue> {
  const at = sql`${now.toString()}::timestamptz`;
  const since = sql`${now.subtract(FAILED_WITHIN).toString()}::timestamptz`;
  const { rows } = await sql<Queue>`
    select count(*) filter (where waits)::int as waiting, min(due_at) filter (where waits) as oldest,
      count(*) filter (where coalesce(failed_at, bounced_at) > ${since})::int as failed
    from (
      select *, sent_at is null and dropped_at is null and failed_at is null and due_at <= ${at} as waits
      from (${ROWS[name]}) message
    ) message`.execute(tx);
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

async function readJobs(tx: Tx): Promise<JobRun[]> {
  const rows = await tx.selectFrom('job_run').selectAll().orderBy('what').execute();
  return rows.map(({ what, ran_at, failed_at, failures, trouble }) => ({
    what,
    ranAt: ran_at,
    failedAt: failed_at,
    failures,
    trouble,
  }));
}
