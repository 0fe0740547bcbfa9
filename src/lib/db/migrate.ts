import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CompiledQuery, Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration';
import pg from 'pg';
import { INSTALLATION } from './database.ts';
import { applyFunctions, dropFunctions, validateFunctions } from './functions.ts';
import { DbClient } from './hosts/client.ts';
import { holdFor } from './upgrade/holding.ts';
import { lastExcluded, NO_RELEASE } from './upgrade/kinds.ts';
import { PATIENCE, type Patience, patiently, StillServed } from './upgrade/patience.ts';
import {
  demandWorking,
  isNewer,
  MAKE_SCHEMA_RELEASE,
  readSchemaRelease,
  type SchemaRelease,
  versionBeside,
  WRITE_SCHEMA_RELEASE,
} from './upgrade/release.ts';
import { readServing } from './upgrade/serving.ts';
import { compareVersions } from './upgrade/versions.ts';

/** Returns the names of all migrations, in order. */
export const migrationNames = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
    .map((name) => name.replace('.sql', ''))
    .sort();

/** Plain SQL files in order, forward only; each gives its reason in its comments. */
class SqlFiles implements MigrationProvider {
  private readonly folder: string;
  private readonly lockMs: number;
  /** @param lockMs milliseconds for which a statement waits for a table */
  constructor(folder: string, lockMs: number) {
    this.folder = folder;
    this.lockMs = lockMs;
  }

  async getMigrations(): Promise<Record<string, Migration>> {
    return Object.fromEntries(
      migrationNames(this.folder).map((name) => [name, this.migration(name)]),
    );
  }

  private migration(name: string): Migration {
    const text = readFileSync(join(this.folder, `${name}.sql`), 'utf8');
    return {
      up: async (db) => {
        await sql`select set_config('app.office', ${INSTALLATION}, true)`.execute(db);
        // Here, as the migrator itself sets one of an hour.
        await sql.raw(`set local lock_timeout = ${this.lockMs}`).execute(db);
        await sql`savepoint migration`.execute(db);
        try {
          await sql.raw(text).execute(db);
        } catch (error) {
          // The migrator releases its lock with a statement, which would fail in an aborted transaction and hide this error.
          await sql`rollback to savepoint migration`.execute(db).catch(() => {});
          throw error;
        }
      },
    };
  }
}

/** The files that a migration ran. */
export interface Migrated {
  /** The names of the table files, in order. */
  tables: string[];
  /** The names of the functions that were made or replaced. */
  functions: string[];
  /** The release of the database, when it is newer than this program: nothing was changed, and this program works with it. */
  newer?: SchemaRelease;
}

/**
 * Migrates tables and functions, as their owner, in one transaction. Several processes may try at once. Functions come first, since
 * triggers and policies need them (docs/adr/0052). While others serve, it neither waits for a table nor holds one for long, all its steps
 * together, and tries again (docs/adr/0134). A database of a newer program stays as it is.
 * @throws PlainError when a newer program's database doesn't work with this one, or the migration can't be made while others serve
 */
export async function migrate(
  connection: pg.ConnectionConfig,
  folder: string,
  patience: Patience = PATIENCE,
): Promise<Migrated> {
  const pool = new pg.Pool({ ...connection, Client: DbClient, max: 2 });
  // A pool that has ended may still get an error when the server stops; it must not end the process.
  pool.on('error', () => {});
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const once = () => db.transaction().execute((tx) => migrateOnce(db, tx, folder, patience));
    return await patiently(once, patience);
  } finally {
    await db.destroy();
  }
}

async function migrateOnce(
  db: Kysely<unknown>,
  tx: Transaction<unknown>,
  folder: string,
  patience: Patience,
): Promise<Migrated> {
  await sql`select pg_advisory_xact_lock(hashtext('finestreta.migrate'))`.execute(tx);
  const query = (text: string) => sql.raw(text).execute(tx);
  const version = versionBeside(folder);
  const release = await readSchemaRelease({ query });
  demandWorking(release, version);
  if (isNewer(release, version)) return { tables: [], functions: [], newer: release };

  const isServed = await demandNobodyLeft(tx, folder, version, patience);
  const work = () => bringUpToDate(tx, folder, version, patience);
  await limitLocks(tx, patience, isServed);
  return isServed ? holdFor(patience.holdMs, work, await cancellerOf(db, tx)) : work();
}

