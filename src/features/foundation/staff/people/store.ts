import type pg from 'pg';
import { type Db, INSTALLATION, within } from '../../../../lib/db/database.ts';
import type { Language } from '../../../../lib/i18n/languages.ts';
import type { StaffRole } from '../../../../lib/viewer.ts';

/** Writes of staff and their roles, in a transaction of the accounts, which acts for the installation. */

/** Adds a new person. Returns null when another request was faster. */
export async function addPerson(
  client: pg.PoolClient,
  person: { email: string; name: string },
): Promise<number | null> {
  const { rows } = await client.query<{ id: number }>(
    'insert into public.staff (email, name) values ($1, $2) on conflict do nothing returning id',
    [person.email, person.name],
  );
  return rows[0]?.id ?? null;
}

/** Restores a retired person as if they were new: no former role and no former credential is restored. */
export async function revive(client: pg.PoolClient, staff: number, name: string): Promise<void> {
  await removeRoles(client, staff);
  await client.query(
    'delete from auth."user" where id = (select user_id from public.staff where id = $1)',
    [staff],
  );
  await client.query(
    `update public.staff set name = $2, operator = false, user_id = null, retired_at = null, retired_here = false
     where id = $1`,
    [staff, name],
  );
}

/** Sets a person's roles in an office, and protects them from changes by a town file. */
export async function setRoles(
  client: pg.PoolClient,
  on: { office: number; staff: number },
  roles: readonly { role: StaffRole; desk: number | null }[],
): Promise<void> {
  const { office, staff } = on;
  await client.query('delete from public.staff_role where office_id = $1 and staff_id = $2', [
    office,
    staff,
  ]);
  for (const { role, desk } of roles) {
    await client.query(
      'insert into public.staff_role (office_id, staff_id, role, desk_id) values ($1, $2, $3, $4)',
      [office, staff, role, desk],
    );
  }
  await client.query(
    'insert into public.staff_managed (office_id, staff_id) values ($1, $2) on conflict do nothing',
    [office, staff],
  );
}

async function removeRoles(client: pg.PoolClient, staff: number): Promise<void> {
  await client.query('delete from public.staff_role where staff_id = $1', [staff]);
}

/** Retires a person: ends their roles and their sign-in, and no town file restores them. Returns false when there is no such person. */
export async function retireHere(
  client: pg.PoolClient,
  staff: number,
  now: Temporal.Instant,
): Promise<boolean> {
  const { rowCount } = await client.query(
    'update public.staff set retired_at = $2, retired_here = true where id = $1 and retired_at is null',
    [staff, now.toString()],
  );
  if (rowCount === 0) return false;
  await removeRoles(client, staff);
  await client.query(
    'delete from auth.session where "userId" = (select user_id from public.staff where id = $1)',
    [staff],
  );
  await client.query('delete from auth.invitation where staff_id = $1 and used_at is null', [
    staff,
  ]);
  return true;
}

/**
 * Ends every session of a person, and removes their known browsers. Returns the number of ended sessions that had not
 * expired.
 */
export async function endSessionsOf(client: pg.PoolClient, staff: number): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `with ended as (
       delete from auth.session where "userId" = (select user_id from public.staff where id = $1)
       returning "secondFactor" and "expiresAt" > now() as open
     ), forgotten as (
       delete from auth.known_browser where user_id = (select user_id from public.staff where id = $1)
     )
     select count(*) filter (where open)::int as count from ended`,
    [staff],
  );
  return rows[0]?.count ?? 0;
}

/** Records the language of mails to a person. */
export async function saveLanguage(db: Db, email: string, language: Language): Promise<void> {
  await within(db, INSTALLATION, (tx) =>
    tx.updateTable('staff').set({ language }).where('email', '=', email).execute(),
  );
}
