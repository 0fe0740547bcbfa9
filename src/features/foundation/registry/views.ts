import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { OnTrail } from './rules.ts';
import type { ClosedDay, Direction, RegistryEntry } from './types.ts';

const select = (tx: Tx) => tx.selectFrom('registry_entry').selectAll();
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

const fromRow = (row: Row): RegistryEntry => ({
  id: row.id,
  office: row.office_id,
  direction: row.direction as Direction,
  year: row.year,
  number: row.number,
  at: row.at,
  countsFrom: Temporal.PlainDate.from(row.counts_from),
  about: row.about,
  content: row.content.toString('hex'),
  previous: row.previous?.toString('hex') ?? null,
  hash: row.hash.toString('hex'),
});

/** Returns the entry of something; null: it was not registered. */
export async function readEntry(
  tx: Tx,
  office: number,
  about: string,
): Promise<RegistryEntry | null> {
  const row = await select(tx)
    .where('office_id', '=', office)
    .where('about', '=', about)
    .executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns entries of a book in their order, from after a place on. */
export async function readBook(
  tx: Tx,
  office: number,
  direction: Direction,
  { year, number, most }: { year: number; number: number; most: number },
): Promise<RegistryEntry[]> {
  const rows = await select(tx)
    .where('office_id', '=', office)
    .where('direction', '=', direction)
    .where(({ eb, refTuple, tuple }) =>
      eb(refTuple('year', 'number'), '>', tuple(sql.lit(year), sql.lit(number))),
    )
    .orderBy('year')
    .orderBy('number')
    .limit(most)
    .execute();
  return rows.map(fromRow);
}

/** Returns what the audit trail of an office has of its registry. */
export async function readRegistered(tx: Tx, office: number): Promise<OnTrail[]> {
  const rows = await tx
    .selectFrom('audit')
    .select('data')
    .where('office_id', '=', office)
    .where('action', '=', 'registered')
    .orderBy('id')
    .execute();
  return rows.map(({ data }) => ({ id: String(data.entry), hash: String(data.hash) }));
}

/** Returns the local days before one that have entries and are not closed, oldest first. */
export async function readOpenDays(
  tx: Tx,
  office: number,
  before: Temporal.ZonedDateTime,
): Promise<string[]> {
  const { rows } = await sql<{ day: string }>`
    select distinct (e.at at time zone ${before.timeZoneId})::date::text as day
    from registry_entry e
    where e.office_id = ${office} and e.at < ${moment(before.toInstant())}
      and (e.at at time zone ${before.timeZoneId})::date > coalesce((select max(d.day) from registry_day d where d.office_id = ${office}), '-infinity')
    order by day`.execute(tx);
  return rows.map(({ day }) => day);
}

/** Counts the entries of a local day, and finds the last ones until its end. */
export async function countDay(
  tx: Tx,
  office: number,
  { from, before }: { from: Temporal.Instant; before: Temporal.Instant },
): Promise<Omit<ClosedDay, 'day'>> {
  const ofDirection = async (direction: Direction) => {
    const entries = tx
      .selectFrom('registry_entry')
      .where('office_id', '=', office)
      .where('direction', '=', direction)
      .where('at', '<', moment(before));
    const counted = await entries
      .select(({ fn }) => fn.countAll().as('count'))
      .where('at', '>=', moment(from))
      .executeTakeFirstOrThrow();
    const last = await entries
      .select('hash')
      .orderBy('year', 'desc')
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
    return { count: Number(counted.count), last: last?.hash.toString('hex') ?? null };
  };
  const entry = await ofDirection('entry');
  const exit = await ofDirection('exit');
  return { entries: entry.count, exits: exit.count, lastEntry: entry.last, lastExit: exit.last };
}

/** Returns the closed days of an office, oldest first. */
export async function readDays(tx: Tx, office: number): Promise<ClosedDay[]> {
  const rows = await tx
    .selectFrom('registry_day')
    .selectAll()
    .where('office_id', '=', office)
    .orderBy('day')
    .execute();
  return rows.map((row) => ({
    day: Temporal.PlainDate.from(row.day),
    entries: row.entries,
    exits: row.exits,
    lastEntry: row.last_entry?.toString('hex') ?? null,
    lastExit: row.last_exit?.toString('hex') ?? null,
  }));
}
