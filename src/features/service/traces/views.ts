import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import type { Trace } from './types.ts';

/** Returns the documents and consents of these appointments that are still kept: when, how many, and no more. */
export async function readTraces(
  tx: Tx,
  appointments: readonly string[],
): Promise<Map<string, Trace[]>> {
  if (appointments.length === 0) return new Map();
  const { rows } = await sql<{ of: string; at: Temporal.Instant; what: string; count: number }>`
    select d.appointment_id as of, max(d.made_at) as at, case d.kind when 'inbox' then 'sent' else 'given' end as what,
      count(*)::int as count
    from document d
    where d.appointment_id = any (${appointments}::uuid[]) and d.kind in ('inbox', 'outbox') and d.state = 'clean'
      and d.name is not null
    group by d.appointment_id, d.kind, date_trunc('day', d.made_at)
    union all
    select c.appointment_id, c.settled_at, c.state, 1 from act c
    where c.appointment_id = any (${appointments}::uuid[]) and c.settled_at is not null and c.destroyed_at is null`.execute(
    tx,
  );
  const known = rows.map(({ of, what, ...row }) => ({
    of,
    trace: { ...row, what: what as Trace['what'] },
  }));
  const byAppointment = Map.groupBy(known, (each) => each.of);
  return new Map([...byAppointment].map(([id, each]) => [id, each.map(({ trace }) => trace)]));
}
