import type pg from 'pg';
import { hashSecret } from '../../../lib/secrets.ts';

/** Runs on a connection of the accounts (`Staff.transaction`). Times are the machine's, like those of sessions. */

/** Records an attempt, and deletes expired attempts. */
export async function saveAttempt(
  client: pg.PoolClient,
  attempt: { state: string; next: string },
  minutes: number,
): Promise<void> {
  await client.query('delete from sso_attempt where expires_at < now()');
  await client.query(
    `insert into sso_attempt (state_hash, next, created_at, expires_at)
     values ($1, $2, now(), now() + make_interval(mins => $3))`,
    [hashSecret(attempt.state), attempt.next, minutes],
  );
}

/** Ends an attempt, which is valid once. Returns its target page; null: there is no such attempt, or it is over. */
export async function spendAttempt(client: pg.PoolClient, state: string): Promise<string | null> {
  const { rows } = await client.query<{ next: string; fresh: boolean }>(
    'delete from sso_attempt where state_hash = $1 returning next, expires_at > now() as fresh',
    [hashSecret(state)],
  );
  return rows[0]?.fresh ? rows[0].next : null;
}

export interface Known {
  staff: number;
  /** The account of the person; null: none yet. */
  user: string | null;
  name: string;
  isRetired: boolean;
  /** Whether they have a second factor of this installation. */
  hasCode: boolean;
}

const KNOWN = `select s.id as staff, s.user_id as user, s.name, s.retired_at is not null as "isRetired",
  exists (select from "twoFactor" f where f."userId" = s.user_id and f.verified) as "hasCode" from public.staff s`;

/** Returns the person who is bound to this identity of the provider. */
export async function findBySubject(
  client: pg.PoolClient,
  provider: string,
  subject: string,
): Promise<Known | null> {
  const { rows } = await client.query<Known>(
    `${KNOWN} join account a on a."userId" = s.user_id where a."providerId" = $1 and a."accountId" = $2`,
    [provider, subject],
  );
  return rows[0] ?? null;
}

/** Returns the person with this address, locked until the transaction ends. */
export async function findByEmail(client: pg.PoolClient, email: string): Promise<Known | null> {
  const { rows } = await client.query<Known>(`${KNOWN} where s.email = $1 for update of s`, [
    email,
  ]);
  return rows[0] ?? null;
}
