import type pg from 'pg';
import { PlainError } from '../../plain-error.ts';
import { connectionOf } from './client.ts';

/** The session settings that a pooler passes on from the start-up packet (PgBouncer ≥ 1.20). It refuses others. */
const PASSED_ON = '-c TimeZone=UTC -c DateStyle=ISO';

/** What a connection through a pooler has, as the database tells it. */
interface PooledSession {
  database: string;
  login: string;
  statementSeconds: number;
  jit: string;
  timeZone: string;
}

/** Returns the settings of connections through a pooler such as PgBouncer, which gives each transaction whichever connection is free. */
export function pooledConnection(url: string): pg.ConnectionConfig {
  const connection = connectionOf(url);
  const options = [connection.options, PASSED_ON].filter(Boolean).join(' ');
  return { ...connection, options };
}

/** The statement that sets what a pooler does not pass on, for an operator. `jit` only costs time. */
export const settingsFor = (login: string): string =>
  `ALTER ROLE "${login}" SET statement_timeout = '10s'; ALTER ROLE "${login}" SET jit = off;`;

const SESSION = `select current_database() as database, current_user as login, current_setting('jit') as jit,
  current_setting('TimeZone') as "timeZone",
  (select setting::integer / 1000 from pg_settings where name = 'statement_timeout') as "statementSeconds"`;
/** As `PlanningClient` does with what is frequent: prepared once, and used in later transactions. */
const PREPARED = { name: 'finestreta_pooled', text: 'select $1::integer as one', values: [1] };

/**
 * Checks that a pool leads through the pooler to the same database as the login does directly, with what sessions must have.
 * @param pool has room for two connections
 * @returns what is wrong, in words for an operator; null: nothing
 */
export async function troubleWithPooler(
  pool: pg.Pool,
  { database, login }: { database: string; login: string },
): Promise<string | null> {
  const { rows } = await pool.query<PooledSession>(SESSION);
  const session = rows[0]!;
  if (session.database !== database || session.login !== login)
    return `leads to ${session.login} in the database ${session.database}, and DATABASE_URL to ${login} in ${database}`;
  if (session.timeZone !== 'UTC')
    return 'does not pass on the time zone: PgBouncer 1.20 or newer does';
  if (session.statementSeconds === 0 || session.jit !== 'off')
    return `gives connections without the time limit of statements, or with jit. Run ${settingsFor(login)} and then RECONNECT in the pooler's console`;
  const isKept = await keepsPrepared(pool).catch((error: Error & { code?: string }) => {
    // invalid_sql_statement_name: it is prepared on another connection; duplicate_prepared_statement.
    if (error.code === '26000' || error.code === '42P05') return false;
    throw error;
  });
  return isKept
    ? null
    : 'forgets prepared statements: set max_prepared_statements (PgBouncer 1.21 or newer)';
}

/** Uses a prepared statement again while another client has the connection on which it was prepared. */
async function keepsPrepared(pool: pg.Pool): Promise<boolean> {
  const [one, other] = [await pool.connect(), await pool.connect()];
  try {
    await one.query(PREPARED);
    // In one message: a client holds a mere begin back.
    await other.query('begin; select 1');
    await one.query(PREPARED);
    await other.query('commit');
    return true;
  } finally {
    // What it has prepared must not be met again.
    one.release(true);
    other.release(true);
  }
}

/** Says why the service doesn't work through a pooler. */
export const poorPooler = (trouble: string): PlainError =>
  new PlainError(`DATABASE_POOLER_URL ${trouble} (docs/operating.md, A pooler).`);
