import type pg from 'pg';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import type { KeptRole } from './rules.ts';

/** Most of it in a transaction of the accounts (`Staff.transaction`), which acts for the installation. */

/** One change at a time to who works in an office. */
export async function lockPeople(client: pg.PoolClient, office: number): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtext('finestreta.people'), $1)`, [office]);
}

export interface Known {
  id: number;
  isRetired: boolean;
  /** Whether they can sign in. */
  hasAccount: boolean;
}

/** Whoever has this address, held until the transaction ends. */
export async function findPerson(client: pg.PoolClient, email: string): Promise<Known | null> {
  const { rows } = await client.query<Known>(
    `select id, retired_at is not null as "isRetired", user_id is not null as "hasAccount"
     from public.staff where email = $1 for update`,
    [email],
  );
  return rows[0] ?? null;
}

/**
 * No declaration is changed and no town file applied until the transaction ends: they would write back the registers that they
 * have read. Before any row is held, as they do it.
 */
export async function lockOffices(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ id: number }>('select id from public.office order by id');
  for (const { id } of rows) await client.query(`call public.lock_office(${id})`);
}

/**
 * Whether somebody, held until the transaction ends, has no account, nothing to do but in this office, and stands in no other's
 * register of officials: whoever has their mail gets no more than its administrator could give. The offices are locked.
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

/** Adds somebody whom nobody knew; null when somebody was quicker. */
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

/** Somebody retired works here again, as if they were new: nothing that they could do or sign in with comes back. */
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

/** Makes these somebody's roles in an office, and keeps a town file from saying otherwise. */
export async function setRoles(
  client: pg.PoolClient,
  on: { office: number; staff: number },
  roles: readonly KeptRole[],
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

/** Takes away all that somebody may do and their way in, so that no town file brings them back. False: nobody to retire. */
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
 * Ends every session of somebody, and no browser is known as theirs any more. Answers how many sessions ended that had not
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

/** The language in which somebody is written to. */
export async function saveLanguage(db: Db, email: string, language: Language): Promise<void> {
  await within(db, INSTALLATION, (tx) =>
    tx.updateTable('staff').set({ language }).where('email', '=', email).execute(),
  );
}
