import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { rowsInParts } from '../../../lib/db/rows/in-parts.ts';
import { FORGOTTEN_AFTER_HOURS, LATE_AFTER_MINUTES } from '../../service/encounter/rules.ts';
import { SOLVED } from '../../service/survey/types.ts';
import type { OpenRow, OtherFigure } from './types.ts';
import { COLUMNS, sumsOf } from './views.ts';

/** Local days of an office, and the instants that contain them all. */
export interface Days {
  office: number;
  timeZone: string;
  /** ISO dates. */
  days: readonly string[];
  from: Temporal.Instant;
  to: Temporal.Instant;
}

const counted = (column: string, values: readonly (number | string)[]) =>
  sql`array[${sql.join(values.map((each) => sql`count(*) filter (where ${sql.ref(column)} = ${each})::int`))}]`;
const upTo = (most: number) => Array.from({ length: most + 1 }, (_, each) => each);

/** Computes the figures of these days again. */
export async function remakeDays(tx: Tx, on: Days): Promise<void> {
  const { office, days } = on;
  const ofDays = sql`office_id = ${office} and day = any (${days}::date[])`;
  await sql`delete from figure_day where ${ofDays}`.execute(tx);
  await sql`delete from figure_item where ${ofDays}`.execute(tx);
  await countAppointments(tx, on);
  await countUnbooked(tx, on);
  await countUnkept(tx, on);
  await countItems(tx, on);
}

/** Appointments by the local day that they are for. */
const bookedOn = ({ office, timeZone: zone, days, from, to }: Days) => sql`
  select * from (
    select a.*, (a.starts at time zone ${zone})::date as day, extract(hour from a.starts at time zone ${zone})::int as hour
    from appointment a where a.office_id = ${office} and a.starts >= ${moment(from)} and a.starts < ${moment(to)}
  ) a where a.day = any (${days}::date[])`;

/** Encounters without an appointment by the local day on which they began. */
const unbookedOn = ({ office, timeZone: zone, days, from, to }: Days) => sql`
  select * from (
    select t.*, (t.started_at at time zone ${zone})::date as day
    from encounter t where t.office_id = ${office} and t.appointment_id is null
      and t.started_at >= ${moment(from)} and t.started_at < ${moment(to)}
  ) t where t.day = any (${days}::date[])`;

/** How long an encounter took, in seconds; null where it was left open. */
const TALKED = sql`case when t.ended_at < t.started_at + make_interval(hours => ${FORGOTTEN_AFTER_HOURS})
  then floor(extract(epoch from t.ended_at - t.started_at)) end`;

/** How many of an encounter's items are procedures, and how many queries. */
const DONE = sql`
  select encounter_id, count(*) filter (where kind = 'procedure')::int as procedures,
    count(*) filter (where kind = 'query')::int as queries
  from encounter_item`;

async function countAppointments(tx: Tx, on: Days): Promise<void> {
  await sql`
    with these as (${bookedOn(on)}), moved as (
      select appointment_id, max(at) as at from event
      where appointment_id in (select id from these) and kind = 'moved' group by 1
    ), tried as (
      select appointment_id, count(*)::int as attempts,
        min(attempt.at) filter (where attempt.at > coalesce(moved.at, '-infinity')) as first
      from attempt left join moved using (appointment_id)
      where appointment_id in (select id from these) group by 1
    ), met as (
      select t.* from encounter t join these a on a.id = t.appointment_id
    ), done as (
      ${DONE} where encounter_id in (select id from met) group by 1
    ), each as (
      select a.*, tried.attempts,
        least(case when t.started_at > coalesce(moved.at, '-infinity') then t.started_at end, tried.first) as contacted_at,
        ${TALKED} as talked, coalesce(done.procedures, 0) as procedures, coalesce(done.queries, 0) as queries,
        s.id is not null as answered, s.score, s.solved
      from these a
      left join met t on t.appointment_id = a.id
      left join moved on moved.appointment_id = a.id
      left join tried on tried.appointment_id = a.id
      left join done on done.encounter_id = t.id
      left join survey_answer s on s.appointment_id = a.id
    )
    insert into figure_day (
      office_id, day, channel, procedure_id, language, booked, fulfilled, noshow, cancelled, unkept, wait_days, contacted, punctual,
      late_seconds, called, attempts, closed, talked_seconds, procedures, queries, with_procedures, with_queries, unbooked,
      answered, solved, scores, by_hour
    )
    select office_id, day, channel, procedure_id, language, count(*), count(*) filter (where status = 'fulfilled'),
      count(*) filter (where status = 'noshow'), count(*) filter (where status = 'cancelled'), 0,
      coalesce(sum(day - (created_at at time zone ${on.timeZone})::date) filter (where status <> 'cancelled'), 0), count(contacted_at),
      count(*) filter (where contacted_at <= starts + make_interval(mins => ${LATE_AFTER_MINUTES})),
      coalesce(sum(greatest(0, floor(extract(epoch from contacted_at - starts)))), 0),
      count(attempts), coalesce(sum(attempts), 0), count(talked), coalesce(sum(talked), 0),
      sum(procedures), sum(queries), count(*) filter (where procedures > 0), count(*) filter (where queries > 0), 0,
      count(*) filter (where answered), ${counted('solved', SOLVED)}, ${counted('score', upTo(10))},
      ${counted('hour', upTo(23))}
    from each group by 1, 2, 3, 4, 5`.execute(tx);
}

