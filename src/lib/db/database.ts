import type { Socket } from 'node:net';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import type { Budget, BudgetedPool } from './connections/budget.ts';
import { PlanningClient, setScope } from './frequent/client.ts';
import { triesElsewhere } from './hosts/elsewhere.ts';
import { pooledConnection, poorPooler, troubleWithPooler } from './hosts/pooler.ts';
import { brief, confined, type LoginFacts, readLogin, withClient } from './logins.ts';
import { explainServer } from './reach.ts';
import type { Schema } from './schema.ts';

export type Db = Kysely<Schema>;
/** A transaction that acts for one office, or for the installation. */
export type Tx = Transaction<Schema>;

export interface Database {
  kysely: Db;
  /** For frequent queries, each of which is one prepared statement. */
  pool: pg.Pool;
  /** Returns another pool, with these settings, which the same limit of all towns binds. */
  newPool(config: pg.PoolConfig): pg.Pool;
  /** Closes the idle connections of these pools, where the limit of all towns binds them. */
  endIdle(): void;
  /** The settings for another connection with the same rights. */
  connection: pg.ConnectionConfig;
  /** The login of the connections. */
  login: LoginFacts;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  connection: pg.ConnectionConfig;
  /** The facts of its login, if they were read before. */
  login?: LoginFacts | undefined;
  /** The address of a pooler for the pool; null or absent: none. */
  pooler?: string | null;
  pool: number;
  /** The connections of all towns of the process together; none: only `pool` limits them. */
  budget?: Budget | undefined;
  /** Receives errors of connections that broke while idle. */
  onIdleError(error: Error): void;
}

const { builtins } = pg.types;

/** Parsers of PostgreSQL's values: instants become Temporal, wall-clock dates and times stay strings. */
const PARSERS: Record<number, (text: string) => unknown> = {
  [builtins.TIMESTAMPTZ]: (text) => Temporal.Instant.from(text),
  [builtins.TIMESTAMP]: (text) => text.replace(' ', 'T').slice(0, 16),
  [builtins.DATE]: (text) => text,
  [builtins.INT8]: Number,
};

const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    PARSERS[oid] ?? pg.types.getTypeParser(oid, format === 'binary' ? 'binary' : 'text'),
} as pg.CustomTypesConfig;

/** Opens a pool that row-level security binds, with any login (see `confined`). */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const login = options.login ?? (await readLogin(options.connection));
  const connection = confined(options.connection, login);
  const pooler = options.pooler ?? null;
  if (pooler && login.actsAs) throw poorPooler(NEEDS_OWN_LOGIN);
  const settings = {
    ...(pooler ? pooledConnection(pooler) : withSettings(connection)),
    Client: PlanningClient,
    max: options.pool,
    types,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
  };
  const { budget } = options;
  const pools: BudgetedPool[] = [];
  const newPool = (config: pg.PoolConfig) => {
    const made = budget?.pool(config);
    if (made) pools.push(made);
    return triesElsewhere(made ?? new pg.Pool(config));
  };
  const endIdle = () => {
    for (const each of pools) while (each.endIdle());
  };
  const pool = newPool(settings);
  pool.on('error', options.onIdleError);
  guardConnections(pool);
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  const close = async () => {
    await kysely.destroy();
    // Kysely ends the pool only when it has used it.
    if (!pool.ending) await pool.end();
  };
  // Whoever knows the login has tried the pooler before.
  if (pooler && !options.login)
    await demandPooler(pool, connection).catch(async (error) => {
      await close();
      throw explainServer(error, pooler, 'DATABASE_POOLER_URL');
    });
  return { kysely, pool, newPool, endIdle, connection, login, close };
}

const NEEDS_OWN_LOGIN =
  'needs a login that owns nothing, in DATABASE_URL too; DATABASE_OWNER_URL names the owner';

/** @throws PlainError when a pool can't work through its pooler */
async function demandPooler(pool: pg.Pool, direct: pg.ConnectionConfig): Promise<void> {
  const target = await withClient(brief(direct), async (client) => {
    const { rows } = await client.query(
      'select current_database() as database, current_user as login',
    );
    return rows[0] as { database: string; login: string };
  });
  const trouble = await troubleWithPooler(pool, target);
  if (trouble) throw poorPooler(trouble);
}

/** The time limit of a statement on the server. */
const STATEMENT_SECONDS = 10;
/** After this time, in milliseconds, the server counts as away: stopped, frozen, or unreachable. */
const SILENCE_MS = (STATEMENT_SECONDS + 2) * 1000;

/**
 * Protects the process from a database that goes away.
 * The pool handles errors of idle connections only. A connection that breaks during a transaction fails its pending queries and also emits
 * an "error" event, which without a listener ends the process.
 * A connection without an answer is cut: its pending queries fail and lead to "not now", instead of waiting for as long as the server is
 * silent.
 */
