import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Tx } from '../../../../lib/db/database.ts';
import type { Schema } from '../../../../lib/db/schema.ts';
import type { DueSql } from '../../../../lib/jobs/due.ts';
import type { FailureReason, Register } from '../types.ts';
import type { Outside } from './types.ts';

export type OutsideRow = Selectable<Schema['registry_outside']>;

export const fromRow = (row: OutsideRow): Outside => ({
  id: row.id,
  office: row.office_id,
  owedAt: row.owed_at,
  attempts: row.attempts,
  nextTryAt: row.next_try_at,
  firstSentAt: row.first_sent_at,
  lastSentAt: row.last_sent_at,
  failing: row.failing as FailureReason | null,
  words: row.words,
  number: row.number,
  at: row.at,
  register: row.register as Register | null,
  also: row.also,
  consolidated: row.consolidated,
});

/** Returns where the entry of something stands with the registry of the town; null: it has no other, or nothing was registered. */
export async function readOutside(tx: Tx, office: number, about: string): Promise<Outside | null> {
  const row = await tx
    .selectFrom('registry_outside as outside')
    .innerJoin('registry_entry as entry', 'entry.id', 'outside.id')
    .selectAll('outside')
    .where('entry.office_id', '=', office)
    .where('entry.about', '=', about)
    .executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** How much is owed to the registry of the town. */
export interface OutsideCount {
  owed: number;
  /** The hour of the oldest that is owed; null: nothing is. */
  oldest: Temporal.Instant | null;
  /** Those of them whose last try was refused or could not be read. */
  refused: number;
  /** Those that it has twice. */
  twice: number;
}

/** Counts what is owed to the registry of the town. */
export async function countOutside(tx: Tx): Promise<OutsideCount> {
  const { rows } = await sql<OutsideCount>`
    select count(*) filter (where number is null)::int as owed, min(owed_at) filter (where number is null) as oldest,
      count(*) filter (where number is null and failing <> 'away')::int as refused,
      count(*) filter (where also <> '{}')::int as twice
    from registry_outside`.execute(tx);
  return rows[0] ?? { owed: 0, oldest: null, refused: 0, twice: 0 };
}

/** When the first entry is to be told to the registry of the town. */
export const deliveryDue: DueSql = sql`select min(next_try_at) from registry_outside
  where next_try_at is not null and exists (select from town where settings -> 'registry' ->> 'kind' = 'mux')`;
