import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import type { AtDesk, Candidates } from './types.ts';

interface Row {
  appointment: string;
  start: Temporal.Instant;
  language: string;
  actor: string | null;
  staff: number | null;
  seenAt: Temporal.Instant | null;
  owners: number[];
}

/** Returns who may attend each of these appointments. */
export async function readCandidates(
  tx: Tx,
  appointments: readonly string[],
): Promise<Candidates[]> {
  const { rows } = await sql<Row>`
    select a.id as appointment, a.starts as start, a.notice_language as language, p.staff_id as staff, p.seen_at as "seenAt",
      (select e.actor from event e where e.appointment_id = a.id and e.kind in ('started', 'taken_over', 'handed_over')
        order by e.id desc limit 1) as actor,
      array(select distinct r.staff_id from staff_role r where r.desk_id = a.desk_id order by r.staff_id) as owners
    from appointment a left join presence p on p.desk_id = a.desk_id
    where a.id = any (${appointments}::uuid[])`.execute(tx);
  return rows.map(({ staff, seenAt, ...row }) => ({
    ...row,
    language: row.language as Language,
    present: staff !== null && seenAt !== null ? { staff, seenAt } : null,
  }));
}

/** Returns the people of each desk of an office, by the desk's id. */
export async function readAtDesks(tx: Tx, office: number): Promise<Map<number, AtDesk>> {
  const { rows } = await sql<{
    desk: number;
    staff: number | null;
    seenAt: Temporal.Instant | null;
    owners: number[];
  }>`
    select d.id as desk, p.staff_id as staff, p.seen_at as "seenAt",
      array(select distinct r.staff_id from staff_role r where r.desk_id = d.id order by r.staff_id) as owners
    from desk d left join presence p on p.desk_id = d.id
    where d.office_id = ${office}`.execute(tx);
  return new Map(
    rows.map(({ desk, staff, seenAt, owners }) => [
      desk,
      { owners, present: staff !== null && seenAt !== null ? { staff, seenAt } : null },
    ]),
  );
}
