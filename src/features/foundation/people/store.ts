import type pg from 'pg';

/** Most functions run in a transaction of the accounts (`Staff.transaction`), which acts for the installation. */

/** Locks the staff of an office: one change at a time. */
export async function lockPeople(client: pg.PoolClient, office: number): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtext('finestreta.people'), $1)`, [office]);
}

export interface Known {
  id: number;
  isRetired: boolean;
  /** Whether they can sign in. */
  hasAccount: boolean;
}

/** Returns the person with this address, locked until the transaction ends. */
export async function findPerson(client: pg.PoolClient, email: string): Promise<Known | null> {
  const { rows } = await client.query<Known>(
    `select id, retired_at is not null as "isRetired", user_id is not null as "hasAccount"
     from public.staff where email = $1 for update`,
    [email],
  );
  return rows[0] ?? null;
}

/**
 * Locks declarations and town files until the transaction ends, since they would write back registers that they
 * have read. Called before any row is locked, in the same order as there.
 */
export async function lockOffices(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ id: number }>('select id from public.office order by id');
  for (const { id } of rows) await client.query(`call public.lock_office(${id})`);
}

/**
 * Locks a person and returns whether they have no account, no role outside this office, and are in no other office's
 * register of officials. Then access to their mail gives no more than the office's administrator could give. The offices are locked.
 */
export async function isOnlyHere(
  client: pg.PoolClient,
  { office, staff }: { office: number; staff: number },
): Promise<boolean> {
  await client.query('select from public.staff where id = $1 for update', [staff]);
  const { rowCount } = await client.query(
    `select from public.staff s where id = $1 and user_id is null and not operator and retired_at is null
       and not exists (select from public.staff_role r where r.staff_id = s.id and r.office_id <> $2)
       and not exists (select from public.office b where b.id <> $2
         and b.settings -> 'habilitated' @> jsonb_build_array(jsonb_build_object('email', s.email)))`,
    [staff, office],
  );
  return rowCount === 1;
}
