import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { type DueSql, dayOf, startOfDay } from '../../../lib/jobs/due.ts';
import { directionOf, type OnTrail } from './rules.ts';
import type { ClosedDay, Direction, RegistryEntry } from './types.ts';

export { countOutside, type OutsideCount } from './outside/views.ts';

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

/** Returns an entry. @throws when there is none */
export async function readEntryById(tx: Tx, id: string): Promise<RegistryEntry> {
  return fromRow(await select(tx).where('id', '=', id).executeTakeFirstOrThrow());
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

/** Returns which of these entries an office has, by their ids. */
export async function readEntriesById(
  tx: Tx,
  office: number,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RegistryEntry>> {
  if (ids.length === 0) return new Map();
  const rows = await select(tx).where('office_id', '=', office).where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, fromRow(row)]));
}

/** A line of the trail about an entry. */
export interface TrailLine extends OnTrail {
  direction: Direction;
  /** Its place on the trail. */
  line: number;
}

/** A part of what the trail has of a registry. */
export interface TrailPage {
  registered: TrailLine[];
  closed: ClosedDay[];
  /** The id of the last row that was read. */
  last: number;
  hasMore: boolean;
}

/** Returns what the audit trail of an office has of its registry, from after a row on: at most `most` rows. */
export async function readTrail(
  tx: Tx,
  office: number,
  { after, most }: { after: number; most: number },
): Promise<TrailPage> {
  const rows = await tx
    .selectFrom('audit')
    .select(['id', 'action', 'at', 'data'])
    .where('office_id', '=', office)
    .where('action', 'in', ['registered', 'registry_closed'])
    .where('id', '>', after)
    .orderBy('id')
    .limit(most)
    .execute();
  const of = (action: string) => rows.filter((row) => row.action === action);
  return {
    registered: of('registered').map(({ id, data, at }) => ({
      id: String(data.entry),
      hash: String(data.hash),
      at,
      direction: directionOf(String(data.number)),
      line: id,
    })),
    closed: of('registry_closed').map(({ data }) => ({
      day: Temporal.PlainDate.from(String(data.day)),
      entries: Number(data.entries),
      exits: Number(data.exits),
      lastEntry: data.lastEntry === null ? null : String(data.lastEntry),
      lastExit: data.lastExit === null ? null : String(data.lastExit),
    })),
    last: rows.at(-1)?.id ?? after,
    hasMore: rows.length === most,
  };
}

/** Returns the first local day that is not closed: the day after the last closed one, else that of the first entry; null: there is none. */
export async function readFirstOpenDay(
  tx: Tx,
  office: number,
  timeZone: string,
): Promise<Temporal.PlainDate | null> {
  const closed = await readLastClosed(tx, office);
  if (closed) return closed.add({ days: 1 });
  const first = await tx
    .selectFrom('registry_entry')
    .select('at')
    .where('office_id', '=', office)
    .orderBy('at')
    .limit(1)
    .executeTakeFirst();
  return first?.at.toZonedDateTimeISO(timeZone).toPlainDate() ?? null;
}

/** Returns the last local day that is closed; null: none is. */
export async function readLastClosed(tx: Tx, office: number): Promise<Temporal.PlainDate | null> {
  const row = await tx
    .selectFrom('registry_day')
    .select('day')
    .where('office_id', '=', office)
    .orderBy('day', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? Temporal.PlainDate.from(row.day) : null;
}

/** Returns the clock of the database. */
export async function readClock(tx: Tx): Promise<Temporal.Instant> {
  const { rows } = await sql<{ at: Temporal.Instant }>`select clock_timestamp() as at`.execute(tx);
  const [row] = rows;
  if (!row) throw new Error('The database has no clock');
  return row.at;
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

/** When the first day that is not closed has passed. */
export const closingDue: DueSql = sql`select min(${startOfDay(sql`coalesce(
    (select max(day) + 2 from registry_day d where d.office_id = o.id),
    (select ${dayOf(sql`min(at)`)} + 1 from registry_entry e where e.office_id = o.id))`)})
  from office o where o.retired_at is null`;
