import type pg from 'pg';
import { ROLES } from '../../../domain/roles.ts';
import { hashSecret } from '../../../lib/secrets.ts';
import type { StaffRole } from '../../../lib/viewer.ts';
import type { RoleHeld, StaffListed, StaffOffice } from './types.ts';

/** Reads on the pool of `store.ts`, which acts for the installation: staff belong to no single office. */

const STRONGEST = `coalesce(array_position(array[${ROLES.map((each) => `'${each}'`).join(', ')}], r.role), 0)`;

export interface StaffRow {
  id: number;
  name: string;
  email: string;
  operator: boolean;
}

/** Returns the person of this account, unless retired, and their offices. */
export async function readStaffOf(
  pool: pg.Pool,
  user: string,
): Promise<{ staff: StaffRow; offices: StaffOffice[] } | null> {
  const { rows } = await pool.query<StaffRow & { offices: StaffOffice[] }>(
    `select /* frequent */ s.id, s.name, s.email, s.operator, coalesce((
       select json_agg(json_build_object('id', b.id, 'code', b.code, 'role', b.role, 'desk', b.desk) order by b.position)
       from (
         select distinct on (b.id) b.id, b.code, b.position, r.role,
           max(r.desk_id) over (partition by b.id) as desk
         from public.staff_role r join public.office b on b.id = r.office_id and b.retired_at is null
         where r.staff_id = s.id
         order by b.id, ${STRONGEST} desc
       ) b), '[]') as offices
     from public.staff s where s.user_id = $1 and s.retired_at is null`,
    [user],
  );
  const row = rows[0];
  if (!row) return null;
  const { offices, ...staff } = row;
  return { staff, offices };
}

/** Returns the id of the person with this address, retired or not. */
export async function readStaffId(
  client: pg.Pool | pg.PoolClient,
  email: string,
): Promise<number | null> {
  const { rows } = await client.query<{ id: number }>(
    'select id from public.staff where email = $1',
    [email],
  );
  return rows[0]?.id ?? null;
}

/** Returns every present and former address of a person with an account, the present one first; empty: they have no account. */
export async function readAddresses(client: pg.PoolClient, staff: number): Promise<string[]> {
  const { rows } = await client.query<{ emails: string[] }>(
    `select array_prepend(email, former_emails) as emails from public.staff
     where id = $1 and user_id is not null`,
    [staff],
  );
  return rows[0]?.emails ?? [];
}

/** Returns every role of a person, retired or not. */
export async function readRoles(
  client: pg.Pool | pg.PoolClient,
  staff: number,
): Promise<RoleHeld[]> {
  const { rows } = await client.query<RoleHeld>(
    'select office_id as office, role, desk_id as desk from public.staff_role where staff_id = $1 order by office_id, role',
    [staff],
  );
  return rows;
}

/** Returns the ids of the offices that aren't retired. */
export async function readOpenOffices(client: pg.Pool | pg.PoolClient): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    'select id from public.office where retired_at is null order by id',
  );
  return rows.map((each) => each.id);
}

