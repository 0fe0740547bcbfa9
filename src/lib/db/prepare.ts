import type pg from 'pg';
import { PlainError } from '../plain-error.ts';
import { pendingFiles, readApplied, readDeclared } from './applied.ts';
import { grantTo } from './grants.ts';
import { CONFINED, readLogin, withClient } from './logins.ts';
import { type Migrated, migrate } from './migrate.ts';
import type { Patience } from './upgrade/patience.ts';
import { demandWorking, versionBeside } from './upgrade/release.ts';

/** Migrates the schema as its owner, and gives the runtime login its rights, unless a newer program did. Returns the files that ran. */
export async function prepareSchema(
  owner: pg.ConnectionConfig,
  runtime: pg.ConnectionConfig,
  folder: string,
  patience?: Patience,
): Promise<Migrated> {
  const migrated = await migrate(owner, folder, patience);
  if (migrated.newer) return migrated;
  const runtimeName = runtime.user ?? (await readLogin(runtime)).name;
  await withClient(owner, async (client) => {
    const { rows } = await client.query<{ name: string }>('select session_user as name');
    const role = rows[0]?.name === runtimeName ? await makeConfined(client) : runtimeName;
    if (role) await grantTo(client, role);
  });
  return migrated;
}

/** Makes the role that a single login acts as. Returns its name; null: the login may not create one, and has none. */
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

/** Checks that the pool's login finds the schema that this Finestreta needs. @throws PlainError */
export async function demandMigrated(pool: pg.Pool, folder: string): Promise<void> {
  const applied = await readApplied(pool);
  demandWorking(applied?.release, versionBeside(folder));
  const [first, ...others] = pendingFiles(readDeclared(folder), applied);
  if (first === undefined) return;
  const what = others.length > 0 ? `${first} and ${others.length} more files` : first;
  throw new PlainError(
    `DATABASE_URL: its login may not change the tables, and finds the database without ${what} of this version's migrations. ` +
      'Run "finestreta migrate" with the owner of the same database in DATABASE_OWNER_URL, or set that for the server too.',
  );
}
