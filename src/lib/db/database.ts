import type { Socket } from 'node:net';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { confined, type LoginFacts, readLogin } from './logins.ts';
import type { Schema } from './schema.ts';

export type Db = Kysely<Schema>;
/** A transaction that acts for one office, or for the installation. */
export type Tx = Transaction<Schema>;

export interface Database {
  kysely: Db;
  /** For the hot paths, which are one prepared statement. */
  pool: pg.Pool;
  /** How to connect once more, with the same rights. */
  connection: pg.ConnectionConfig;
  /** Who the connections sign in as. */
  login: LoginFacts;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  connection: pg.ConnectionConfig;
  pool: number;
  /** Told of connections that broke while nobody was using them. */
  onIdleError(error: Error): void;
}

const { builtins } = pg.types;

/** How PostgreSQL's values become ours: instants as Temporal, wall-clock dates and times as the strings they are. */
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

/** Opens a pool that is bound by row-level security, whoever the login is (see `confined`). */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const login = await readLogin(options.connection);
  const connection = confined(options.connection, login);
  const pool = new pg.Pool({
    ...withSettings(connection),
    max: options.pool,
    types,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
  });
  pool.on('error', options.onIdleError);
  guardConnections(pool);
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  const close = async () => {
    await kysely.destroy();
    // Kysely ends the pool only where it has used it itself.
    if (!pool.ending) await pool.end();
  };
  return { kysely, pool, connection, login, close };
}

/** The longest that the server may work at one statement. */
const STATEMENT_SECONDS = 10;
/** Beyond that it isn't slow but away: stopped, frozen, or behind a network that lost it. */
const SILENCE_SECONDS = STATEMENT_SECONDS + 2;

/**
 * Keeps a database that goes away from taking us with it.
 *
 * The pool listens to connections that nobody uses only. One that breaks in the middle of a transaction fails what waits on
 * it, but tells of it in an event besides, and an "error" event that nobody hears ends the process.
 *
 * A connection that was asked something and hears nothing is cut: what waits on it fails, and is answered "not now", rather
 * than wait for as long as the server is silent.
 */
export function guardConnections(pool: pg.Pool): void {
  pool.on('connect', (client) => {
    client.on('error', () => {});
    const { connection } = client as Wired;
    connection.stream.setTimeout(SILENCE_SECONDS * 1000, () => {
      if ((client as Wired).readyForQuery) return;
      const words = `Connection terminated: nothing was heard for ${SILENCE_SECONDS} s`;
      connection.stream.destroy(new Error(words));
    });
  });
}

/** What pg's client has beside its types: its socket, and whether nothing is being asked. */
type Wired = pg.PoolClient & { connection: { stream: Socket }; readyForQuery: boolean };

/**
 * Returns the connection with settings for each session, as the start-up packet's "options" wants them, after those that it
 * has. Statement limit: a page never waits longer.
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
    ...extra,
  };
  const words = Object.entries(settings).map(
    ([name, value]) => `-c ${name}=${value.replaceAll(/([\\ ])/g, '\\$1')}`,
  );
  return { ...connection, options: [connection.options, ...words].filter(Boolean).join(' ') };
}

/** The whole installation rather than one office: sign-in, the worker, the town file. */
export const INSTALLATION = '*';
export type Scope = number | typeof INSTALLATION;

/** Runs `work` in a transaction that sees one office's rows only. A deadlock's loser is run again. */
export async function within<T>(db: Db, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction().execute(async (tx) => {
        await sql`select set_config('app.office', ${String(scope)}, true)`.execute(tx);
        return work(tx);
      });
    } catch (error) {
      if (tries < 4 && isRetryable(error)) continue;
      throw error;
    }
  }
}

const errorCode = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;

/** serialization_failure and deadlock_detected: nothing was done, and again may go through. */
export const isRetryable = (error: unknown): boolean =>
  ['40001', '40P01'].includes(String(errorCode(error)));

/** Of any constraint, or of the one with this name. */
export const isUniqueViolation = (error: unknown, constraint?: string): boolean =>
  errorCode(error) === '23505' &&
  (constraint === undefined || (error as { constraint?: unknown }).constraint === constraint);

/** The database can't be reached or can't write now (full disk, shutting down): "not now", rather than a bug. */
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
    (error instanceof Error &&
      /Connection terminated|timeout exceeded when trying to connect|timeout expired|not queryable|has been discarded/.test(
        error.message,
      ))
  );
}