/**
 * Adds the promises that were not kept: whose hour passed without a call. They are counted on that day, since the citizen may have
 * another hour on another day meanwhile.
 */
async function countUnkept(tx: Tx, on: Days): Promise<void> {
  const { office, timeZone, days } = on;
  const zeros = sql`0, 0, 0, 0`;
  const none = (count: number) => sql`array_fill(0, array[${sql.lit(count)}])`;
  await sql`
    with broken as (
      select a.office_id, ((e.data ->> 'start')::timestamptz at time zone ${timeZone})::date as day, a.channel, a.procedure_id, a.language
      from event e join appointment a on a.id = e.appointment_id
      where e.office_id = ${office} and e.kind = 'displaced' and e.data ? 'uncalled'
        and e.at >= ${moment(on.from)} and e.at < ${moment(on.to.add({ hours: 72 }))}
    )
    insert into figure_day as f (
      office_id, day, channel, procedure_id, language, unkept, booked, fulfilled, noshow, cancelled, wait_days, contacted, punctual,
      late_seconds, called, attempts, closed, talked_seconds, procedures, queries, with_procedures, with_queries, unbooked,
      answered, solved, scores, by_hour
    )
    select office_id, day, channel, procedure_id, language, count(*), ${zeros}, ${zeros}, ${zeros}, ${zeros}, 0, 0,
      ${none(3)}, ${none(11)}, ${none(24)}
    from broken where day = any (${days}::date[]) group by 1, 2, 3, 4, 5
    on conflict (office_id, day, channel, procedure_id, language) do update set unkept = f.unkept + excluded.unkept`.execute(
    tx,
  );
}

/** Rows without a procedure: nobody booked one. */
async function countUnbooked(tx: Tx, on: Days): Promise<void> {
  await sql`
    with these as (${unbookedOn(on)}), done as (
      ${DONE} where encounter_id in (select id from these) group by 1
    ), each as (
      select t.*, ${TALKED} as talked, coalesce(done.procedures, 0) as procedures, coalesce(done.queries, 0) as queries,
        s.id is not null as answered, s.score, s.solved
      from these t
      left join done on done.encounter_id = t.id
      left join survey_answer s on s.encounter_id = t.id
    )
    insert into figure_day (
      office_id, day, channel, procedure_id, language, booked, fulfilled, noshow, cancelled, unkept, wait_days, contacted, punctual,
      late_seconds, called, attempts, closed, talked_seconds, procedures, queries, with_procedures, with_queries, unbooked,
      answered, solved, scores, by_hour
    )
    select office_id, day, channel, null, language, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, count(talked), coalesce(sum(talked), 0),
      sum(procedures), sum(queries), count(*) filter (where procedures > 0), count(*) filter (where queries > 0), count(*),
      count(*) filter (where answered), ${counted('solved', SOLVED)}, ${counted('score', upTo(10))},
      array_fill(0, array[24])
    from each group by 1, 2, 3, 5`.execute(tx);
}

async function countItems(tx: Tx, on: Days): Promise<void> {
  await sql`
    with booked as (${bookedOn(on)}), unbooked as (${unbookedOn(on)}), met as (
      select t.id, a.day, a.channel, a.language from booked a join encounter t on t.appointment_id = a.id
      union all select id, day, channel, language from unbooked
    )
    insert into figure_item (office_id, day, channel, language, kind, procedure_id, query, items)
    select i.office_id, met.day, met.channel, met.language, i.kind, i.procedure_id, i.query, count(*)
    from met join encounter_item i on i.encounter_id = met.id group by 1, 2, 3, 4, 5, 6, 7`.execute(
    tx,
  );
}

const ADDED = [...Object.values(COLUMNS), 'with_procedures', 'with_queries', 'answered'];

