import type pg from 'pg';
import { hashSecret } from '../../../../lib/secrets.ts';
import type { PasskeySeen } from './types.ts';

/** Reads of accounts, on the pool of ../store.ts. */

const instant = (date: Date): Temporal.Instant =>
  Temporal.Instant.fromEpochMilliseconds(date.getTime());

interface PasskeyRow {
  id: string;
  name: string;
  created_at: Date;
  last_used_at: Date | null;
  backed_up: boolean;
}

/** Returns a person's passkeys, the oldest first. */
export async function readPasskeys(pool: pg.Pool, user: string): Promise<PasskeySeen[]> {
  const { rows } = await pool.query<PasskeyRow>(
    'select id, name, created_at, last_used_at, backed_up from passkey where user_id = $1 order by created_at, id',
    [user],
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    createdAt: instant(row.created_at),
    lastUsedAt: row.last_used_at && instant(row.last_used_at),
    isBackedUp: row.backed_up,
  }));
}

/** The data for verifying a passkey. */
export interface PasskeyKept {
  id: string;
  credential: string;
  user: string;
  publicKey: Buffer;
  counter: number;
  transports: string[];
}

const KEPT = `select id, credential_id as credential, user_id as user, public_key as "publicKey",
  counter::float8 as counter, transports from passkey`;

export async function readCredential(
  pool: pg.Pool,
  credential: string,
): Promise<PasskeyKept | null> {
  const { rows } = await pool.query<PasskeyKept>(`${KEPT} where credential_id = $1`, [credential]);
  return rows[0] ?? null;
}

export async function readCredentialsOf(pool: pg.Pool, user: string): Promise<PasskeyKept[]> {
  const { rows } = await pool.query<PasskeyKept>(`${KEPT} where user_id = $1`, [user]);
  return rows;
}

/** Returns whether the browser with this secret is known for any person, or for this person. */
export async function isKnownBrowser(
  pool: pg.Pool,
  secret: string,
  whose?: { user: string } | { email: string },
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select from known_browser k join "user" u on u.id = k.user_id
     where k.browser_hash = $1 and k.expires_at > now()
       and ($2::text is null or u.id = $2) and ($3::text is null or u.email = $3)`,
    [
      hashSecret(secret),
      whose && 'user' in whose ? whose.user : null,
      whose && 'email' in whose ? whose.email : null,
    ],
  );
  return (rowCount ?? 0) > 0;
}

interface SessionRow {
  id: string;
  userAgent: string;
  ipAddress: string;
  createdAt: Date;
  lastSeenAt: Date;
}

/** Returns a person's sessions that haven't expired, the most recently used first. The caller checks whether one is idle. */
export async function readSessions(pool: pg.Pool, user: string) {
  const { rows } = await pool.query<SessionRow>(
    `select id, coalesce("userAgent", '') as "userAgent", coalesce("ipAddress", '') as "ipAddress",
       "createdAt", coalesce("lastSeenAt", "createdAt") as "lastSeenAt"
     from session where "userId" = $1 and "secondFactor" and "expiresAt" > now()
     order by "lastSeenAt" desc, id`,
    [user],
  );
  return rows.map((row) => ({
    ...row,
    createdAt: instant(row.createdAt),
    lastSeenAt: instant(row.lastSeenAt),
  }));
}

/** Returns an account's recovery codes in stored form; null: it has no confirmed second factor. */
export async function readRecoveryCodes(pool: pg.Pool, user: string): Promise<string | null> {
  const { rows } = await pool.query<{ kept: string }>(
    'select "backupCodes" as kept from "twoFactor" where "userId" = $1 and verified',
    [user],
  );
  return rows[0]?.kept ?? null;
}

/** Returns the accounts whose recovery codes are encrypted by an earlier version; a list of hashes begins with a bracket. */
export async function readEncryptedCodes(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ user: string }>(
    `select "userId" as user from "twoFactor"
     where verified and "backupCodes" <> '' and "backupCodes" not like '[%' order by "userId"`,
  );
  return rows.map(({ user }) => user);
}

/** Returns an account's credentials, each in stored form, null when there is none. */
export interface Factors {
  email: string;
  name: string;
  passwordHash: string | null;
  /** The authenticator's secret, encrypted. */
  secret: string | null;
}

export async function readFactors(pool: pg.Pool, user: string): Promise<Factors | null> {
  const { rows } = await pool.query<Factors>(
    `select u.email, u.name, a.password as "passwordHash", f.secret
     from "user" u
     left join account a on a."userId" = u.id and a."providerId" = 'credential'
     left join "twoFactor" f on f."userId" = u.id and f.verified
     where u.id = $1`,
    [user],
  );
  return rows[0] ?? null;
}
