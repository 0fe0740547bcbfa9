import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { FORGOTTEN_AFTER_HOURS } from '../../service/encounter/rules.ts';
import type { BookedTimes, BookedWeek } from './taken.ts';
import type { Asked, HalfHour, Lengths } from './types.ts';

/** From one instant to another, in an office and by the clocks of its zone. */
export interface Span {
  office: number;
  from: Temporal.Instant;
  to: Temporal.Instant;
  timeZone: string;
}

const local = ({ timeZone }: Span, what: RawBuilder<unknown>) =>
  sql`(${what} at time zone ${timeZone})`;
const minuteOf = (what: RawBuilder<unknown>) =>
  sql`(extract(hour from ${what}) * 60 + extract(minute from ${what}))`;
const DURATION = sql`(extract(epoch from ends - starts) / 60)::float8`;
const weekOf = (span: Span, what: RawBuilder<unknown>) =>
  sql<string>`to_char(date_trunc('week', ${local(span, what)}), 'YYYY-MM-DD')`;

/** Returns the number of appointments by channel, minute of the week of their start, and duration. */
export async function readTimes(tx: Tx, span: Span): Promise<BookedTimes[]> {
  const { rows } = await sql<BookedTimes>`
    select channel, extract(isodow from at)::int as weekday, ${minuteOf(sql`at`)}::int as begins, duration,
      count(*)::int as count
    from (
      select channel, ${local(span, sql`starts`)} as at, ${DURATION} as duration
      from appointment
      where office_id = ${span.office} and status <> 'cancelled'
        and starts >= ${moment(span.from)} and starts < ${moment(span.to)}
    ) each
    group by 1, 2, 3, 4`.execute(tx);
  return rows;
}

/** Returns the number of appointments by channel, week (its Monday) and duration. */
export async function readWeeks(tx: Tx, span: Span): Promise<BookedWeek[]> {
  const { rows } = await sql<BookedWeek>`
    select channel, ${weekOf(span, sql`starts`)} as week, ${DURATION} as duration, count(*)::int as count
    from appointment
    where office_id = ${span.office} and status <> 'cancelled'
      and starts >= ${moment(span.from)} and starts < ${moment(span.to)}
    group by 1, 2, 3`.execute(tx);
  return rows;
}

const FORGOTTEN = sql`make_interval(hours => ${FORGOTTEN_AFTER_HOURS})`;

/** Returns by channel the attended appointments, the no-shows, and the duration of service. */
export async function readEndings(
  tx: Tx,
  span: Span,
): Promise<(Lengths & { channel: string; came: number; missed: number })[]> {
  const { rows } = await sql<Lengths & { channel: string; came: number; missed: number }>`
    select channel, count(*) filter (where status = 'fulfilled')::int as came,
      count(*) filter (where status = 'noshow')::int as missed,
      count(long)::int as count, coalesce(avg(long), 0)::float8 as mean, coalesce(stddev_samp(long), 0)::float8 as spread
    from (
      select a.channel, a.status, case when t.ended_at > t.started_at and t.ended_at < t.started_at + ${FORGOTTEN}
        then extract(epoch from t.ended_at - t.started_at) / 60 end as long
      from appointment a left join encounter t on t.appointment_id = a.id and a.status = 'fulfilled'
      where a.office_id = ${span.office} and a.starts >= ${moment(span.from)} and a.starts < ${moment(span.to)}
    ) each group by 1`.execute(tx);
  return rows;
}

/** When a call began that rang at a desk. */
const BEGAN = sql`(ended_at - make_interval(secs => rang_seconds + coalesce(talked_seconds, 0)))`;

/** Calls of others that rang at desks, by half hour of the week and by week; how long those took that were answered. */
export async function readCalls(
  tx: Tx,
  span: Span,
): Promise<{
  begun: (HalfHour & { calls: number })[];
  weeks: { week: string; count: number }[];
  lengths: Lengths;
}> {
  const which = sql`office_id = ${span.office} and direction = 'in' and ended_at >= ${moment(span.from)} and ended_at < ${moment(span.to)}`;
  const begun = await sql<HalfHour & { calls: number }>`
    select extract(isodow from at)::int as weekday, floor(${minuteOf(sql`at`)} / 30)::int as half, count(*)::int as calls
    from (select ${local(span, BEGAN)} as at from call where ${which}) c
    group by 1, 2 order by 1, 2`.execute(tx);
  const weeks = await sql<{ week: string; count: number }>`
    select ${weekOf(span, sql`ended_at`)} as week, count(*)::int as count from call where ${which} group by 1`.execute(
    tx,
  );
  const lengths = await sql<Lengths>`
    select count(talked_seconds)::int as count, coalesce(avg(talked_seconds) / 60, 0)::float8 as mean,
      coalesce(stddev_samp(talked_seconds) / 60, 0)::float8 as spread
    from call where ${which}`.execute(tx);
  const none = { count: 0, mean: 0, spread: 0 };
  return { begun: begun.rows, weeks: weeks.rows, lengths: lengths.rows[0] ?? none };
}

/** Requested in the span, or earlier and for a time in it. */
const asks = ({ office, from, to }: Span) =>
  sql`a.office_id = ${office} and a.status <> 'cancelled' and a.starts >= ${moment(from)} and a.created_at < ${moment(to)}`;

/** How many appointments a replay of the span would have to do with. */
export async function countAsked(tx: Tx, span: Span): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from appointment a where ${asks(span)}`.execute(tx);
  return rows[0]?.count ?? 0;
}

/** A row of readAsked: the procedure by its id. */
export interface AskedRow extends Omit<Asked, 'procedure' | 'step'> {
  procedure: number;
}

/** Returns these appointments in order of request; one in `oneIn`, always the same ones. No names are read. */
export async function readAsked(tx: Tx, span: Span, oneIn: number): Promise<AskedRow[]> {
  interface Row extends Omit<AskedRow, 'took'> {
    status: string;
    took: number | null;
  }
  const { rows } = await sql<Row>`
    select a.created_at as asked, a.starts as start, a.procedure_id as procedure, a.further, a.people, a.channel, a.language,
      (extract(epoch from a.ends - a.starts) / 60)::int as duration, a.status,
      case when t.ended_at > t.started_at then (extract(epoch from t.ended_at - t.started_at) / 60)::float8 end as took
    from appointment a left join encounter t on t.appointment_id = a.id and a.status = 'fulfilled'
    where ${asks(span)} and mod(hashtext(a.id::text)::bigint + 2147483648, ${oneIn}::int) = 0
    order by a.created_at, a.id`.execute(tx);
  return rows.map(({ status, took, ...row }) => ({
    ...row,
    took: status === 'noshow' ? 'missed' : took,
  }));
}
