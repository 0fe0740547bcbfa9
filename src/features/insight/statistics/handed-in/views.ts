import { sql } from 'kysely';
import type { Tx } from '../../../../lib/db/database.ts';
import { moment } from '../../../../lib/db/moment.ts';
import type { HandedIn } from '../types.ts';

/** Returns how many cases were handed in, by procedure, door and month. `before`: the day after the last one. */
export async function readHandedIn(
  tx: Tx,
  { id, timeZone }: { id: number; timeZone: string },
  { from, before }: { from: Temporal.PlainDate; before: Temporal.PlainDate },
): Promise<HandedIn[]> {
  const [first, end] = [from, before].map((day) =>
    moment(day.toZonedDateTime(timeZone).toInstant()),
  );
  // Also those that are destroyed by now.
  const { rows } = await sql<HandedIn>`
    select procedure_id as procedure, door, extract(month from handed_in_at at time zone ${timeZone})::int as month,
      count(*)::int as cases
    from (
      select procedure_id, door, handed_in_at
      from case_file where office_id = ${id} and handed_in_at >= ${first} and handed_in_at < ${end}
      union all
      select procedure_id, door, handed_in_at
      from case_destruction where office_id = ${id} and handed_in_at >= ${first} and handed_in_at < ${end}
    ) as c
    group by 1, 2, 3 order by 1, 2, 3`.execute(tx);
  return rows;
}

/** Returns the local day on which an office's first case was handed in; null: none was. */
export async function readFirstHandedIn(
  tx: Tx,
  { id, timeZone }: { id: number; timeZone: string },
): Promise<Temporal.PlainDate | null> {
  const { rows } = await sql<{ day: string | null }>`
    select (least(
      (select min(handed_in_at) from case_file where office_id = ${id}),
      (select min(handed_in_at) from case_destruction where office_id = ${id})
    ) at time zone ${timeZone})::date::text as day`.execute(tx);
  const day = rows[0]?.day;
  return day ? Temporal.PlainDate.from(day) : null;
}
