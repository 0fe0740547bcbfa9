import { type RawBuilder, sql } from 'kysely';
import type { Office } from '../../../../domain/office/types.ts';
import type { Tx } from '../../../../lib/db/database.ts';
import { moment } from '../../../../lib/db/moment.ts';
import { FEWEST } from '../publishing.ts';
import type { OpinionMonth } from '../rules.ts';
import type { Edition } from '../types.ts';
import { workingDayNumbers } from './rules.ts';
import type { OpenRequestRow, RequestMonthRow, RequestSums, WorkingDayNumbers } from './types.ts';

const CLOSED = ['answered', 'refused', 'merged'] as const;

/** Whole local days; `before` is the day after the last one. */
interface Days {
  from: Temporal.PlainDate;
  before: Temporal.PlainDate;
}

/**
 * The office's requests to which something happened in a span of days, each with that alone: when it was closed and reopened last, and how. What a person
 * took back is left out, as from the public list.
 */
function happened(
  { id, timeZone }: Pick<Office, 'id' | 'timeZone'>,
  { from, before }: Days,
  { first, upTo, handedIn }: WorkingDayNumbers,
): RawBuilder<unknown> {
  const startOf = (day: Temporal.PlainDate) => moment(day.toZonedDateTime(timeZone).toInstant());
  const numberOf = (numbers: readonly number[], day: RawBuilder<unknown>) =>
    sql`(${numbers}::int[])[${day} - ${first}::date + 1]`;
  return sql`(
    with moved as (
      select request_id, max(at) filter (where to_state in (${sql.join(CLOSED)})) as closed_at,
        (max(at) filter (where from_state in ('answered', 'refused') and to_state = 'received') at time zone ${timeZone})::date as reopened_on
      from request_event where office_id = ${id} and kind = 'moved' and at >= ${startOf(from)} and at < ${startOf(before)}
        and to_state in (${sql.join([...CLOSED, 'received'])})
      group by 1
    ), found as (
      select r.id, r.type, r.kind, r.area, r.team, r.sent_on, r.since, r.due, r.closed_at, m.closed_at as closed_last, (m.closed_at at time zone ${timeZone})::date as closed_on, m.reopened_on
      from request r left join moved m on m.request_id = r.id
      where r.office_id = ${id} and r.sent_on < ${before.toString()}::date and r.reason is distinct from 'withdrawn'
        and (r.sent_on >= ${from.toString()}::date or m.closed_at is not null or m.reopened_on is not null)
    )
    select f.type, f.kind, f.area, f.team, f.closed_on, f.reopened_on, f.closed_on - f.sent_on as days,
      case when f.closed_on is not null then greatest(0, ${numberOf(upTo, sql`f.closed_on`)} - ${numberOf(handedIn, sql`f.sent_on`)}) end as working_days,
      case when f.sent_on >= ${from.toString()}::date then f.sent_on end as came_on, f.closed_at is null as is_open,
      case when f.due is not null and f.since <= f.closed_last then f.closed_on <= f.due end as is_in_time
    from found f
  ) happened`;
}

/** Returns the working days in which requests of an office came and were closed, before a day; none: nothing was closed. */
async function readWorkingDays(
  tx: Tx,
  { id, timeZone, settings }: Calendar,
  before: Temporal.PlainDate,
): Promise<WorkingDayNumbers> {
  const { rows } = await sql<{ first: string | null; last: string | null }>`
    select (select min(sent_on) from request where office_id = ${id} and sent_at is not null)::text as first,
      ((select max(at) from request_event where office_id = ${id} and kind = 'moved') at time zone ${timeZone})::date::text as last`.execute(
    tx,
  );
  const { first = null, last = null } = rows[0] ?? {};
  if (first === null || last === null) return { first: before.toString(), upTo: [], handedIn: [] };
  // Nothing is counted after the last move, however late the span ends.
  const [moved, latest] = [Temporal.PlainDate.from(last), before.subtract({ days: 1 })];
  const to = Temporal.PlainDate.compare(moved, latest) < 0 ? moved : latest;
  return workingDayNumbers(settings, Temporal.PlainDate.from(first), to);
}

type Calendar = Pick<Office, 'id' | 'timeZone' | 'settings'>;

/** Returns what happened to each request of an office in a month, for publishing. */
export async function readRequestMonth(
  tx: Tx,
  office: Calendar,
  days: Days,
): Promise<RequestMonthRow[]> {
  const calendar = await readWorkingDays(tx, office, days.before);
  const { rows } = await sql<RequestMonthRow>`
    select type, kind, area, came_on is not null as "isReceived", days as "closedAfter", working_days as "workingDays",
      reopened_on is not null as "isReopened"
    from ${happened(office, days, calendar)}`.execute(tx);
  return rows;
}

