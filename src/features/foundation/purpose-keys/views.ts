import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { type DueSql, daily, earliest, ifAny } from '../../../lib/jobs/due.ts';
import { isPurpose, PURPOSES } from '../../../lib/keys/purposes.ts';
import type { KeptVersion } from './types.ts';

/** Returns every version of every purpose, ended ones too, the oldest of each first. */
export async function readVersions(tx: Tx): Promise<KeptVersion[]> {
  const rows = await tx
    .selectFrom('purpose_key')
    .selectAll()
    .select(sql<boolean>`active_at <= now()`.as('is_active'))
    .orderBy('purpose')
    .orderBy('version')
    .execute();
  return rows.flatMap(({ purpose, version, wrapped, root, ...row }) =>
    // A purpose of a newer version of the program is ignored.
    isPurpose(purpose)
      ? [
          {
            purpose,
            version,
            wrapped,
            root,
            madeAt: row.made_at,
            activeAt: row.active_at,
            endedAt: row.ended_at,
            isActive: row.is_active,
          },
        ]
      : [],
  );
}

/** Returns whether the installation is older than the keys of purposes: it has a town and no key. */
export async function isFromBefore(tx: Tx): Promise<boolean> {
  const town = await tx.selectFrom('town').select('id').executeTakeFirst();
  const key = await tx.selectFrom('purpose_key').select('purpose').limit(1).executeTakeFirst();
  return town !== undefined && key === undefined;
}

/** Returns the ids of all offices, closed ones too. */
export async function readOfficeIds(tx: Tx): Promise<number[]> {
  const rows = await tx.selectFrom('office').select('id').orderBy('id').execute();
  return rows.map((each) => each.id);
}

/** Returns the time of the database, which determines when versions become active. */
export async function readNow(tx: Tx): Promise<Temporal.Instant> {
  const { rows } = await sql<{ now: Temporal.Instant }>`select now()`.execute(tx);
  if (!rows[0]) throw new Error('The database knows no time');
  return rows[0].now;
}

const WRAPPING = Object.entries(PURPOSES).filter(([, { lasting }]) => lasting === 'wrapped');

/** At once while something may be wrapped by an earlier version, and once a day. */
export const rewrappingDue = (what: string): DueSql =>
  earliest(
    ifAny(sql`select from purpose_key where ended_at is null
      and purpose in (${sql.join(WRAPPING.map(([purpose]) => sql.lit(purpose)))}) group by purpose having count(*) > 1`),
    daily(what),
  );
