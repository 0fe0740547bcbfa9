import type { Tx } from '../../../lib/db/database.ts';
import type { BookEnd } from './rules.ts';
import type { ClosedDay, Direction, RegistryEntry } from './types.ts';
import { readLastClosed } from './views.ts';

const hex = (bytes: Buffer | null): string | null => bytes?.toString('hex') ?? null;
const bytesOf = (hex: string): Buffer => Buffer.from(hex, 'hex');

/** Returns the last entry of a book, which stays the last one until the transaction ends: the next entry waits. */
export async function lockBook(tx: Tx, office: number, direction: Direction): Promise<BookEnd> {
  const row = await tx
    .insertInto('registry_book')
    .values({ office_id: office, direction, year: 0, number: 0 })
    .onConflict((conflict) =>
      conflict.columns(['office_id', 'direction']).doUpdateSet({ office_id: office }),
    )
    .returning(['year', 'number', 'at', 'hash'])
    .executeTakeFirstOrThrow();
  return { ...row, hash: hex(row.hash), closed: await readLastClosed(tx, office) };
}

/** Adds an entry to its locked book. */
export async function insertEntry(tx: Tx, entry: RegistryEntry): Promise<void> {
  const { office, direction, year, number, hash } = entry;
  const at = entry.at.toString();
  await tx
    .insertInto('registry_entry')
    .values({
      id: entry.id,
      office_id: office,
      direction,
      year,
      number,
      at,
      counts_from: entry.countsFrom.toString(),
      about: entry.about,
      content: bytesOf(entry.content),
      previous: entry.previous === null ? null : bytesOf(entry.previous),
      hash: bytesOf(hash),
    })
    .execute();
  await tx
    .updateTable('registry_book')
    .set({ year, number, at, hash: bytesOf(hash) })
    .where('office_id', '=', office)
    .where('direction', '=', direction)
    .execute();
}

/** Closes a day. Returns false when somebody else has closed it meanwhile. */
export async function insertDay(
  tx: Tx,
  office: number,
  { day, entries, exits, lastEntry, lastExit }: ClosedDay,
  now: Temporal.Instant,
): Promise<boolean> {
  const done = await tx
    .insertInto('registry_day')
    .values({
      office_id: office,
      day: day.toString(),
      entries,
      exits,
      last_entry: lastEntry === null ? null : bytesOf(lastEntry),
      last_exit: lastExit === null ? null : bytesOf(lastExit),
      closed_at: now.toString(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(done.numInsertedOrUpdatedRows) === 1;
}
