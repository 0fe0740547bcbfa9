import { sql } from 'kysely';
import type { Status } from '../../../domain/appointment.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { type DueSql, NOW } from '../../../lib/jobs/due.ts';
import { TOLD_BEFORE_MINUTES } from './rules.ts';
import type { Turn } from './types.ts';

/** The desk that is kept busy: the one that has the encounter, which may have got it from another, or else the one that was booked. */
const busyDesk = sql<number>`coalesce(t.desk_id, a.desk_id)`;

/** The appointments of an office, or of one desk, that begin from `from` to `to`, both included, unless cancelled. */
export async function readTurns(
  tx: Tx,
  office: number,
  span: { from: Temporal.Instant; to: Temporal.Instant; desk?: number },
): Promise<Turn[]> {
  let query = tx
    .selectFrom('appointment as a')
    .leftJoin('encounter as t', 't.appointment_id', 'a.id')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('event as e')
          .select(({ fn }) => [
            fn.countAll<number>().as('times'),
            sql<number | null>`max((e.data->>'minutes')::int)`.as('minutes'),
            sql<
              number | null
            >`max((e.data->>'minutes')::int) filter (where e.data ? 'announced')`.as('announced'),
          ])
          .whereRef('e.appointment_id', '=', 'a.id')
          .where('e.kind', '=', 'delayed')
          .where(sql<boolean>`(e.data->>'start')::timestamptz = a.starts`)
          .as('told'),
      (join) => join.onTrue(),
    )
    .select([
      'a.id',
      busyDesk.as('desk'),
      'a.starts as start',
      'a.ends as end',
      'a.status',
      't.started_at as startedAt',
      'told.times',
      'told.minutes',
      'told.announced',
      (eb) =>
        eb
          .selectFrom('attempt')
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .whereRef('appointment_id', '=', 'a.id')
          .as('attempts'),
    ])
    .where('a.office_id', '=', office)
    .where('a.status', '<>', 'cancelled')
    .where((eb) => eb.or([eb('a.displaced_at', 'is', null), eb('a.status', '<>', 'booked')]))
    .where('a.starts', '>=', moment(span.from))
    .where('a.starts', '<=', moment(span.to));
  if (span.desk !== undefined) query = query.where(busyDesk, '=', span.desk);
  const rows = await query.execute();
  return rows.map(({ times, minutes, announced, ...row }) => ({
    ...row,
    status: row.status as Status,
    attempts: row.attempts ?? 0,
    told: { times: times ?? 0, minutes: minutes ?? 0, announced: announced ?? 0 },
  }));
}

/** Some minutes before the first appointment begins of those that may be told of a delay. */
export const delaysDue: DueSql = sql`select min(a.starts) - ${sql.lit(TOLD_BEFORE_MINUTES)} * interval '1 minute' from office o, lateral (
  select min(starts) as starts from appointment where office_id = o.id and starts >= ${NOW} - interval '12 hours'
    and status in ('booked', 'arrived') and (displaced_at is null or status <> 'booked')) a`;
