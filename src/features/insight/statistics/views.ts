import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { afterDeeds, type DueSql, eachDay, earliest } from '../../../lib/jobs/due.ts';
import { everyMonth, type OpinionMonth, partsOf } from './rules.ts';
import type {
  CallCounts,
  ChannelYear,
  Counts,
  Edition,
  Group,
  Item,
  OpenRow,
  OtherChannel,
  OtherFigure,
  Side,
  Span,
} from './types.ts';

/** Returns the newest event of an office before an instant. At that age, all earlier events are committed. */
export async function readSettledEvent(
  tx: Tx,
  office: number,
  after: number,
  before: Temporal.Instant,
): Promise<number> {
  const row = await tx
    .selectFrom('event')
    .select((eb) => eb.fn.max('id').as('id'))
    .where('office_id', '=', office)
    .where('id', '>', after)
    .where('at', '<', moment(before))
    .executeTakeFirst();
  return row?.id ?? after;
}

/**
 * Returns the local days of appointments with events after an event, including their former days; and of encounters without an
 * appointment that ended since then, on a later day.
 */
export async function readTouchedDays(
  tx: Tx,
  on: { office: number; timeZone: string; after: number; last: string },
): Promise<string[]> {
  const { office, timeZone, after, last } = on;
  const { rows } = await sql<{ day: string }>`
    select distinct day from (
      select (a.starts at time zone ${timeZone})::date as day
      from event e join appointment a on a.id = e.appointment_id where e.office_id = ${office} and e.id > ${after}
      union all
      select ((e.data -> 'from' ->> 'start')::timestamptz at time zone ${timeZone})::date
      from event e where e.office_id = ${office} and e.id > ${after} and e.kind = 'moved' and e.data -> 'from' ->> 'start' is not null
      union all
      select (t.started_at at time zone ${timeZone})::date
      from encounter t where t.office_id = ${office} and t.appointment_id is null
        and t.ended_at >= coalesce((select at from event where id = ${after}), '-infinity')
        and (t.ended_at at time zone ${timeZone})::date > (t.started_at at time zone ${timeZone})::date
    ) touched where day <= ${last}::date order by 1`.execute(tx);
  return rows.map((row) => row.day);
}

/** Returns the local day of the office's first appointment or encounter; null: there is none. */
export async function readFirstDay(
  tx: Tx,
  office: number,
  timeZone: string,
): Promise<string | null> {
  const { rows } = await sql<{ day: string | null }>`
    select (least(
      (select min(starts) from appointment where office_id = ${office}),
      (select min(started_at) from encounter where office_id = ${office} and appointment_id is null)
    ) at time zone ${timeZone})::date as day`.execute(tx);
  return rows[0]?.day ?? null;
}

/** The columns of what is counted. */
export const COLUMNS: Record<keyof Counts, string> = {
  booked: 'booked',
  fulfilled: 'fulfilled',
  noshow: 'noshow',
  cancelled: 'cancelled',
  unkept: 'unkept',
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
  unbooked: 'unbooked',
};

/** Columns of several counts, and their number. */
const SEVERAL = { solved: 3, scores: 11, by_hour: 24 };

/** Sums of each count of such a column. */
export const sumsOf = (column: keyof typeof SEVERAL): RawBuilder<number[]> =>
  sql`array[${sql.join(
    Array.from(
      { length: SEVERAL[column] },
      (_, at) => sql`sum(${sql.ref(column)}[${sql.lit(at + 1)}])::int`,
    ),
  )}]`;

type Table = 'figure_day' | 'figure_item';
/** The table of monthly sums. */
const BY_MONTH = { figure_day: 'figure_month', figure_item: 'figure_item_month' };

/** The rows of a span: its whole months as sums, and the days before and after them. */
function rowsOf(table: Table, office: number, span: Span): RawBuilder<unknown> {
  const { channel, procedure, language } = span;
  const also = (column: string, value: unknown) =>
    value === null ? sql`` : sql` and ${sql.ref(column)} = ${value}`;
  const parts = partsOf(span).map(
    ({ from, to, isWhole }) => sql`
      select * from ${sql.table(isWhole ? BY_MONTH[table] : table)}
      where office_id = ${office} and day between ${from.toString()}::date and ${to.toString()}::date
        ${also('channel', channel)}${also('procedure_id', procedure)}${also('language', language)}`,
  );
  return sql`(${sql.join(parts, sql` union all `)}) rows`;
}

