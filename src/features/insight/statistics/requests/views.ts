import { type RawBuilder, sql } from 'kysely';
import type { Office } from '../../../../domain/office/types.ts';
import type { Tx } from '../../../../lib/db/database.ts';
import { FEWEST } from '../publishing.ts';
import type { Edition } from '../types.ts';
import { workingDaysFor } from './rules.ts';
import type { OpenRequestRow, RequestSpanRow } from './types.ts';

const CLOSED = ['answered', 'refused', 'merged'] as const;

/** Returns what happened to an office's requests from a day on and before another. What a person took back is left out, as from the public list. */
export async function readRequestSpan(
  tx: Tx,
  { id, timeZone, settings }: Pick<Office, 'id' | 'timeZone' | 'settings'>,
  { from, before }: { from: Temporal.PlainDate; before: Temporal.PlainDate },
): Promise<RequestSpanRow[]> {
  const startOf = (day: Temporal.PlainDate) =>
    sql`${day.toZonedDateTime(timeZone).toInstant().toString()}::timestamptz`;
  const [first, end] = [startOf(from), startOf(before)];
  const dayOf = (at: RawBuilder<unknown>) => sql`(${at} at time zone ${timeZone})::date`;
  const monthOf = (at: RawBuilder<unknown>) =>
    sql`date_trunc('month', ${at} at time zone ${timeZone})::date::text`;
  const [sent, closed, reopened] = [sql`r.sent_at`, sql`h.closed_at`, sql`h.reopened_at`];
  const { rows } = await sql<Omit<RequestSpanRow, 'workingDays'> & Days>`
    with happened as (
      select request_id, max(at) filter (where to_state in (${sql.join(CLOSED)})) as closed_at,
        max(at) filter (where from_state in ('answered', 'refused') and to_state = 'received') as reopened_at
      from request_event where office_id = ${id} and kind = 'moved' and at >= ${first} and at < ${end}
      group by 1
    )
    select r.type, r.kind, r.area, r.team, r.sent_at >= ${first} as "isReceived",
      h.reopened_at is not null as "isReopened", r.closed_at is null as "isOpen",
      ${dayOf(closed)} - ${dayOf(sent)} as "closedAfter",
      ${dayOf(sent)}::text as "sentOn", ${dayOf(closed)}::text as "closedOn",
      case when r.sent_at >= ${first} then ${monthOf(sent)} end as "cameIn",
      ${monthOf(closed)} as "closedIn", ${monthOf(reopened)} as "reopenedIn",
      case when r.due is not null and r.since <= h.closed_at then ${dayOf(closed)} <= r.due end as "isInTime",
      s.score, s.solved
    from request r left join happened h on h.request_id = r.id left join survey_answer s on s.request_id = r.id
    where r.office_id = ${id} and r.sent_at < ${end} and r.reason is distinct from 'withdrawn'
      and (r.sent_at >= ${first} or h.closed_at is not null or h.reopened_at is not null)`.execute(
    tx,
  );
  const daysBetween = workingDaysFor(settings);
  return rows.map(({ sentOn, closedOn, ...row }) => ({
    ...row,
    workingDays: closedOn === null ? null : daysBetween(sentOn, closedOn),
  }));
}

/** Local days. */
interface Days {
  sentOn: string;
  closedOn: string | null;
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