/** Sums the days of a month again, each on the month's first day with the same day of the week. `month`: its first day. */
export async function remakeMonth(tx: Tx, office: number, month: string): Promise<void> {
  const last = Temporal.PlainDate.from(month).add({ months: 1 }).subtract({ days: 1 }).toString();
  const these = sql`office_id = ${office} and day between ${month}::date and ${last}::date`;
  await sql`delete from figure_month where ${these}`.execute(tx);
  await sql`delete from figure_item_month where ${these}`.execute(tx);
  const columns = sql.join(ADDED.map((each) => sql.ref(each)));
  const sums = sql.join(ADDED.map((each) => sql`sum(${sql.ref(each)})`));
  await sql`
    insert into figure_month (office_id, day, channel, procedure_id, language, ${columns}, solved, scores, by_hour)
    select office_id, day - (extract(day from day)::int - 1) / 7 * 7, channel, procedure_id, language, ${sums},
      ${sumsOf('solved')}, ${sumsOf('scores')}, ${sumsOf('by_hour')}
    from figure_day where ${these} group by 1, 2, 3, 4, 5`.execute(tx);
  await sql`
    insert into figure_item_month (office_id, day, channel, language, kind, procedure_id, query, items)
    select office_id, ${month}::date, channel, language, kind, procedure_id, query, sum(items)
    from figure_item where ${these} group by 1, 3, 4, 5, 6, 7`.execute(tx);
}

/** Counts the video calls that ended in this time, by local day. Calls destroyed since then stay counted. */
export async function remakeCalls(
  tx: Tx,
  on: { office: number; timeZone: string; from: Temporal.Instant; to: Temporal.Instant },
): Promise<void> {
  const { office, timeZone: zone, from, to } = on;
  await sql`
    insert into figure_call as f (office_id, day, calls, connected, good, fair, poor)
    select ${office}, day, count(*), count(*) filter (where connected), count(*) filter (where worst = 0),
      count(*) filter (where worst = 1), count(*) filter (where worst = 2)
    from (
      select (min(ended_at) at time zone ${zone})::date as day, bool_or(path is not null) as connected,
        max(case word when 'poor' then 2 when 'fair' then 1 else 0 end) as worst
      from call_quality where office_id = ${office} and ended_at >= ${moment(from.subtract({ hours: 24 }))}
        and ended_at < ${moment(to.add({ hours: 24 }))}
      group by call_id having min(ended_at) >= ${moment(from)} and min(ended_at) < ${moment(to)}
    ) call group by 2
    on conflict (office_id, day) do update set
      calls = excluded.calls, connected = excluded.connected, good = excluded.good, fair = excluded.fair, poor = excluded.poor
    where excluded.calls >= f.calls`.execute(tx);
}

/** Locks this office's figures against other processes. Returns the present progress. */
export async function lockMark(
  tx: Tx,
  office: number,
): Promise<{ event: number; day: string | null }> {
  await tx
    .insertInto('figure_mark')
    .values({ office_id: office, event_id: 0, day: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await tx
    .selectFrom('figure_mark')
    .select(['event_id as event', 'day'])
    .where('office_id', '=', office)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return row;
}

export async function moveMark(
  tx: Tx,
  office: number,
  to: { event: number; day: string },
): Promise<void> {
  await tx
    .updateTable('figure_mark')
    .set({ event_id: to.event, day: to.day })
    .where('office_id', '=', office)
    .execute();
}

/** Publishes a month, once. */
export async function insertMonth(
  tx: Tx,
  office: number,
  month: string,
  rows: readonly Omit<OpenRow, 'month'>[],
  now: Temporal.Instant,
): Promise<void> {
  await tx
    .insertInto('open_month')
    .values({ office_id: office, month, published_at: now.toString() })
    .execute();
  const placed = rows.map((row, position) => ({ office_id: office, month, position, ...row }));
  for (const some of rowsInParts(placed)) await tx.insertInto('open_figure').values(some).execute();
}

/** Stores figures of other channels, each in place of the present one of its month and channel; or removes that one. */
export async function keepOther(
  tx: Tx,
  office: number,
  figures: readonly OtherFigure[],
  by: { actor: string; now: Temporal.Instant },
): Promise<void> {
  const gone = figures.filter((each) => each.encounters === null);
  if (gone.length > 0)
    await tx
      .deleteFrom('figure_other')
      .where('office_id', '=', office)
      .where((eb) => eb.or(gone.map(({ month, channel }) => eb.and({ month, channel }))))
      .execute();
  const kept = figures.flatMap(({ encounters, ...each }) =>
    encounters === null ? [] : [{ ...each, encounters }],
  );
  if (kept.length === 0) return;
  await tx
    .insertInto('figure_other')
    .values(
      kept.map((each) => ({
        ...each,
        office_id: office,
        imported_at: by.now.toString(),
        imported_by: by.actor,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['office_id', 'month', 'channel']).doUpdateSet((eb) => ({
        encounters: eb.ref('excluded.encounters'),
        imported_at: eb.ref('excluded.imported_at'),
        imported_by: eb.ref('excluded.imported_by'),
      })),
    )
    .execute();
}