const NAMES = Object.keys(COLUMNS) as (keyof Counts)[];
/** Converts sums to numbers: no office exceeds 2^53. */
const SUMS = sql.join(
  NAMES.map((name) => sql`sum(${sql.ref(COLUMNS[name])}::float8) as ${sql.ref(name)}`),
);

/** The counts of a day, or of a channel, procedure and language. */
type CountsRow = Counts & {
  day: string | null;
  channel: string;
  procedure: number | null;
  language: string;
};

/** Returns all counts of a span, in total, of appointments only, and by dimension, with one read of its rows. */
export async function readCounts(
  tx: Tx,
  office: number,
  span: Span,
): Promise<{ total: Counts; booked: Counts; by: Record<Side, Group[]> }> {
  // Computing each row's month and day of the week takes longer than adding up these few days.
  const { rows } = await sql<CountsRow>`
    select day, channel, procedure_id as procedure, language, ${SUMS}
    from ${rowsOf('figure_day', office, span)}
    group by grouping sets ((day), (channel, procedure_id, language))`.execute(tx);
  const days = rows.flatMap((row) =>
    row.day === null ? [] : [{ ...row, date: Temporal.PlainDate.from(row.day) }],
  );
  const others = rows.filter((row) => row.day === null);
  const booked = others.filter((row) => row.procedure !== null);
  const months = groupsOf(days, (row) => row.date.with({ day: 1 }).toString());
  const by = {
    channel: groupsOf(others, (row) => row.channel),
    procedure: groupsOf(booked, (row) => String(row.procedure)),
    language: groupsOf(others, (row) => row.language),
    day: groupsOf(days, (row) => String(row.date.dayOfWeek)),
    month: everyMonth(months, span.to, countsOf([])),
  };
  return { total: countsOf(others), booked: countsOf(booked), by };
}

const countsOf = (rows: readonly Counts[]): Counts =>
  Object.fromEntries(
    NAMES.map((name) => [name, rows.reduce((sum, row) => sum + row[name], 0)]),
  ) as unknown as Counts;
/** In the order of their keys. */
function groupsOf<Row extends Counts>(rows: readonly Row[], keyOf: (row: Row) => string): Group[] {
  const groups = Map.groupBy(rows, keyOf);
  return [...groups.keys()].sort().map((key) => ({ key, counts: countsOf(groups.get(key)!) }));
}

/** Returns the bookings by day of the week, each with its 24 hours. */
export async function readHours(
  tx: Tx,
  office: number,
  span: Span,
): Promise<Map<number, readonly number[]>> {
  // 1 January 2001 was a Monday.
  const { rows } = await sql<{ weekday: number; hours: number[] }>`
    select (day - date '2001-01-01') % 7 + 1 as weekday, ${sumsOf('by_hour')} as hours
    from ${rowsOf('figure_day', office, span)} group by 1 order by 1`.execute(tx);
  return new Map(rows.map((row) => [row.weekday, row.hours]));
}

/** Returns the procedures and queries of encounters, the most frequent first. */
export async function readItems(tx: Tx, office: number, span: Span): Promise<Item[]> {
  const { rows } = await sql<Item>`
    select kind, procedure_id as procedure, query, sum(items)::int as items
    from ${rowsOf('figure_item', office, span)} group by 1, 2, 3 order by items desc, kind, procedure_id, query`.execute(
    tx,
  );
  return rows;
}

export async function readCalls(tx: Tx, office: number, { from, to }: Span): Promise<CallCounts> {
  const { rows } = await sql<CallCounts>`
    select coalesce(sum(calls), 0)::int as calls, coalesce(sum(connected), 0)::int as connected,
      coalesce(sum(good), 0)::int as good, coalesce(sum(fair), 0)::int as fair, coalesce(sum(poor), 0)::int as poor
    from figure_call where office_id = ${office} and day between ${from.toString()}::date and ${to.toString()}::date`.execute(
    tx,
  );
  return rows[0]!;
}

/**
 * Returns the survey answers, by month, of whole months from `from` to before `before`. `which`: of everything, or of appointments
 * only.
 */
export async function readOpinions(
  tx: Tx,
  office: number,
  { from, before }: Record<'from' | 'before', Temporal.PlainDate>,
  which: 'all' | 'booked',
): Promise<OpinionMonth[]> {
  const { rows } = await sql<OpinionMonth>`
    select date_trunc('month', day::timestamp)::date as month, sum(answered)::int as answered,
      sum(fulfilled + noshow + cancelled)::int as ended, ${sumsOf('solved')} as solved, ${sumsOf('scores')} as scores
    from figure_month where office_id = ${office} and day >= ${from.toString()}::date and day < ${before.toString()}::date
      and (${which === 'all'} or procedure_id is not null)
    group by 1 order by 1`.execute(tx);
  return rows;
}

