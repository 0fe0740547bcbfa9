import { sql } from 'kysely';
import type pg from 'pg';
import {
  type Applied,
  MIGRATOR_TABLES,
  pendingFiles,
  readApplied,
  readDeclared,
} from '../../lib/db/applied.ts';
import { adviceOn } from '../../lib/db/connect.ts';
import { type Database, INSTALLATION, openDatabase, within } from '../../lib/db/database.ts';
import {
  type Replication,
  readReplication,
  readStandings,
  type Standing,
} from '../../lib/db/hosts/replication.ts';
import { couldAlter, type LoginFacts, withClient } from '../../lib/db/logins.ts';
import { isNewer, refusalOf, worksWith } from '../../lib/db/upgrade/release.ts';
import { PlainError } from '../../lib/plain-error.ts';
import { type Finding, right, warning, wrong } from './report.ts';
import { aboutReplication } from './standing/replication.ts';

/** The server's facts about itself, independent of our tables. */
export interface ServerFacts {
  version: number;
  now: Temporal.Instant;
  extension: 'installed' | 'available' | 'missing';
  /** The files that made the database; null: none yet. */
  applied: Applied | null;
  /** Which servers follow it. */
  replication: Replication;
  /** Each server of the address; null: it has one. */
  standings: Standing[] | null;
}

export const readServer = (connection: pg.ConnectionConfig): Promise<ServerFacts> =>
  withClient(connection, async (client) => {
    const { rows } = await client.query(`
      select current_setting('server_version_num')::int as version,
        to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as now,
        case when exists (select from pg_extension where extname = 'btree_gist') then 'installed'
          when exists (select from pg_available_extensions where name = 'btree_gist') then 'available'
          else 'missing' end as extension`);
    const { version, now, extension } = rows[0];
    return {
      version,
      now: Temporal.Instant.from(now),
      extension,
      applied: await readApplied(client),
      replication: await readReplication(client),
      standings: await readStandings(connection, client),
    };
  });

/** Checks the server, its extension and the files of its schema. */
export function aboutServer(facts: ServerFacts, folder: string, place: string): Finding[] {
  const { version, extension, applied, replication, standings } = facts;
  const number = `${Math.floor(version / 10_000)}.${version % 10_000}`;
  return [
    version >= 150_000
      ? right(`The database is PostgreSQL ${number} (${place}).`)
      : wrong(
          `The database is PostgreSQL ${number} (${place}); 15 or newer is needed.`,
          'Upgrade it.',
        ),
    ...(extension === 'missing'
      ? [
          wrong(
            'The server lacks the extension btree_gist.',
            "Install PostgreSQL's contributed modules (Debian: postgresql-contrib).",
          ),
        ]
      : []),
    ...aboutReplication(replication, standings),
    aboutSchema(applied, readDeclared(folder)),
  ];
}

/** Checks that tables and functions are those that this Finestreta declares. Pure. */
export function aboutSchema(applied: Applied | null, declared: Applied): Finding {
  const { release } = applied ?? {};
  const version = declared.release?.version;
  if (version !== undefined && isNewer(release, version)) {
    return worksWith(release, version)
      ? warning(
          `The database is of Finestreta ${release.version}, which is newer; this ${version} works with it.`,
          `That is right for the time of an upgrade, or after going back. Then run ${release.version} again: docs/upgrading.md.`,
        )
      : wrong(refusalOf(release, version));
  }
  const newer = (applied?.tables ?? []).filter((each) => !declared.tables.includes(each));
  if (newer.length > 0) {
    return wrong(
      `The database is of a newer Finestreta (${newer.join(', ')}).`,
      'Run the newer one, or restore the backup from before the upgrade: docs/upgrading.md.',
    );
  }
  if (!applied) return warning('The database is empty; the first start makes its tables.');
  const pending = pendingFiles(declared, applied);
  if (pending.length === 0) return right('Its tables and functions are up to date.');
  return warning(
    `Its tables or functions are not those of this Finestreta (${pending.join(', ')}).`,
    'finestreta backup FILE, then start the server, or: finestreta migrate.',
  );
}

/** Checks that row-level security keeps offices apart for the service's role. */
export async function aboutRowLevelSecurity({ pool, kysely }: Database): Promise<Finding> {
  const { rows: open } = await pool.query<{ name: string }>(
    `
    select c.oid::regclass::text as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname in ('public', 'auth') and c.relname <> all ($1)
      and not (c.relrowsecurity and c.relforcerowsecurity
        and exists (select from pg_policy p where p.polrelid = c.oid))
    order by 1`,
    [MIGRATOR_TABLES],
  );
  const { rows: roles } = await pool.query<{ name: string; sees: boolean }>(
    'select rolname as name, rolsuper or rolbypassrls as sees from pg_roles where rolname = current_user',
  );
  const seen = await pool.query('select from office');
  const there = await within(kysely, INSTALLATION, (tx) =>
    sql<{ count: number }>`select count(*)::int as count from office`.execute(tx),
  );
  const role = roles[0];
  const offices = there.rows[0]?.count ?? 0;
  if (open.length > 0) {
    return wrong(
      `These tables have no row-level security: ${open.map(({ name }) => name).join(', ')}.`,
      'Somebody changed the tables by hand: restore a backup.',
    );
  }
  if (!role || role.sees || (seen.rowCount ?? 0) > 0) {
    return wrong(
      `The service acts as ${role?.name}, which sees the rows of all offices.`,
      'Use a user that is no superuser in DATABASE_URL.',
    );
  }
  return right(
    offices > 0
      ? `Row-level security keeps offices apart: as ${role.name}, nothing is seen without saying for which office.`
      : `Row-level security keeps offices apart for ${role.name}.`,
  );
}

/** Checks that the service can work through the pooler in front of the server, where there is one. */
export async function aboutPooler(
  pooler: string | null,
  connection: pg.ConnectionConfig,
): Promise<Finding[]> {
  if (!pooler) return [];
  try {
    const database = await openDatabase({ connection, pooler, pool: 2, onIdleError: () => {} });
    await database.close();
    return [right('Through the pooler, sessions and prepared statements are as they must be.')];
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    return [wrong(error.message)];
  }
}

/** Reports whether the service's login could change the tables and their history. Pure. */
export function aboutLogin(login: LoginFacts): Finding {
  if (couldAlter(login)) {
    return warning(
      adviceOn(login),
      'docs/operating.md, Database, has the statements that make both.',
    );
  }
  return right(`The service signs in as ${login.name}, which owns nothing in the database.`);
}
