import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../../lib/db/database.ts';
import { moment } from '../../lib/db/moment.ts';
import type { Channel } from '../appointments/types.ts';
import type { MonthCounts, OpinionMonth } from './rules.ts';
import {
  type CallCounts,
  type ChannelYear,
  type Counts,
  type Group,
  type Item,
  type OtherChannel,
  type OtherFigure,
  SIDES,
  type Side,
  type Span,
} from './types.ts';

/** The newest event of a body before an instant: older ones may still be in a transaction that commits later, but not that old. */
export async function readSettledEvent(
  tx: Tx,
  body: number,
  after: number,
  before: Temporal.Instant,
): Promise<number> {
  const row = await tx
    .selectFrom('event')
    .select((eb) => eb.fn.max('id').as('id'))
    .where('body_id', '=', body)
    .where('id', '>', after)
    .where('at', '<', moment(before))
    .executeTakeFirst();
  return row?.id ?? after;
}

/** The local days of appointments that something happened to after an event, those too that they were moved from. */
export async function readTouchedDays(
  tx: Tx,
  on: { body: number; timeZone: string; after: number; last: string },
): Promise<string[]> {
  const { body, timeZone, after, last } = on;
  const { rows } = await sql<{ day: string }>`
    select distinct day from (
      select (a.starts at time zone ${timeZone})::date as day
      from event e join appointment a on a.id = e.appointment_id where e.body_id = ${body} and e.id > ${after}
      union all
      select ((e.data -> 'from' ->> 'start')::timestamptz at time zone ${timeZone})::date
      from event e where e.body_id = ${body} and e.id > ${after} and e.kind = 'moved' and e.data -> 'from' ->> 'start' is not null
    ) touched where day <= ${last}::date order by 1`.execute(tx);
  return rows.map((row) => row.day);
}

/** The local day of the body's first appointment; null: there is none. */
export async function readFirstDay(tx: Tx, body: number, timeZone: string): Promise<string | null> {
  const { rows } = await sql<{ day: string | null }>`
    select (min(starts) at time zone ${timeZone})::date as day from appointment where body_id = ${body}`.execute(
    tx,
  );
  return rows[0]?.day ?? null;
}

const COLUMNS: Record<keyof Counts, string> = {
  booked: 'booked',
  fulfilled: 'fulfilled',
  noshow: 'noshow',
  cancelled: 'cancelled',
  waitDays: 'wait_days',
  contacted: 'contacted',
  punctual: 'punctual',
  lateSeconds: 'late_seconds',
  called: 'called',
  attempts: 'attempts',
  closed: 'closed',
  talkedSeconds: 'talked_seconds',
  procedures: 'procedures',
  queries: 'queries',
};
const NAMES = Object.keys(COLUMNS) as (keyof Counts)[];
/** Sums as numbers: no body gets beyond 2^53. */
const SUMS = sql.join(
  NAMES.map((name) => sql`coalesce(sum(${sql.ref(name)}), 0) as ${sql.ref(name)}`),
);
const ALIKE = sql.join(
  NAMES.map((name) => sql`sum(${sql.ref(COLUMNS[name])}::float8) as ${sql.ref(name)}`),
);

function where(
  body: number,
  { from, to, channel, procedure, language }: Span,
): RawBuilder<unknown> {
  const also = (column: string, value: unknown) =>
    value === null ? sql`` : sql` and ${sql.ref(column)} = ${value}`;
  return sql`body_id = ${body} and day between ${from.toString()}::date and ${to.toString()}::date${also('channel', channel)}${also('procedure_id', procedure)}${also('language', language)}`;
}

type CountsRow = Counts & { which: number; key: string | null };

/** All counts of a span, and by each side: one look at its days. */
export async function readCounts(
  tx: Tx,
  body: number,
  span: Span,
): Promise<{ total: Counts; by: Record<Side, Group[]> }> {
  // In two steps: what is alike is added up once, and only that by each side. 2001 began on a Monday.
  const { rows } = await sql<CountsRow>`
    select grouping(channel, procedure_id, language, weekday, month) as which,
      coalesce(channel, procedure_id::text, language, weekday::text, to_char(month, 'YYYY-MM-01')) as key, ${SUMS}
    from (
      select channel, procedure_id, language, (day - date '2001-01-01') % 7 + 1 as weekday,
        date_trunc('month', day::timestamp) as month, ${ALIKE}
      from figure_day where ${where(body, span)} group by 1, 2, 3, 4, 5
    ) alike
    group by grouping sets ((), (channel), (procedure_id), (language), (weekday), (month)) order by 2`.execute(
    tx,
  );
  const by: Record<Side, Group[]> = {
    channel: [],
    procedure: [],
    language: [],
    day: [],
    month: [],
  };
  let total = countsOf(null);
  for (const row of rows) {
    // One bit for each side, the first the highest; of the one that a row is about it is 0.
    const side = SIDES.find((_, at) => row.which === 31 - 2 ** (4 - at));
    if (side) by[side].push({ key: row.key ?? '', counts: countsOf(row) });
    else total = countsOf(row);
  }
  return { total, by };
}

