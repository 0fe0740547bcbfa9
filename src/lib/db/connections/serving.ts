import type pg from 'pg';

/**
 * How a process says in a town's database that it serves the town's pages, and that others do its work: a shared advisory lock of the
 * session. Whoever is connected to any database of the server sees it in pg_locks (the town's database, and no more), and it ends with the
 * connection, however the process ends.
 */
const SERVING = { first: 0x66_69_6e_65, second: 1 };

/** Takes the lock; never waits. */
export async function sayServing(client: pg.ClientBase): Promise<void> {
  await client.query('select pg_try_advisory_lock_shared($1, $2)', [SERVING.first, SERVING.second]);
}

/** What the server knows of one of its databases. */
export interface SeenDatabase {
  name: string;
  /** Whether a process serves its pages and doesn't do its work. */
  isServed: boolean;
  /** How many rows were ever written, in all transactions; some seconds late. It falls when the server loses its statistics. */
  writes: number;
}

/** Looks at these databases of the server, through a connection to any of them. */
export async function seeDatabases(
  client: pg.ClientBase,
  names: readonly string[],
): Promise<SeenDatabase[]> {
  const { rows } = await client.query<SeenDatabase>(
    `select d.datname as name, s.database is not null as "isServed",
       (pg_stat_get_db_tuples_inserted(d.oid) + pg_stat_get_db_tuples_updated(d.oid) +
         pg_stat_get_db_tuples_deleted(d.oid))::float8 as writes
     from pg_database d left join
       (select distinct database from pg_locks
        where locktype = 'advisory' and classid = $2::oid and objid = $3::oid and objsubid = 2) s
       on s.database = d.oid
     where d.datname = any ($1)`,
    [names, SERVING.first, SERVING.second],
  );
  return rows;
}