/** Returns the sums of a span of days, counted by the database: as many rows as there are types, teams, districts and months. */
export async function readRequestSums(
  tx: Tx,
  office: Calendar,
  days: Days,
): Promise<RequestSums[]> {
  const calendar = await readWorkingDays(tx, office, days.before);
  const monthOf = (day: string) =>
    sql`${sql.ref(day)} - (date_part('day', ${sql.ref(day)})::int - 1)`;
  // First by the number of working days too: these few rows give the one in the middle, for which all would have to be sorted otherwise.
  const { rows } = await sql<RequestSums>`
    with counted as (
      select case 0 when grouping(type) then 'type' when grouping(team) then 'team' when grouping(area) then 'area'
          when grouping(came_in) then 'cameIn' when grouping(closed_in) then 'closedIn' else 'reopenedIn' end as by,
        coalesce(type, team, area, came_in::text, closed_in::text, reopened_in::text) as key, working_days,
        count(came_on) as came, count(came_on) filter (where is_open) as open, count(closed_on) as closed,
        count(is_in_time) as with_term, count(*) filter (where is_in_time) as in_time, count(reopened_on) as reopened
      from (
        select *, ${monthOf('came_on')} as came_in, ${monthOf('closed_on')} as closed_in, ${monthOf('reopened_on')} as reopened_in
        from ${happened(office, days, calendar)}
      ) rows
      group by grouping sets ((type, working_days), (team, working_days), (area, working_days), (came_in), (closed_in, working_days), (reopened_in))
    ), added as (
      select *, sum(closed) over (partition by by, key order by working_days) as up_to, sum(closed) over (partition by by, key) as all_closed
      from counted
    )
    select by, key, sum(came)::int as came, sum(open)::int as open, sum(closed)::int as closed,
      sum(with_term)::int as "withTerm", sum(in_time)::int as "inTime",
      ((min(working_days) filter (where 2 * up_to >= all_closed) + min(working_days) filter (where 2 * up_to > all_closed)) / 2.0)::float8
        as "workingDays",
      sum(reopened)::int as reopened
    from added group by by, key`.execute(tx);
  return rows;
}

/** Returns what people said of their requests, by the month in which they said it. `from` and `before`: first days of months. */
export async function readRequestOpinions(
  tx: Tx,
  { id, timeZone }: Pick<Office, 'id' | 'timeZone'>,
  { from, before }: Days,
): Promise<OpinionMonth[]> {
  const startOf = (day: Temporal.PlainDate) => moment(day.toZonedDateTime(timeZone).toInstant());
  const scores = Array.from({ length: 11 }, (_, score) => score);
  const counted = (column: string, values: readonly (string | number)[]) =>
    sql`array[${sql.join(values.map((each) => sql`count(*) filter (where ${sql.ref(column)} = ${each})::int`))}]`;
  const { rows } = await sql<OpinionMonth>`
    select date_trunc('month', at at time zone ${timeZone})::date::text as month, count(*)::int as answered, 0 as ended,
      ${counted('score', scores)} as scores, ${counted('solved', ['yes', 'partly', 'no'])} as solved
    from survey_answer
    where office_id = ${id} and request_id is not null and at >= ${startOf(from)} and at < ${startOf(before)}
    group by 1 order by 1`.execute(tx);
  return rows;
}

/**
 * Returns the first day of the month that is to be published next, of those before a day; null: none. The first one is the first with five requests; later
 * ones are never left out: otherwise a missing month would tell that nobody wrote.
 */
export async function readUnpublishedRequests(
  tx: Tx,
  { id, timeZone }: { id: number; timeZone: string },
  before: Temporal.PlainDate,
): Promise<string | null> {
  const { rows } = await sql<{ month: string | null }>`
    select coalesce(
      (select (max(month) + interval '1 month')::date from open_request_month where office_id = ${id}),
      (select min(month) from (
        select date_trunc('month', sent_at at time zone ${timeZone})::date as month from request
        where office_id = ${id} and sent_at is not null group by 1 having count(*) >= ${FEWEST}
      ) months)
    ) as month`.execute(tx);
  const month = rows[0]?.month ?? null;
  return month !== null && month < before.toString() ? month : null;
}

/** Returns all published figures of requests of an office, in order. */
export async function readOpenRequests(tx: Tx, office: number): Promise<OpenRequestRow[]> {
  const rows = await tx
    .selectFrom('open_request_figure')
    .select(['month', 'indicator', 'kind', 'type', 'area', 'value'])
    .where('office_id', '=', office)
    .orderBy('month')
    .orderBy('position')
    .execute();
  return rows.map((row) => ({ ...row, indicator: row.indicator as OpenRequestRow['indicator'] }));
}

/** Returns the published range; null: none. */
export async function readRequestEdition(tx: Tx, office: number): Promise<Edition | null> {
  const { first, last, months, since, at } = await tx
    .selectFrom('open_request_month')
    .select((eb) => [
      eb.fn.min('month').as('first'),
      eb.fn.max('month').as('last'),
      sql<number>`count(*)::int`.as('months'),
      eb.fn.min('published_at').as('since'),
      eb.fn.max('published_at').as('at'),
    ])
    .where('office_id', '=', office)
    .executeTakeFirstOrThrow();
  return first && last && since && at ? { first, last, months, since, at } : null;
}
