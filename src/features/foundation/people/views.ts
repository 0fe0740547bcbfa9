import { sql } from 'kysely';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import { byName } from '../../../lib/i18n/order.ts';
import { type KeptRole, postOf, stateOf } from './rules.ts';
import type { MailState, PersonAnywhere, PersonHere } from './types.ts';

/** Staff belong to no single office, so these reads act for the installation. Each reads one office or all. */

interface Row {
  staff: number;
  email: string;
  name: string;
  operator: boolean;
  retired: boolean;
  account: boolean;
  invited_until: Temporal.Instant | null;
  signed_in_at: Temporal.Instant | null;
  mail: MailState | null;
  roles: (KeptRole & { office: string })[];
}

const readRows = (db: Db, office: number | null): Promise<Row[]> =>
  within(db, INSTALLATION, async (tx) => {
    const { rows } = await sql<Row>`
      select s.id as staff, s.email, s.name, s.operator, s.retired_at is not null as retired,
        s.user_id is not null as account, s.signed_in_at,
        (select max(i.expires_at) from auth.invitation i where i.staff_id = s.id and i.used_at is null) as invited_until,
        (select case when m.bounced_at is not null then 'bounced' when m.failed_at is not null then 'failed'
             when m.sent_at is not null then 'sent' else 'pending' end
           from staff_mail m where m.staff_id = s.id and m.kind in ('invited', 'joined') and m.dropped_at is null
           order by m.created_at desc limit 1) as mail,
        coalesce(r.roles, '[]') as roles
      from staff s left join lateral (
        select json_agg(json_build_object('office', b.code, 'role', r.role, 'desk', r.desk_id) order by b.position) as roles
        from staff_role r join office b on b.id = r.office_id and b.retired_at is null
        where r.staff_id = s.id and (${office}::integer is null or r.office_id = ${office}::integer)
      ) r on true
      where ${office}::integer is null or r.roles is not null
      order by s.id`.execute(tx);
    return rows.sort((a, b) => Number(a.retired) - Number(b.retired) || byName(a, b));
  });

function listed(row: Row, now: Temporal.Instant) {
  const invitedUntil = row.invited_until;
  const known = { isRetired: row.retired, hasAccount: row.account, invitedUntil };
  const { staff, email, name, mail, signed_in_at: signedInAt } = row;
  return { staff, email, name, mail, signedInAt, invitedUntil, state: stateOf(known, now) };
}

/** Returns the staff of an office, retired people last. */
export async function readPeople(
  db: Db,
  office: number,
  now: Temporal.Instant,
): Promise<PersonHere[]> {
  const rows = await readRows(db, office);
  return rows.flatMap((row) => {
    const post = postOf(row.roles);
    return post ? [{ ...listed(row, now), post }] : [];
  });
}

/** Returns all people, retired people last. */
export async function readEverybody(db: Db, now: Temporal.Instant): Promise<PersonAnywhere[]> {
  const rows = await readRows(db, null);
  return rows.map((row) => {
    const offices = [...new Set(row.roles.map((each) => each.office))];
    const posts = offices.flatMap((office) => {
      const post = postOf(row.roles.filter((each) => each.office === office));
      return post ? [{ office, ...post }] : [];
    });
    return { ...listed(row, now), operator: row.operator, posts };
  });
}
