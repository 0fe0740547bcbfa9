import { sql } from 'kysely';
import type { Db } from '../../../lib/db/database.ts';

interface Row {
  keys_off: boolean;
  keys: unknown;
  day_view: string;
  alerts: string[];
}

/** Returns a person's choices, or null when there are none. */
export async function readPreference(db: Db, staff: number): Promise<Row | null> {
  const { rows } = await sql<Row>`select /* frequent */ * from preference_of(${staff})`.execute(db);
  return rows[0] ?? null;
}
