import { sql } from 'kysely';
import type { Channel } from '../../../../domain/channel.ts';
import type { Tx } from '../../../../lib/db/database.ts';
import { FEWEST, type MonthCounts } from '../rules.ts';
import type { Span } from '../types.ts';
import { readCounts, readOpinions } from '../views.ts';

/** Returns the codes of the procedures that a citizen may have come for in a month: bookings are at most a year ahead. */
async function readCatalogue(tx: Tx, office: number, month: Temporal.PlainDate): Promise<string[]> {
  const rows = await tx
    .selectFrom('procedure')
    .select('code')
    .where('office_id', '=', office)
    .where(
      sql<boolean>`coalesce(retired_at >= ${month.subtract({ months: 13 }).toString()}::date, true)`,
    )
    .orderBy('position')
    .orderBy('id')
    .execute();
  return rows.map((each) => each.code);
}

/** Returns the data of a month's appointments for publishing, without its cases. `codeOf`: a procedure's code by its id. */
export async function readMonth(
  tx: Tx,
  office: number,
  month: Temporal.PlainDate,
  codeOf: (procedure: number) => string,
): Promise<Omit<MonthCounts, 'cases'>> {
  const next = month.add({ months: 1 });
  const to = next.subtract({ days: 1 });
  const span: Span = { from: month, to, channel: null, procedure: null, language: null };
  const { booked } = await readCounts(tx, office, span);
  const [opinion] = await readOpinions(tx, office, { from: month, before: next }, 'booked');
  const days = tx
    .selectFrom('figure_month')
    .where('office_id', '=', office)
    .where('procedure_id', 'is not', null)
    .where('day', '>=', month.toString())
    .where('day', '<', next.toString());
  const attended = await days
    .select(['channel', 'procedure_id', sql<number>`sum(fulfilled)::int`.as('appointments')])
    .groupBy(['channel', 'procedure_id'])
    .orderBy('channel')
    .orderBy('procedure_id')
    .execute();
  const languages = await days
    .select(['language', sql<number>`sum(fulfilled)::int`.as('appointments')])
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
    total: booked,
    answered: opinion?.answered ?? 0,
    scores: opinion?.scores ?? [],
    solved: opinion?.solved ?? [],
    catalogue: await readCatalogue(tx, office, month),
    attended: attended.map(({ channel, procedure_id, appointments }) => ({
      ...{ channel: channel as Channel, procedure: codeOf(procedure_id ?? 0), appointments },
    })),
    languages,
    done: done.map((each) => ({ ...each, channel: each.channel as Channel })),
  };
}

/**
 * Returns the first day of the month that the office publishes next; null: all settled months are published. The first one is the first
 * month with at least five appointments. Later months are never left out: otherwise a missing month would reveal that nobody came.
 */
export async function readUnpublished(
  tx: Tx,
  office: number,
  before: Temporal.PlainDate,
): Promise<string | null> {
  const { rows } = await sql<{ month: string | null }>`
    select coalesce(
      (select (max(month) + interval '1 month')::date from open_month where office_id = ${office}),
      (select min(month) from (
        select date_trunc('month', day::timestamp)::date as month from figure_month where office_id = ${office}
        group by 1 having sum(booked) >= ${FEWEST}
      ) months)
    ) as month`.execute(tx);
  const month = rows[0]?.month ?? null;
  return month !== null && month < before.toString() ? month : null;
}
