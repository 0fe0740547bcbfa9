import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EmbeddedConnection, EmbeddedPlace } from './errors.ts';

/** The name of the database. */
export const DATABASE = 'finestreta';

/** The roles that may sign in to the embedded database. */
export const ROLES = {
  /** Owns the database and its tables; migrates, backs up and restores. */
  owner: 'finestreta',
  /** The role of the service: owns nothing and has only the rights in `grants.ts`. */
  runtime: 'finestreta_runtime',
  /** Made by initdb; for repairs, never for the service. */
  superuser: 'postgres',
} as const;

export type LoginName = keyof typeof ROLES;
export type Passwords = Record<LoginName, string>;
export type EmbeddedLogins = Record<LoginName, EmbeddedConnection>;

/** Returns the path of the file with the passwords, beside the installation's key. */
export const passwordFile = (dataDir: string): string => join(dataDir, 'keys', 'database.json');

/** Returns the passwords in the data folder; null: none, or incomplete. @throws when the file can't be read */
export function readPasswords(dataDir: string): Passwords | null {
  const file = passwordFile(dataDir);
  if (!existsSync(file)) return null;
  const { owner, runtime, superuser } = parsed(readFileSync(file, 'utf8'));
  return isPassword(owner) && isPassword(runtime) && isPassword(superuser)
    ? { owner, runtime, superuser }
    : null;
}

function parsed(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Returns whether a value is a password; nothing else may become part of a statement. */
const isPassword = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w-]{32,}$/.test(value);

/** Returns the passwords of the data folder, and makes them if there are none; the caller holds the folder's lock. */
export function openPasswords(dataDir: string): Passwords {
  const kept = readPasswords(dataDir);
  if (kept) return kept;
  const made = { owner: random(), runtime: random(), superuser: random() };
  const file = passwordFile(dataDir);
  mkdirSync(join(dataDir, 'keys'), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, `${JSON.stringify(made)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return made;
}

const random = (): string => randomBytes(32).toString('base64url');

/** Returns the login of each role at this place. */
export function loginsAt({ host, port }: EmbeddedPlace, passwords: Passwords): EmbeddedLogins {
  const login = (name: LoginName): EmbeddedConnection => ({
    host,
    port,
    user: ROLES[name],
    password: passwords[name],
    database: DATABASE,
  });
  return { owner: login('owner'), runtime: login('runtime'), superuser: login('superuser') };
}

/**
 * Returns the statements, one a line for single-user mode, that give the roles of an existing cluster their rights and passwords. They can
 * be repeated. No other role may connect to any database of the cluster.
 */
export function statementsFor(passwords: Passwords): string {
  const { owner, runtime, superuser } = ROLES;
  const nothing = 'NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION';
  return [
    `DO $$ BEGIN IF to_regrole('${runtime}') IS NULL THEN CREATE ROLE ${runtime}; END IF; END $$`,
    `ALTER ROLE ${owner} LOGIN ${nothing} PASSWORD '${passwords.owner}'`,
    `ALTER ROLE ${runtime} LOGIN ${nothing} PASSWORD '${passwords.runtime}'`,
    `ALTER ROLE ${superuser} PASSWORD '${passwords.superuser}'`,
    `REVOKE ALL ON DATABASE ${DATABASE}, postgres, template1 FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${DATABASE} TO ${runtime}`,
    '',
  ].join('\n');
}

/** Returns the mark of a cluster after these statements. */
export const markOf = (statements: string): string =>
  `${createHash('sha256').update(statements).digest('hex')}\n`;
