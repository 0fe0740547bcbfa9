import pg from 'pg';
import { guardConnections, INSTALLATION, withSettings } from '../../../lib/db/database.ts';
import { DbClient } from '../../../lib/db/hosts/client.ts';
import { hashSecret } from '../../../lib/secrets.ts';
import type { Person } from './types.ts';
import type { Chosen, Sealed } from './views.ts';

/** Writes on a separate pool, which acts for the installation. */

export interface PoolOptions {
  connection: pg.ConnectionConfig;
  /** Makes the pool; by default one of its own. */
  newPool?(config: pg.PoolConfig): pg.Pool;
  onError?(message: string): void;
}

/** Accounts belong to no single office: their connections act for the installation and can access only their schema. */
export function authPool(options: PoolOptions): pg.Pool {
  const settings = {
    ...withSettings(options.connection, { 'app.office': INSTALLATION, search_path: 'auth' }),
    Client: DbClient,
    max: 4,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
  };
  const pool = options.newPool?.(settings) ?? new pg.Pool(settings);
  pool.on('error', (error) => options.onError?.(error.message));
  guardConnections(pool);
  return pool;
}

/** Runs `work` in a transaction. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

type SavedPerson =
  | { ok: true; staff: number }
  | { ok: false; reason: 'unknown_office' | 'unknown_desk'; what: string };

/** Writes the person and their roles; an existing person gets the new name and exactly these roles. */
export async function savePerson(client: pg.PoolClient, person: Person): Promise<SavedPerson> {
  const { rows } = await client.query<{ id: number }>(
    `insert into public.staff (email, name, operator) values ($1, $2, $3)
     on conflict (email) do update set name = excluded.name, operator = excluded.operator, retired_at = null,
       retired_here = false
     returning id`,
    [person.email, person.name, person.operator ?? false],
  );
  const staff = rows[0]?.id as number;
  await client.query('delete from public.staff_role where staff_id = $1', [staff]);
  await client.query('delete from public.staff_managed where staff_id = $1', [staff]);
  for (const given of person.roles) {
    const office = await client.query<{ id: number }>(
      'select id from public.office where code = $1',
      [given.office],
    );
    const officeId = office.rows[0]?.id;
    if (officeId === undefined) return { ok: false, reason: 'unknown_office', what: given.office };
    const desk = given.desk
      ? await client.query<{ id: number }>(
          'select id from public.desk where office_id = $1 and code = $2 and retired_at is null',
          [officeId, given.desk],
        )
      : null;
    if (desk?.rowCount === 0) return { ok: false, reason: 'unknown_desk', what: given.desk ?? '' };
    await client.query(
      `insert into public.staff_role (office_id, staff_id, role, desk_id) values ($1, $2, $3, $4)
       on conflict (staff_id, office_id, role) do update set desk_id = excluded.desk_id`,
      [officeId, staff, given.role, desk?.rows[0]?.id ?? null],
    );
  }
  return { ok: true, staff };
}

/** Opens an invitation; the person's earlier ones become invalid. */
export async function saveInvitation(
  client: pg.PoolClient,
  invitation: {
    id: string;
    staff: number;
    token: string;
    now: Temporal.Instant;
    expiresAt: Temporal.Instant;
  },
): Promise<void> {
  await client.query('delete from invitation where staff_id = $1 and used_at is null', [
    invitation.staff,
  ]);
  await client.query(
    'insert into invitation (id, token_hash, staff_id, created_at, expires_at) values ($1, $2, $3, $4, $5)',
    [
      invitation.id,
      hashSecret(invitation.token),
      invitation.staff,
      invitation.now.toString(),
      invitation.expiresAt.toString(),
    ],
  );
}

/** Makes an account that isn't valid yet (`enrol`), and replaces the person's former account. */
export async function replaceAccount(
  client: pg.PoolClient,
  account: {
    user: string;
    email: string;
    name: string;
    passwordHash: string;
    secret: string;
    staff: number;
  },
): Promise<void> {
  // Sessions, password and second factor of an earlier account are deleted with it.
  await client.query(
    'delete from "user" where email = $1 or id = (select user_id from public.staff where id = $2)',
    [account.email, account.staff],
  );
  await client.query('update public.staff set user_id = null where id = $1', [account.staff]);
  await client.query(
    `insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt", "twoFactorEnabled")
     values ($1, $2, $3, true, now(), now(), false)`,
    [account.user, account.name, account.email],
  );
  await client.query(
    `insert into account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
     values ($1, $1, 'credential', $1, $2, now(), now())`,
    [account.user, account.passwordHash],
  );
  await client.query(
    `insert into "twoFactor" (id, secret, "backupCodes", "userId", verified, "failedVerificationCount")
     values ($1, $2, '', $1, false, 0)`,
    [account.user, account.secret],
  );
}

/** Stores the first step of a set-up on its invitation, and replaces a former choice. */
export async function saveChoice(
  pool: pg.Pool,
  token: string,
  { passwordHash, secret }: Chosen,
): Promise<void> {
  await pool.query(
    'update invitation set password_hash = $2, secret = $3 where token_hash = $1 and used_at is null',
    [hashSecret(token), passwordHash, secret],
  );
}

/** Records the account of an invitation. */
export async function linkInvitation(
  client: pg.PoolClient,
  invitation: string,
  user: string,
): Promise<void> {
  await client.query('update invitation set user_id = $2 where id = $1', [invitation, user]);
}

