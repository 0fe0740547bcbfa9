import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { hashSecret } from '../../../../lib/secrets.ts';
import { type Counter, WINDOW_MINUTES } from '../lockout.ts';
import type { NewPasskey } from './types.ts';

type Client = pg.Pool | pg.PoolClient;

/** Writes of a person's changes to their own sign-in, on the pool of ../store.ts. */

/** Counts a try; a new window begins when the last one is over. Returns its number and the seconds left in the window. */
export async function countTry(
  pool: pg.Pool | pg.PoolClient,
  counter: Counter,
): Promise<{ number: number; secondsLeft: number }> {
  const { rows } = await pool.query<{ number: number; left: number }>(
    `insert into sign_in_failure as f (email_hash, count, since) values ($1, 1, now())
     on conflict (email_hash) do update set
       count = case when f.since > now() - make_interval(mins => $2) then f.count + 1 else 1 end,
       since = case when f.since > now() - make_interval(mins => $2) then f.since else now() end
     returning count as number, ceil(extract(epoch from since + make_interval(mins => $2) - now()))::int as left`,
    [hashSecret(counter.name), WINDOW_MINUTES],
  );
  return { number: rows[0]?.number ?? 0, secondsLeft: rows[0]?.left ?? 0 };
}

export async function forgetTries(pool: pg.Pool, counters: readonly Counter[]): Promise<void> {
  await pool.query('delete from sign_in_failure where email_hash = any ($1)', [
    counters.map((each) => hashSecret(each.name)),
  ]);
}

/** Deletes expired rows. */
export async function sweepAccounts(pool: pg.Pool): Promise<void> {
  await pool.query('delete from spent_challenge where expires_at < now()');
  await pool.query('delete from known_browser where expires_at < now()');
}

/** Spends a challenge. Returns false when it was spent already. */
export async function spendChallenge(
  client: Client,
  challenge: string,
  until: Temporal.Instant,
): Promise<boolean> {
  const { rowCount } = await client.query(
    'insert into spent_challenge (challenge_hash, expires_at) values ($1, $2) on conflict do nothing',
    [hashSecret(challenge), until.toString()],
  );
  return rowCount === 1;
}

/** Returns false when there is one of this kind already. */
export async function insertPasskey(client: Client, passkey: NewPasskey): Promise<boolean> {
  const { id, user, name, credential, isBackedUp } = passkey;
  const { rowCount } = await client.query(
    `insert into passkey (id, credential_id, user_id, name, public_key, counter, transports, backed_up, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, now()) on conflict (credential_id) do nothing`,
    [
      ...[id, credential.id, user, name, Buffer.from(credential.publicKey), credential.counter],
      ...[credential.transports ?? [], isBackedUp],
    ],
  );
  return rowCount === 1;
}

/** Records a use. Returns false when a later use, by its counter, was faster, or the passkey was removed meanwhile. */
export async function noteUse(
  client: Client,
  used: { id: string; counter: number; isBackedUp: boolean },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update passkey set counter = $2, backed_up = $3, last_used_at = now()
     where id = $1 and (counter < $2 or (counter = 0 and $2 = 0))`,
    [used.id, used.counter, used.isBackedUp],
  );
  return rowCount === 1;
}

export async function renamePasskey(
  client: Client,
  user: string,
  id: string,
  name: string,
): Promise<void> {
  await client.query('update passkey set name = $3 where user_id = $1 and id = $2', [
    user,
    id,
    name,
  ]);
}

/** Returns false when this person has no such passkey. */
export async function deletePasskey(client: Client, user: string, id: string): Promise<boolean> {
  const { rowCount } = await client.query('delete from passkey where user_id = $1 and id = $2', [
    user,
    id,
  ]);
  return rowCount === 1;
}

/** Records the browser with this secret as known for the person. */
export async function rememberBrowser(
  client: Client,
  secret: string,
  user: string,
  days: number,
): Promise<void> {
  await client.query(
    `insert into known_browser (browser_hash, user_id, created_at, expires_at)
     values ($1, $2, now(), now() + make_interval(days => $3))
     on conflict (browser_hash, user_id) do update set expires_at = excluded.expires_at`,
    [hashSecret(secret), user, days],
  );
}

export async function forgetBrowsers(client: Client, user: string): Promise<void> {
  await client.query('delete from known_browser where user_id = $1', [user]);
}

/** Records that the session has just shown a second factor. */
export async function confirmSession(client: Client, session: string): Promise<void> {
  await client.query('update session set "confirmedAt" = now() where id = $1', [session]);
}

/** Ends one session of a person, or all but one. Returns how many. */
export async function endSessions(
  client: Client,
  user: string,
  which: { only: string } | { except: string },
): Promise<number> {
  const isOne = 'only' in which;
  const { rowCount } = await client.query(
    `delete from session where "userId" = $1 and (id = $2) = $3`,
    [user, isOne ? which.only : which.except, isOne],
  );
  return rowCount ?? 0;
}

export async function savePassword(client: Client, user: string, hash: string): Promise<void> {
  await client.query(
    `update account set password = $2, "updatedAt" = now() where "userId" = $1 and "providerId" = 'credential'`,
    [user, hash],
  );
}

/** @param secret encrypted */
export async function saveAuthenticator(
  client: Client,
  user: string,
  secret: string,
): Promise<void> {
  await client.query('update "twoFactor" set secret = $2, verified = true where "userId" = $1', [
    user,
    secret,
  ]);
}

/** @param codes in their stored form. @param before the former value, if it must be unchanged; returns false when it isn't. */
export async function saveRecoveryCodes(
  client: Client,
  user: string,
  codes: string,
  before?: string,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update "twoFactor" set "backupCodes" = $2 where "userId" = $1 and ($3::text is null or "backupCodes" = $3)`,
    [user, codes, before ?? null],
  );
  return rowCount === 1;
}

/** Makes an account without a password, for an invited person who signs in only by the provider. The invitation is used. */
export async function addAccount(
  client: pg.PoolClient,
  person: { staff: number; email: string; name: string },
): Promise<string> {
  const user = randomUUID();
  await client.query(
    `insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt", "twoFactorEnabled")
     values ($1, $2, $3, true, now(), now(), true)`,
    [user, person.name, person.email],
  );
  // A placeholder for an authenticator that they may add later; it is not valid.
  await client.query(
    `insert into "twoFactor" (id, secret, "backupCodes", "userId", verified, "failedVerificationCount")
     values ($1, '', '', $1, false, 0)`,
    [user],
  );
  await client.query('update public.staff set user_id = $2 where id = $1', [person.staff, user]);
  await client.query('delete from invitation where staff_id = $1 and used_at is null', [
    person.staff,
  ]);
  return user;
}

/** Binds an account permanently to its identity at the provider. Returns false when it is bound to another identity. */
export async function bindAccount(
  client: pg.PoolClient,
  user: string,
  provider: string,
  subject: string,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into account (id, "accountId", "providerId", "userId", "createdAt", "updatedAt")
     values ($1, $2, $3, $4, now(), now()) on conflict do nothing`,
    [randomUUID(), subject, provider, user],
  );
  return rowCount === 1;
}
