import { sql } from 'kysely';
import type { Tx } from '../../../../lib/db/database.ts';
import { FEWEST } from '../publishing.ts';
import type { Edition } from '../types.ts';
import type { OpenRequestRow, RequestMonthRow } from './types.ts';

const CLOSED = ['answered', 'refused', 'merged'] as const;

/** Returns what happened to an office's requests in a month, by its first day. What a person took back is left out, as from the public list. */
export async function readRequestMonth(
  tx: Tx,
  { id, timeZone }: { id: number; timeZone: string },
  month: Temporal.PlainDate,
): Promise<RequestMonthRow[]> {
  const startOf = (day: Temporal.PlainDate) =>
    sql`${day.toZonedDateTime(timeZone).toInstant().toString()}::timestamptz`;
  const [from, to] = [startOf(month), startOf(month.add({ months: 1 }))];
  const { rows } = await sql<RequestMonthRow>`
    with happened as (
      select request_id, max(at) filter (where to_state in (${sql.join(CLOSED)})) as closed_at,
        bool_or(from_state in ('answered', 'refused') and to_state = 'received') as reopened
      from request_event where office_id = ${id} and kind = 'moved' and at >= ${from} and at < ${to}
      group by 1
    )
    select r.type, r.kind, r.area, r.sent_at >= ${from} as "isReceived", coalesce(h.reopened, false) as "isReopened",
      (h.closed_at at time zone ${timeZone})::date - (r.sent_at at time zone ${timeZone})::date as "closedAfter"
    from request r left join happened h on h.request_id = r.id
    where r.office_id = ${id} and r.sent_at < ${to} and r.reason is distinct from 'withdrawn'
      and (r.sent_at >= ${from} or h.closed_at is not null or h.reopened)`.execute(tx);
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
