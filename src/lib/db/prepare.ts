import type pg from 'pg';
import { PlainError } from '../plain-error.ts';
import { grantTo } from './grants.ts';
import { CONFINED, readLogin, withClient } from './logins.ts';
import { migrate, migrationNames } from './migrate.ts';

/**
 * Brings the schema up to date as its owner, and gives the runtime login its rights. Answers the names of the migrations that
 * it ran.
 */
export async function prepareSchema(
  owner: pg.ConnectionConfig,
  runtime: pg.ConnectionConfig,
  folder: string,
): Promise<string[]> {
  const names = await migrate(owner, folder);
  const runtimeName = runtime.user ?? (await readLogin(runtime)).name;
  await withClient(owner, async (client) => {
    const { rows } = await client.query<{ name: string }>('select session_user as name');
    const role = rows[0]?.name === runtimeName ? await makeConfined(client) : runtimeName;
    if (role) await grantTo(client, role);
  });
  return names;
}

/** Makes the role that a login acts as which is the only one. Answers its name; null: the login may make none, and has none. */
async function makeConfined(client: pg.ClientBase): Promise<string | null> {
  const { rows } = await client.query<{ name: string; isMember: boolean; canMake: boolean }>(
    `select name, coalesce(pg_has_role(to_regrole(name)::oid, 'member'), false) as "isMember",
       (select rolsuper or rolcreaterole from pg_roles where rolname = session_user) as "canMake"
     from (select ${CONFINED} as name) confined`,
  );
  const { name, isMember, canMake } = rows[0]!;
  if (isMember) return name;
  if (!canMake) return null;
  await client.query(`
    do $$
    begin
      begin create role ${name} nologin;
      exception when duplicate_object or unique_violation then null;
      end;
      grant ${name} to session_user;
    end $$`);
  return name;
}

/** Makes sure that the login of the pool finds the schema as this Finestreta needs it. @throws PlainError */
export async function demandMigrated(pool: pg.Pool, folder: string): Promise<void> {
  const done = await readMigrated(pool);
  const pending = migrationNames(folder).filter((each) => !done.includes(each));
  if (pending.length === 0) return;
  const [first, ...others] = pending;
  const what = others.length > 0 ? `${first} and ${others.length} more migrations` : first;
  throw new PlainError(
    `DATABASE_URL: its login may not change the tables, and finds the database without ${what}. ` +
      'Run "finestreta migrate" with the owner of the same database in DATABASE_OWNER_URL, or set that for the server too.',
  );
}

/** The migrations that the login sees; none: another database, or one without tables. */
async function readMigrated(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ isThere: boolean }>(
    `select coalesce(has_table_privilege(to_regclass('public.kysely_migration'), 'select'), false) as "isThere"`,
  );
  if (!rows[0]?.isThere) return [];
  const done = await pool.query<{ name: string }>('select name from public.kysely_migration');
  return done.rows.map(({ name }) => name);
}
