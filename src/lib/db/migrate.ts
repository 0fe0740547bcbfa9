import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration';
import pg from 'pg';
import { CONFINED_ROLE, INSTALLATION } from './database.ts';

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
        await sql`select set_config('app.body', ${INSTALLATION}, true)`.execute(db);
        await sql.raw(text).execute(db);
      },
    };
  }
}

/** Brings the schema up to date; several processes may try at once. Answers the names of what it ran. */
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
    await grantToConfinedRole(pool);
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

/** Where the login sees through row-level security, the service acts as a role that doesn't. */
async function grantToConfinedRole(pool: pg.Pool): Promise<void> {
  await pool.query(`
    do $$
    begin
      if not (select rolsuper or rolbypassrls from pg_roles where rolname = current_user) then return; end if;
      begin
        create role ${CONFINED_ROLE} nologin;
      exception when duplicate_object or unique_violation then null;
      end;
      execute 'grant ${CONFINED_ROLE} to ' || quote_ident(current_user);
      for i in 1..2 loop
        exit when i = 2 and to_regnamespace('auth') is null;
        declare place text := case i when 1 then 'public' else 'auth' end;
        begin
          execute format('grant usage on schema %I to ${CONFINED_ROLE}', place);
          execute format('grant select, insert, update, delete on all tables in schema %I to ${CONFINED_ROLE}', place);
          execute format('grant usage, select on all sequences in schema %I to ${CONFINED_ROLE}', place);
        end;
      end loop;
    end $$`);
}