const countsOf = (row: CountsRow | null): Counts =>
  Object.fromEntries(NAMES.map((name) => [name, row?.[name] ?? 0])) as unknown as Counts;

/** What was booked by day of the week, each with its 24 hours. */
export async function readHours(
  tx: Tx,
  body: number,
  span: Span,
): Promise<Map<number, readonly number[]>> {
  const hours = sql.join(
    Array.from({ length: 24 }, (_, hour) => sql`sum(by_hour[${sql.lit(hour + 1)}])::int`),
  );
  const { rows } = await sql<{ weekday: number; hours: number[] }>`
    select extract(isodow from day)::int as weekday, array[${hours}] as hours
    from figure_day where ${where(body, span)} group by 1 order by 1`.execute(tx);
  return new Map(rows.map((row) => [row.weekday, row.hours]));
}

/** What was carried out and answered, the most frequent first. */
export async function readItems(tx: Tx, body: number, span: Span): Promise<Item[]> {
  const { rows } = await sql<Item>`
    select kind, procedure_id as procedure, query, sum(items)::int as items
    from figure_item where ${where(body, span)} group by 1, 2, 3 order by items desc, kind, procedure_id, query`.execute(
    tx,
  );
  return rows;
}

export async function readCalls(tx: Tx, body: number, { from, to }: Span): Promise<CallCounts> {
  const { rows } = await sql<CallCounts>`
    select coalesce(sum(calls), 0)::int as calls, coalesce(sum(connected), 0)::int as connected,
      coalesce(sum(good), 0)::int as good, coalesce(sum(fair), 0)::int as fair, coalesce(sum(poor), 0)::int as poor
    from figure_call where body_id = ${body} and day between ${from.toString()}::date and ${to.toString()}::date`.execute(
    tx,
  );
  return rows[0]!;
}

/** What citizens said, by month, of whole months from `from` to before `before`. */
export async function readOpinions(
  tx: Tx,
  body: number,
  from: Temporal.PlainDate,
  before: Temporal.PlainDate,
): Promise<OpinionMonth[]> {
  const sums = (column: string, length: number) =>
    sql`array[${sql.join(
      Array.from({ length }, (_, at) => sql`sum(${sql.ref(column)}[${sql.lit(at + 1)}])::int`),
    )}]`;
  const { rows } = await sql<OpinionMonth>`
    select to_char(day, 'YYYY-MM-01') as month, sum(answered)::int as answered,
      sum(fulfilled + noshow + cancelled)::int as ended, ${sums('solved', 3)} as solved, ${sums('scores', 11)} as scores
    from figure_day where body_id = ${body} and day >= ${from.toString()}::date and day < ${before.toString()}::date
    group by 1 order by 1`.execute(tx);
  return rows;
}

/** What happened in a month, for publishing. `codeOf`: a procedure's code by its id. */
export async function readMonth(
  tx: Tx,
  body: number,
  month: Temporal.PlainDate,
  codeOf: (procedure: number) => string,
): Promise<MonthCounts> {
  const next = month.add({ months: 1 });
  const to = next.subtract({ days: 1 });
  const span: Span = { from: month, to, channel: null, procedure: null, language: null };
  const { total } = await readCounts(tx, body, span);
  const [opinion] = await readOpinions(tx, body, month, next);
  const days = tx
    .selectFrom('figure_day')
    .where('body_id', '=', body)
    .where('day', '>=', month.toString())
    .where('day', '<', next.toString());
  const attended = await days
    .select(['channel', 'procedure_id', sql<number>`sum(fulfilled)::int`.as('people')])
    .groupBy(['channel', 'procedure_id'])
    .orderBy('channel')
    .orderBy('procedure_id')
    .execute();
  const languages = await days
    .select(['language', sql<number>`sum(fulfilled)::int`.as('people')])
    .groupBy('language')
    .orderBy('language')
    .execute();
  const done = await days
    .select([
      'channel',
      sql<number>`sum(with_procedures)::int`.as('withProcedures'),
      sql<number>`sum(procedures)::int`.as('procedures'),
      sql<number>`sum(with_queries)::int`.as('withQueries'),
      sql<number>`sum(queries)::int`.as('queries'),
    ])
    .groupBy('channel')
    .orderBy('channel')
    .execute();
  return {
    total,
    answered: opinion?.answered ?? 0,
    scores: opinion?.scores ?? [],
    solved: opinion?.solved ?? [],
    attended: attended.map(({ channel, procedure_id, people }) => ({
      ...{ channel: channel as Channel, procedure: codeOf(procedure_id), people },
    })),
    languages,
    done: done.map((each) => ({ ...each, channel: each.channel as Channel })),
  };
}

