import type pg from 'pg';
import { PlainError } from '../plain-error.ts';
import { DbClient } from './hosts/client.ts';

/** The logins of one database. */
export interface Logins {
  /** Owns the tables: migrates, backs up, restores. Null: only the runtime login is configured. */
  owner: pg.ConnectionConfig | null;
  /** The login of the service. The same as the owner when there is only one. */
  runtime: pg.ConnectionConfig;
}

/** The properties and rights of a login. */
export interface LoginFacts {
  name: string;
  /** The name of the database by which the server knows it; a pooler in between may have another. */
  database: string;
  /** A superuser or BYPASSRLS: row-level security doesn't bind it. */
  bypassesRowLevelSecurity: boolean;
  /** Whether it may create roles. */
  makesRoles: boolean;
  /** Whether it owns the tables, or may act as their owner. */
  ownsTables: boolean;
  /** Whether it may create tables. */
  makesTables: boolean;
  /** The role without rights of its own that it acts as; null: as itself. */
  actsAs: string | null;
}

/** Returns whether an attacker with this login could change the tables, their triggers or their history. */
export const couldAlter = ({
  bypassesRowLevelSecurity,
  makesRoles,
  ownsTables,
  makesTables,
}: LoginFacts) => bypassesRowLevelSecurity || makesRoles || ownsTables || makesTables;

/**
 * SQL for the name of the role that a single login acts as. Each database has its own, so that one town's login has no rights in another's
 * database.
 */
export const CONFINED = `'finestreta_confined_' || (select oid from pg_database where datname = current_database())`;

const FACTS = `
  select r.rolname as name, current_database() as database, r.rolsuper or r.rolbypassrls as "bypassesRowLevelSecurity",
    r.rolsuper or r.rolcreaterole as "makesRoles",
    exists (select from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
      and pg_has_role(c.relowner, 'usage')) as "ownsTables",
    has_schema_privilege('public', 'create') or has_database_privilege(current_database(), 'create') as "makesTables",
    (select c.rolname from pg_roles c where c.rolname = ${CONFINED} and pg_has_role(c.oid, 'member')) as "actsAs"
  from pg_roles r where r.rolname = session_user`;

/** Returns the properties and rights of the login of a connection. */
export async function readFacts(client: pg.ClientBase): Promise<LoginFacts> {
  const { rows } = await client.query<LoginFacts>(FACTS);
  const facts = rows[0] as LoginFacts;
  return couldAlter(facts) ? facts : { ...facts, actsAs: null };
}

export const readLogin = (connection: pg.ConnectionConfig): Promise<LoginFacts> =>
  withClient(brief(connection), readFacts);

/**
 * Returns the service's connection with this login. A login that could alter the tables acts as the confined role, if there is one. That
 * prevents mistakes, but not an attacker who can send SET ROLE NONE: only a separate login does. @throws PlainError when row-level security
 * wouldn't bind it
 */
export function confined(
  connection: pg.ConnectionConfig,
  { actsAs, bypassesRowLevelSecurity, name }: LoginFacts,
): pg.ConnectionConfig {
  if (!actsAs && bypassesRowLevelSecurity)
    throw new PlainError(
      `The database login ${name} is exempt from the row-level security between offices, and there is no role that it could act as. ` +
        'Run "finestreta migrate", or use a login that is no superuser.',
    );
  if (!actsAs) return connection;
  const options = [connection.options, `-c role=${actsAs}`].filter(Boolean).join(' ');
  return { ...connection, options };
}

/** Milliseconds for which a look at a database waits for an answer. */
const ANSWER_MS = 30_000;

/** Returns the connection for short questions: one without an answer in half a minute fails. */
export const brief = (connection: pg.ConnectionConfig): pg.ConnectionConfig => ({
  ...connection,
  query_timeout: ANSWER_MS,
});

/** Runs `work` on a separate connection, for as long as it takes (see `brief`). */
export async function withClient<T>(
  connection: pg.ConnectionConfig,
  work: (client: DbClient) => Promise<T>,
): Promise<T> {
  const client = new DbClient({ ...connection, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