/** Returns the names of the town and of its open offices, in every language, and the offices' codes. */
export async function readPlaces(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select coalesce(settings ->> 'name', '') as name from public.town
     union select code from public.office where retired_at is null
     union select each.value from public.office b, jsonb_each_text(b.name) as each where b.retired_at is null`,
  );
  return rows.map(({ name }) => name);
}

/** Returns when a session last showed a second factor; null: there is no such session. */
export async function readConfirmedAt(
  client: pg.Pool | pg.PoolClient,
  session: string,
): Promise<Temporal.Instant | null> {
  const { rows } = await client.query<{ at: Date }>(
    'select coalesce("confirmedAt", "createdAt") as at from session where id = $1 and "secondFactor"',
    [session],
  );
  const at = rows[0]?.at;
  return at ? Temporal.Instant.fromEpochMilliseconds(at.getTime()) : null;
}

/** Returns whether the account has confirmed its second factor. */
export async function isEnrolled(pool: pg.Pool, user: string): Promise<boolean> {
  const { rows } = await pool.query<{ enrolled: boolean }>(
    'select "twoFactorEnabled" as enrolled from "user" where id = $1',
    [user],
  );
  return rows[0]?.enrolled ?? false;
}

/** Returns all people, retired ones last. */
export async function readStaff(pool: pg.Pool): Promise<StaffListed[]> {
  const { rows } = await pool.query<StaffListed>(
    `select s.email, s.name, s.operator,
       case when s.retired_at is not null then 'retired' when u."twoFactorEnabled" then 'ready' else 'invited' end as state,
       coalesce((
         select json_agg(json_build_object('office', b.code, 'role', r.role, 'desk', a.code) order by b.position, r.role)
         from public.staff_role r join public.office b on b.id = r.office_id left join public.desk a on a.id = r.desk_id
         where r.staff_id = s.id), '[]') as roles
     from public.staff s left join auth."user" u on u.id = s.user_id
     order by s.retired_at is not null, s.name`,
  );
  return rows;
}

export async function readNames(
  pool: pg.Pool,
  ids: readonly number[],
): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await pool.query<{ id: number; name: string }>(
    'select id, name from public.staff where id = any ($1)',
    [ids],
  );
  return new Map(rows.map((each) => [each.id, each.name]));
}

/** The choices of a set-up's first step: the password's hash, and an authenticator's secret, encrypted. */
export interface Chosen {
  passwordHash: string;
  secret: string;
}

export interface OpenInvitation {
  id: string;
  staff: number;
  email: string;
  name: string;
  /** Null until a password is chosen. */
  chosen: Chosen | null;
}

/** Returns the invitation of a link's secret, unless it is used or expired, or its person is retired. */
export async function readInvitation(
  pool: pg.Pool | pg.PoolClient,
  token: string,
  now: Temporal.Instant,
): Promise<OpenInvitation | null> {
  const { rows } = await pool.query<OpenInvitation>(
    `select i.id, i.staff_id as staff, s.email, s.name,
       case when i.secret is not null then json_build_object('passwordHash', i.password_hash, 'secret', i.secret) end as chosen
     from invitation i join public.staff s on s.id = i.staff_id and s.retired_at is null
     where i.token_hash = $1 and i.used_at is null and i.expires_at > $2`,
    [hashSecret(token), now.toString()],
  );
  return rows[0] ?? null;
}

/** The credentials of an account without an invitation: its authenticator's secret, encrypted, and its password's hash. */
export interface SeededFactors {
  user: string;
  /** Their present and former addresses. */
  emails: string[];
  secret: string;
  passwordHash: string | null;
}

export async function readSeededFactors(pool: pg.Pool): Promise<SeededFactors[]> {
  const { rows } = await pool.query<SeededFactors>(
    `select s.user_id as user, array_append(s.former_emails, s.email) as emails, f.secret, a.password as "passwordHash"
     from public.staff s join "twoFactor" f on f."userId" = s.user_id
     left join account a on a."userId" = s.user_id and a."providerId" = 'credential'
     where not exists (select from invitation i where i.user_id = s.user_id)`,
  );
  return rows;
}

/** Returns the present and former addresses of people who can sign in. */
export async function readReadyEmails(pool: pg.Pool): Promise<Set<string>> {
  const { rows } = await pool.query<{ email: string }>(
    `select unnest(array_append(s.former_emails, s.email)) as email
     from public.staff s join "user" u on u.id = s.user_id and u."twoFactorEnabled" where s.retired_at is null`,
  );
  return new Set(rows.map((each) => each.email));
}

/** Returns ready accounts without an invitation: those of the demo. */
export async function readSeeded(pool: pg.Pool): Promise<DemoRow[]> {
  const { rows } = await pool.query<DemoRow>(
    `select s.email, r.role, b.code as office, f.secret
     from public.staff s join "user" u on u.id = s.user_id and u."twoFactorEnabled"
     join "twoFactor" f on f."userId" = u.id
     join account c on c."userId" = u.id and c."providerId" = 'credential' -- not by the town's provider alone
     join public.staff_role r on r.staff_id = s.id join public.office b on b.id = r.office_id
     where s.retired_at is null and not exists (select from invitation i where i.user_id = s.user_id)
     order by b.position, r.role, s.id`,
  );
  return rows;
}

/** Returns the ids of staff who have used a session since then. */
export async function readSeenSince(
  pool: pg.Pool,
  since: Temporal.Instant,
): Promise<ReadonlySet<number>> {
  const { rows } = await pool.query<{ id: number }>(
    `select distinct s.id from public.staff s join session e on e."userId" = s.user_id
     where e."secondFactor" and e."lastSeenAt" > $1`,
    [since.toString()],
  );
  return new Set(rows.map(({ id }) => id));
}

export interface DemoRow {
  email: string;
  office: string;
  role: StaffRole;
  /** The authenticator's secret, encrypted. */
  secret: string;
}

/** An authenticator's secret, encrypted: of an account, or of an unfinished set-up. */
export interface Sealed {
  of: 'account' | 'invitation';
  id: string;
  sealed: string;
}

/** Returns all secrets of authenticators, encrypted. */
export async function readSealed(pool: pg.Pool): Promise<Sealed[]> {
  const { rows } = await pool.query<Sealed>(
    `select 'account' as of, id, secret as sealed from "twoFactor" where secret <> ''
     union all select 'invitation', id::text, secret from invitation where secret is not null`,
  );
  return rows;
}