/** Returns all published figures of an office, in order. */
export function readOpen(tx: Tx, office: number): Promise<OpenRow[]> {
  return tx
    .selectFrom('open_figure')
    .select(['month', 'indicator', 'channel', 'procedure', 'language', 'value'])
    .where('office_id', '=', office)
    .orderBy('month')
    .orderBy('position')
    .execute();
}

/** Returns the published totals of its last months, in order. */
export function readOpenLatest(tx: Tx, office: number, months: number): Promise<OpenRow[]> {
  return tx
    .selectFrom('open_figure')
    .select(['month', 'indicator', 'channel', 'procedure', 'language', 'value'])
    .where('office_id', '=', office)
    .where('month', 'in', (eb) =>
      eb
        .selectFrom('open_month')
        .select('month')
        .where('office_id', '=', office)
        .orderBy('month', 'desc')
        .limit(months),
    )
    .where((eb) =>
      eb.and([eb('channel', 'is', null), eb('procedure', 'is', null), eb('language', 'is', null)]),
    )
    .orderBy('month')
    .orderBy('position')
    .execute();
}

/** Returns the office's published range; null: none. */
export async function readEdition(tx: Tx, office: number): Promise<Edition | null> {
  const { first, last, months, since, at } = await tx
    .selectFrom('open_month')
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

/** Whole months of a year: its first day, and the day after the last month. */
interface MonthSpan {
  from: Temporal.PlainDate;
  before: Temporal.PlainDate;
}

/** Own encounters by a channel that was used from the year before on. */
export interface OwnChannel {
  channel: string;
  now: number;
  before: number;
  /** The day of the office's first figures, by any channel. */
  begun: Temporal.PlainDate;
}

/** Returns an office's own encounters of these months, and of those of the year before, by channel. */
export async function readOwnChannels(
  tx: Tx,
  office: number,
  { now, before }: Record<'now' | 'before', MonthSpan>,
): Promise<OwnChannel[]> {
  const day = (date: Temporal.PlainDate) => sql`${date.toString()}::date`;
  const sumOf = (span: MonthSpan) =>
    sql`coalesce(sum(fulfilled + unbooked) filter (where day >= ${day(span.from)} and day < ${day(span.before)}), 0)::float8`;
  const { rows } = await sql<Omit<OwnChannel, 'begun'> & { begun: string }>`
    select channel, ${sumOf(now)} as now, ${sumOf(before)} as before,
      (select min(day) from figure_month where office_id = ${office}) as begun
    from figure_month where office_id = ${office} and day >= ${day(before.from)} and day < ${day(now.before)}
    group by 1`.execute(tx);
  return rows.map((row) => ({ ...row, begun: Temporal.PlainDate.from(row.begun) }));
}

/** Returns the imported encounters of these months by channel. */
export async function readOtherChannels(
  tx: Tx,
  office: number,
  { from, before }: MonthSpan,
): Promise<ChannelYear[]> {
  const { rows } = await sql<ChannelYear>`
    select channel, sum(encounters)::float8 as encounters, array_agg(extract(month from month)::int order by month) as months
    from figure_other
    where office_id = ${office} and month >= ${from.toString()}::date and month < ${before.toString()}::date
    group by 1`.execute(tx);
  return rows;
}

/** Returns the imported figures of these months. */
export async function readOther(
  tx: Tx,
  office: number,
  months: readonly string[],
): Promise<OtherFigure[]> {
  if (months.length === 0) return [];
  const rows = await tx
    .selectFrom('figure_other')
    .select(['month', 'channel', 'encounters'])
    .where('office_id', '=', office)
    .where('month', 'in', months)
    .execute();
  return rows.map((row) => ({ ...row, channel: row.channel as OtherChannel }));
}

/** When something was done, each day, and some minutes after each event: newer ones may have been committed in another order. */
export const figuresDue = (what: string): DueSql =>
  earliest(
    afterDeeds(what),
    eachDay(what),
    sql`select min(e.at) + interval '5 minutes' from figure_mark m, lateral (
      select min(at) as at from event where office_id = m.office_id and id > m.event_id) e`,
  );
