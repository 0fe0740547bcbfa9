import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration';
import pg from 'pg';
import { INSTALLATION } from './database.ts';

/** The names of the migrations that there are, in order. */
export const migrationNames = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
    .map((name) => name.replace('.sql', ''))
    .sort();

/** Plain SQL files in order, forward only; each says why in its comments. */
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
        await sql.raw(text).execute(db);
      },
    };
  }
}

/** Brings the schema up to date, as its owner; several processes may try at once. Answers the names of what it ran. */
export async function migrate(connection: pg.ConnectionConfig, folder: string): Promise<string[]> {
  const pool = new pg.Pool({ ...connection, max: 2 });
  // A pool that has ended may still hear that the server stops: no reason for the process to die.
  pool.on('error', () => {});
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const { error, results } = await new Migrator({
      db,
      provider: new SqlFiles(folder),
    }).migrateToLatest();
    if (error) throw error;
    return (results ?? [])
      .filter((each) => each.status === 'Success')
      .map((each) => each.migrationName);
  } finally {
    await db.destroy();
  }
}

/** Makes the schema as it was after the migration `last`, within a transaction of the caller's. */
export async function migrateWithin(
  tx: Transaction<unknown>,
  folder: string,
  last: string,
): Promise<void> {
  const migrator = new Migrator({ db: tx, provider: new SqlFiles(folder) });
  const { error } = await migrator.migrateTo(last);
  if (error) throw error;
}