/** Makes the account valid, with both factors. */
export async function enrol(
  client: pg.PoolClient,
  enrolled: { staff: number; user: string /** As they are kept. */; recoveryCodes: string },
): Promise<void> {
  await client.query(
    `update "twoFactor" set verified = true, "backupCodes" = $2, "failedVerificationCount" = 0, "lockedUntil" = null
     where "userId" = $1`,
    [enrolled.user, enrolled.recoveryCodes],
  );
  await client.query(
    'update "user" set "twoFactorEnabled" = true, "updatedAt" = now() where id = $1',
    [enrolled.user],
  );
  await client.query('update public.staff set user_id = $2 where id = $1', [
    enrolled.staff,
    enrolled.user,
  ]);
}

/** Deletes accounts with their sessions and both factors. The people stay in the state of an invited person. */
export async function removeAccounts(
  client: pg.PoolClient,
  users: readonly string[],
): Promise<void> {
  await client.query('update public.staff set user_id = null where user_id = any ($1)', [users]);
  await client.query('delete from "user" where id = any ($1)', [users]);
}

/**
 * Changes a person's sign-in address, unless it is the same; the old one is stored. Links that were sent to it
 * become invalid. Returns the former data; `linkDied`: a valid link, or one that a person without an account waited for.
 */
export async function moveAddress(
  client: pg.PoolClient,
  staff: number,
  email: string,
  now: Temporal.Instant,
): Promise<{ before: string; hasAccount: boolean; linkDied: boolean }> {
  const { rows } = await client.query<{ before: string; user: string | null }>(
    'select email as before, user_id as user from public.staff where id = $1 for update',
    [staff],
  );
  const [found] = rows;
  if (!found) throw new Error(`No staff ${staff}`);
  const { before, user } = found;
  const hasAccount = user !== null;
  if (before === email) return { before, hasAccount, linkDied: false };
  await client.query(
    `update public.staff set email = $2,
       former_emails = array_append(array_remove(array_remove(former_emails, $2), email), email) where id = $1`,
    [staff, email],
  );
  await client.query('update "user" set email = $2, "updatedAt" = now() where id = $1', [
    user,
    email,
  ]);
  const links = await client.query<{ open: boolean }>(
    'delete from invitation where staff_id = $1 and used_at is null returning expires_at > $2 as open',
    [staff, now.toString()],
  );
  return { before, hasAccount, linkDied: links.rows.some(({ open }) => open || !hasAccount) };
}

/** Uses the invitation and its choices. Returns false when another request was faster. */
export async function spendInvitation(
  client: pg.PoolClient,
  token: string,
  now: Temporal.Instant,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update invitation set used_at = $2, password_hash = null, secret = null
     where token_hash = $1 and used_at is null and expires_at > $2`,
    [hashSecret(token), now.toString()],
  );
  return rowCount === 1;
}

/** Records that this account has used this code. Returns false when it had. Codes that have expired are deleted. */
export async function spendCode(
  pool: pg.Pool | pg.PoolClient,
  user: string,
  code: string,
): Promise<boolean> {
  await pool.query(
    `delete from used_code where user_id = $1 and used_at < now() - interval '5 minutes'`,
    [user],
  );
  const { rowCount } = await pool.query(
    'insert into used_code (user_id, code_hash, used_at) values ($1, $2, now()) on conflict do nothing',
    [user, hashSecret(code)],
  );
  return rowCount === 1;
}

/** Deletes expired rows. */
export async function sweep(pool: pg.Pool, windowMinutes: number): Promise<void> {
  await pool.query('delete from session where "expiresAt" < now()');
  await pool.query('delete from sign_in_failure where since < now() - make_interval(mins => $1)', [
    windowMinutes,
  ]);
}

/** Records that a session is in use, at most once a minute. */
export async function touchSession(pool: pg.Pool, session: string): Promise<void> {
  await pool.query(
    `update session set "lastSeenAt" = now() where id = $1 and "lastSeenAt" < now() - interval '1 minute'`,
    [session],
  );
}

/** Marks the session with this token as having passed the second factor. @throws when there is none */
export async function admitSession(client: pg.PoolClient, token: string): Promise<void> {
  const { rowCount } = await client.query(
    'update session set "secondFactor" = true where token = $1',
    [token],
  );
  if (rowCount !== 1) throw new Error('A session was opened and is not there');
}

export async function endSession(pool: pg.Pool | pg.PoolClient, session: string): Promise<void> {
  await pool.query('delete from session where id = $1', [session]);
}

/** Ends the person's sessions and credentials; their name stays with their records. Returns the person; null: there is none. */
export async function retire(
  client: pg.PoolClient,
  email: string,
  now: Temporal.Instant,
): Promise<number | null> {
  const { rows } = await client.query<{ id: number; user_id: string | null }>(
    'update public.staff set retired_at = $2 where email = $1 and retired_at is null returning id, user_id',
    [email, now.toString()],
  );
  const person = rows[0];
  if (!person) return null;
  await client.query('delete from session where "userId" = $1', [person.user_id]);
  await client.query('delete from invitation where staff_id = $1 and used_at is null', [person.id]);
  return person.id;
}

/** Replaces a secret that is still as it was read. Returns false when another request was faster. */
export async function replaceSealed(
  pool: pg.Pool,
  { of, id, sealed }: Sealed,
  anew: string,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    of === 'account'
      ? 'update "twoFactor" set secret = $3 where id = $1 and secret = $2'
      : 'update invitation set secret = $3 where id = $1::uuid and secret = $2',
    [id, sealed, anew],
  );
  return rowCount === 1;
}
