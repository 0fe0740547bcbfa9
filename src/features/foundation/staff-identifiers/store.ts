import type pg from 'pg';
import type { SealedIdentifier } from './sealing.ts';

/** Runs in a transaction of the accounts (`Staff.transaction`), which acts for the installation. */

/**
 * Locks a person. Returns whether they have a NIF; null: there is no such person, or they no longer work here.
 */
export async function lockPerson(client: pg.PoolClient, staff: number): Promise<boolean | null> {
  const { rows } = await client.query<{ has: boolean }>(
    `select exists (select from public.staff_identifier i where i.staff_id = s.id) as has
     from public.staff s where s.id = $1 and s.retired_at is null for update of s`,
    [staff],
  );
  return rows[0]?.has ?? null;
}

export async function saveIdentifier(
  client: pg.PoolClient,
  staff: number,
  { sealed, keyVersion }: SealedIdentifier,
  now: Temporal.Instant,
): Promise<void> {
  await client.query(
    `insert into public.staff_identifier (staff_id, sealed, key_version, entered_at) values ($1, $2, $3, $4)
     on conflict (staff_id) do update set sealed = $2, key_version = $3, entered_at = $4`,
    [staff, sealed, keyVersion, now.toString()],
  );
}

/** Replaces a sealed NIF by the same one under another version, unless it was changed meanwhile. */
export async function resealIdentifier(
  client: pg.PoolClient,
  staff: number,
  was: SealedIdentifier,
  anew: SealedIdentifier,
): Promise<void> {
  await client.query(
    'update public.staff_identifier set sealed = $3, key_version = $4 where staff_id = $1 and sealed = $2',
    [staff, was.sealed, anew.sealed, anew.keyVersion],
  );
}
