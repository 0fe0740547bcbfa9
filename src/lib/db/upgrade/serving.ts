import type { PlainQuery } from './patience.ts';

/** The name by which the connection of a running program is seen in the database (`application_name`). */
export const servingName = (version: string): string => `finestreta ${version}`;

/** Returns the versions of the programs that are connected to this database, one for each process. */
export async function readServing(query: PlainQuery): Promise<string[]> {
  // Within a transaction PostgreSQL goes on saying what it said first.
  await query('select pg_stat_clear_snapshot()');
  const { rows } = await query(
    `select substring(application_name from '^finestreta (.+)$') as version
     from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and application_name like 'finestreta %'
     order by 1`,
  );
  return (rows as { version: string }[]).map(({ version }) => version);
}