/** The first day of the body's first month that has figures and wasn't published; null: all that is settled was. */
export async function readUnpublished(
  tx: Tx,
  body: number,
  before: Temporal.PlainDate,
): Promise<string[]> {
  const { rows } = await sql<{ month: string }>`
    select distinct date_trunc('month', day)::date as month from figure_day d
    where body_id = ${body} and day < ${before.toString()}::date
      and not exists (select from open_month m where m.body_id = d.body_id and m.month = date_trunc('month', d.day)::date)
    order by 1`.execute(tx);
  return rows.map((row) => row.month);
}

export interface OpenRow {
  /** First day of the month. */
  month: string;
  indicator: string;
  channel: string | null;
  procedure: string | null;
  language: string | null;
  value: number | null;
}

/** Everything that a body has published, in order. */
export function readOpen(tx: Tx, body: number): Promise<OpenRow[]> {
  return tx
    .selectFrom('open_figure')
    .select(['month', 'indicator', 'channel', 'procedure', 'language', 'value'])
    .where('body_id', '=', body)
    .orderBy('month')
    .orderBy('position')
    .execute();
}

/** When the body last published something, and which months; null: never. */
export async function readEdition(
  tx: Tx,
  body: number,
): Promise<{ first: string; last: string; at: Temporal.Instant } | null> {
  const { first, last, at } = await tx
    .selectFrom('open_month')
    .select((eb) => [
      eb.fn.min('month').as('first'),
      eb.fn.max('month').as('last'),
      eb.fn.max('published_at').as('at'),
    ])
    .where('body_id', '=', body)
    .executeTakeFirstOrThrow();
  return first && last && at ? { first, last, at } : null;
}

/** Attentions of these months by channel: ours, and those that were imported. */
export async function readChannels(
  tx: Tx,
  body: number,
  from: Temporal.PlainDate,
  before: Temporal.PlainDate,
): Promise<ChannelYear[]> {
  const { rows } = await sql<ChannelYear>`
    select channel, sum(attentions)::int as attentions, count(distinct month)::int as months
    from (
      select date_trunc('month', day)::date as month, channel, fulfilled as attentions from figure_day where body_id = ${body}
      union all
      select month, channel, attentions from figure_other where body_id = ${body}
    ) each
    where month >= ${from.toString()}::date and month < ${before.toString()}::date group by 1 order by 1`.execute(
    tx,
  );
  return rows;
}

/** What was imported of these months. */
export async function readOther(
  tx: Tx,
  body: number,
  months: readonly string[],
): Promise<OtherFigure[]> {
  if (months.length === 0) return [];
  const rows = await tx
    .selectFrom('figure_other')
    .select(['month', 'channel', 'attentions'])
    .where('body_id', '=', body)
    .where('month', 'in', months)
    .execute();
  return rows.map((row) => ({ ...row, channel: row.channel as OtherChannel }));
}

/** What somebody wrote, with whose it is: for the service alone. */
export interface CommentRow {
  appointment: string;
  comment: string;
  /** null: nobody has decided. */
  passed: boolean | null;
}

/**
 * Open comments of surveys that nobody can answer any more. Of fewer than five
 * none: whose they are would be plain.
 */
export async function readComments(
  tx: Tx,
  body: number,
  ended: Temporal.Instant,
  fewest: number,
): Promise<CommentRow[]> {
  const rows = await tx
    .selectFrom('survey_answer as s')
    .innerJoin('appointment as a', 'a.id', 's.appointment_id')
    .select(['s.appointment_id as appointment', 's.comment', 's.passed'])
    .where('s.body_id', '=', body)
    .where('s.comment', '<>', '')
    .where('a.ends', '<', moment(ended))
    .execute();
  return rows.length >= fewest ? rows : [];
}