export function guardConnections(pool: pg.Pool, silenceMs = SILENCE_MS): void {
  pool.on('connect', (client) => {
    client.on('error', () => {});
    const { stream } = (client as Wired).connection;
    stream.setTimeout(silenceMs);
    // The listener of setTimeout would be called once only, perhaps while the connection is idle.
    stream.on('timeout', () => {
      if ((client as Wired).readyForQuery) return;
      const words = `Connection terminated: nothing was heard for ${silenceMs / 1000} s`;
      stream.destroy(new Error(words));
    });
  });
}

/** Properties of pg's client beyond its types: its socket, and whether it is idle. */
type Wired = pg.PoolClient & { connection: { stream: Socket }; readyForQuery: boolean };

/**
 * Returns the connection with settings for each session, added to its existing ones in the form of the start-up packet's "options". The
 * limit of statements also limits the waiting time of a page.
 */
export function withSettings(
  connection: pg.ConnectionConfig,
  extra: Record<string, string> = {},
): pg.ConnectionConfig {
  const settings = {
    TimeZone: 'UTC',
    DateStyle: 'ISO',
    statement_timeout: `${STATEMENT_SECONDS}s`,
    jit: 'off',
    // A commit that no standby confirms is only known by its warning.
    client_min_messages: 'warning',
    ...extra,
  };
  const words = Object.entries(settings).map(
    ([name, value]) => `-c ${name}=${value.replaceAll(/([\\ ])/g, '\\$1')}`,
  );
  return { ...connection, options: [connection.options, ...words].filter(Boolean).join(' ') };
}

/** The scope of the whole installation rather than one office: sign-in, the worker, the town file. */
export const INSTALLATION = '*';
export type Scope = number | typeof INSTALLATION | PersonScope;
/** The scope of one identified person: their own rows, in all offices, and no row of an office otherwise. */
export interface PersonScope {
  person: string;
}

/** Runs `work` in a transaction that sees only the rows of its scope. After a deadlock it runs again. */
export const within = <T>(db: Db, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> =>
  transact(db.transaction(), scope, work);

/** Runs `work` as `within` does, and all that it reads is of one moment. */
export const ofOneMoment = <T>(db: Db, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> =>
  transact(db.transaction().setIsolationLevel('repeatable read'), scope, work);

async function transact<T>(
  transaction: ReturnType<Db['transaction']>,
  scope: Scope,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await transaction.execute(async (tx) => {
        const [name, value] =
          typeof scope === 'object'
            ? (['app.person', scope.person] as const)
            : (['app.office', String(scope)] as const);
        await setScope(name, value).execute(tx);
        return work(tx);
      });
    } catch (error) {
      if (tries < 4 && isRetryable(error)) continue;
      throw error;
    }
  }
}

/**
 * Makes the commit of a transaction that only reads wait for the synchronous standby, as the commit of one that writes does: what it has read is then on two
 * machines. Without a standby that confirms it costs one write of the log.
 */
export async function waitsForStandby(tx: Tx): Promise<void> {
  await sql`select pg_logical_emit_message(true, 'finestreta', '')`.execute(tx);
}

const errorCode = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;

/**
 * Returns whether the error is serialization_failure, deadlock_detected, or one of a table that changed meanwhile, as an upgrade does: feature_not_supported is that of
 * a plan that was kept (`PlanningClient`), internal_error that of a function that was reading the table's columns. Nothing was changed, and another try may
 * succeed.
 */
export const isRetryable = (error: unknown): boolean =>
  ['40001', '40P01', '0A000', 'XX000'].includes(String(errorCode(error)));

/** Returns whether the error is a violation of any unique constraint, or of the one with this name. */
export const isUniqueViolation = (error: unknown, constraint?: string): boolean =>
  errorCode(error) === '23505' &&
  (constraint === undefined || (error as { constraint?: unknown }).constraint === constraint);

/** Returns whether the database can't be reached or can't write now (full disk, shutting down): a temporary failure rather than a bug. */
export function isUnavailable(error: unknown): boolean {
  const code = String(errorCode(error) ?? '');
  return (
    // 57014: it took longer than STATEMENT_SECONDS.
    /^(08|53|57P0|57014|58)/.test(code) ||
    [
      'ECONNREFUSED',
      'ECONNRESET',
      'ENOENT',
      'EPIPE',
      'ETIMEDOUT',
      'EAI_AGAIN',
      'ENOTFOUND',
    ].includes(code) ||
    // read_only_sql_transaction: another server is the primary by now.
    code === '25006' ||
    (error instanceof Error &&
      /Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|not queryable|has been discarded|pool after calling end|driver has already been destroyed/.test(
        error.message,
      ))
  );
}