/** Returns what cancels the statement that this transaction runs, from another connection. */
async function cancellerOf(
  db: Kysely<unknown>,
  tx: Transaction<unknown>,
): Promise<() => Promise<unknown>> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
  return () => sql`select pg_cancel_backend(${rows[0]?.pid})`.execute(db);
}

/** Runs functions and tables files, and writes down that this version did. */
async function bringUpToDate(
  tx: Transaction<unknown>,
  folder: string,
  version: string,
  patience: Patience,
): Promise<Migrated> {
  const { applied, obsolete } = await applyFunctions(tx, folder);
  const { error, results } = await migratorOf(tx, folder, patience.lockMs).migrateToLatest();
  if (error) throw error;
  await dropFunctions(tx, obsolete);
  await validateFunctions(tx, applied);
  await sql.raw(MAKE_SCHEMA_RELEASE).execute(tx);
  await tx.executeQuery(
    CompiledQuery.raw(WRITE_SCHEMA_RELEASE, [
      version,
      lastExcluded(folder, migrationNames(folder)),
    ]),
  );
  const done = (results ?? []).filter((each) => each.status === 'Success');
  return { tables: done.map((each) => each.migrationName), functions: applied };
}

/**
 * Returns whether others serve the database, and it has tables files to run.
 * @throws StillServed when one of them is of a version that wouldn't work with the result
 */
async function demandNobodyLeft(
  tx: Transaction<unknown>,
  folder: string,
  version: string,
  patience: Patience,
): Promise<boolean> {
  const query = (text: string) => sql.raw(text).execute(tx);
  const { rows } = await query(
    `select to_regclass('public.kysely_migration') is not null as found`,
  );
  if (!(rows[0] as { found: boolean }).found) return false;
  const ran = await query('select name from public.kysely_migration');
  const before = new Set((ran.rows as { name: string }[]).map(({ name }) => name));
  const pending = migrationNames(folder).filter((name) => !before.has(name));
  if (pending.length === 0) return false;
  const excluded = lastExcluded(folder, pending);
  const look = async () => {
    const serving = await readServing(query);
    const left = serving.filter((each) => compareVersions(each, excluded) <= 0);
    if (excluded !== NO_RELEASE && left.length > 0) throw new StillServed(left, version);
    return serving.length > 0;
  };
  const isServed = await look();
  if (excluded === NO_RELEASE) return isServed;
  // One that has lost the connection by which it is seen comes again within about a second.
  await (patience.pause ?? pause)(patience.lookMs);
  return look();
}

/** Limits how long statements wait for tables, and, while others serve, how long each takes. */
async function limitLocks(
  tx: Transaction<unknown>,
  { lockMs, holdMs }: Patience,
  isServed: boolean,
): Promise<void> {
  await sql.raw(`set local lock_timeout = ${lockMs}`).execute(tx);
  if (isServed) await sql.raw(`set local statement_timeout = ${holdMs}`).execute(tx);
}

/**
 * Makes the tables of the state after the migration `last`, in an empty database, within the caller's transaction. Functions are those of
 * this version: they may name columns that later migrations add.
 */
export async function migrateWithin(
  tx: Transaction<unknown>,
  folder: string,
  last: string,
): Promise<void> {
  await applyFunctions(tx, folder);
  await sql.raw(MAKE_SCHEMA_RELEASE).execute(tx);
  const { error } = await migratorOf(tx, folder).migrateTo(last);
  if (error) throw error;
}

const migratorOf = (tx: Transaction<unknown>, folder: string, lockMs = 10_000) =>
  new Migrator({ db: tx, provider: new SqlFiles(folder, lockMs) });
