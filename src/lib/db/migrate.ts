import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration';
import pg from 'pg';
import { INSTALLATION } from './database.ts';
import { applyFunctions, dropFunctions, validateFunctions } from './functions.ts';

/** Returns the names of all migrations, in order. */
export const migrationNames = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
    .map((name) => name.replace('.sql', ''))
    .sort();

/** Plain SQL files in order, forward only; each gives its reason in its comments. */
class SqlFiles implements MigrationProvider {
  private readonly folder: string;
  constructor(folder: string) {
    this.folder = folder;
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
}

/**
 * Migrates tables and functions, as their owner, in one transaction. Several processes may try at once. Functions come first, since
 * triggers and policies need them (docs/adr/0052).
 */
export async function migrate(connection: pg.ConnectionConfig, folder: string): Promise<Migrated> {
  const pool = new pg.Pool({ ...connection, max: 2 });
  // A pool that has ended may still get an error when the server stops; it must not end the process.
  pool.on('error', () => {});
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    return await db.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(hashtext('finestreta.migrate'))`.execute(tx);
      const { applied, obsolete } = await applyFunctions(tx, folder);
      const { error, results } = await migratorOf(tx, folder).migrateToLatest();
      if (error) throw error;
      await dropFunctions(tx, obsolete);
      await validateFunctions(tx, applied);
      const done = (results ?? []).filter((each) => each.status === 'Success');
      return { tables: done.map((each) => each.migrationName), functions: applied };
    });
  } finally {
    await db.destroy();
  }
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
  const { error } = await migratorOf(tx, folder).migrateTo(last);
  if (error) throw error;
}

const migratorOf = (tx: Transaction<unknown>, folder: string) =>
  new Migrator({ db: tx, provider: new SqlFiles(folder) });
