import type pg from 'pg';
import { withClient } from './database.ts';
import { FIRST_DAY } from './town.ts';

/**
 * Fills the desks up to these numbers of appointments, at random among the times that the shifts have: `ahead` in the
 * 30 days (or so many) from FIRST_DAY, `before` in the months before it. Straight into the tables; desk_day is made from desk_time
 * at the end, which is what its trigger would have come to.
 */
export async function fill(
  connection: pg.ConnectionConfig,
  wanted: { ahead: number; before: number; days?: number },
): Promise<void> {
  await withClient(connection, async (client) => {
    await client.query('begin');
    await client.query('alter table desk_time disable trigger keep_desk_day');
    await client.query('select setseed(0.5)');
    // Because of row-level security the planner expects a handful of rows.
    await client.query('set local enable_mergejoin = off; set local enable_nestloop = off');
    // 15 starts of 200 desks on five days a week: 2,142 a day on average.
    const months = Math.ceil(wanted.before / 1_700);
    const spans = [
      { from: FIRST_DAY, days: wanted.days ?? 30, count: wanted.ahead },
      { from: FIRST_DAY.subtract({ days: months }), days: months, count: wanted.before },
    ];
    for (const { from, days, count } of spans) {
      const until = from.add({ days });
      const { rows } = await client.query<{ count: number }>(
        'select count(*)::int4 as count from desk_time where starts >= $1 and starts < $2',
        [from.toString(), until.toString()],
      );
      const missing = count - (rows[0]?.count ?? 0);
      if (missing > 0) await client.query(INSERT, [from.toString(), days, missing]);
    }
    await client.query('delete from desk_day');
    await client.query(`insert into desk_day (desk_id, day, office_id, busy, spans)
      select desk_id, lower(minutes) / 1440, min(office_id), range_agg(minutes), range_agg(minutes)::text
      from (select desk_id, office_id, epoch_minutes(during) as minutes from desk_time) t group by 1, 2`);
    await client.query('alter table desk_time enable trigger keep_desk_day');
    await client.query('commit');
  });
}

const INSERT = `
  with free as materialized (
    select a.id as desk_id, a.office_id, s.starts
    from desk a
    cross join generate_series(0, $2::int4 - 1) d (day)
    cross join generate_series(0, 14) n (number)
    cross join lateral (
      select ($1::date + d.day + time '09:00' + n.number * interval '20 minutes') at time zone 'Europe/Madrid' as starts
    ) s
    where extract(isodow from $1::date + d.day) < 6
      and not exists (select from desk_time t where t.desk_id = a.id and t.starts = s.starts)
    order by random() limit $3
  ), taken as (
    insert into desk_time (office_id, desk_id, starts, ends, during)
    select office_id, desk_id, starts, starts + interval '15 minutes',
      tstzrange(starts, starts + interval '20 minutes')
    from free
    returning *
  )
  insert into appointment (
    id, office_id, reference, procedure_id, channel, language, notice_language, desk_id, time_id, starts, ends, status,
    name, created_at, updated_at
  )
  select gen_random_uuid(), t.office_id, 'B' || t.id, 1, 'phone', 'ca', 'ca', t.desk_id, t.id, t.starts, t.ends, 'booked',
    'Una persona', t.starts - interval '5 days', t.starts - interval '5 days'
  from taken t`;
