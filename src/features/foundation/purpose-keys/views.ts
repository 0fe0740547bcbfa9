import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { isPurpose } from '../../../lib/keys/purposes.ts';
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
    // A purpose of a newer Finestreta means nothing to this one.
    isPurpose(purpose)
      ? [
          {
            ...{ purpose, version, wrapped, root },
            ...{ madeAt: row.made_at, activeAt: row.active_at, endedAt: row.ended_at },
            isActive: row.is_active,
          },
        ]
      : [],
  );
}

/** Whether the installation was made before purposes had keys: it has a town and no key. */
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

/** Returns the time of the database, by which versions become active. */
export async function readNow(tx: Tx): Promise<Temporal.Instant> {
  const { rows } = await sql<{ now: Temporal.Instant }>`select now()`.execute(tx);
  if (!rows[0]) throw new Error('The database knows no time');
  return rows[0].now;
}

/** The tables whose rows are opened by a link that derives from their id. */
export const LINKED = ['appointment', 'wait_list', 'companion'] as const;
export type Linked = (typeof LINKED)[number];

/** What a link derives from: the id of what it opens, and how often the link of its appointment was replaced. */
export interface LinkOf {
  id: string;
  link: number;
}

/** Where the number of an appointment's link stands. Links of companions aren't replaced. */
const NUMBER = {
  appointment: sql`t.link`,
  wait_list: sql`coalesce((select a.link from appointment a where a.id = t.appointment_id), 0)`,
  companion: sql`0`,
} as const satisfies Record<Linked, unknown>;

/** Returns some links after the one of this id, in the order of their ids. */
export async function readLinks(
  tx: Tx,
  table: Linked,
  after: string,
  most: number,
): Promise<LinkOf[]> {
  const { rows } = await sql<LinkOf>`
    select t.id, ${NUMBER[table]} as link from ${sql.table(table)} t
    where t.id > ${after}::uuid order by t.id limit ${most}`.execute(tx);
  return rows;
}
