import { sql } from 'kysely';
import type { Tx } from '../../../../lib/db/database.ts';
import type { HandedIn } from '../types.ts';

/** Cases that were handed in, also those that are destroyed by now, with their local day. */
const cases = (office: number, timeZone: string) => sql`(
    select procedure_id, door, (handed_in_at at time zone ${timeZone})::date as day
    from case_file where office_id = ${office} and handed_in_at is not null
    union all
    select procedure_id, door, (handed_in_at at time zone ${timeZone})::date
    from case_destruction where office_id = ${office}
  ) as c`;

/** Returns how many cases were handed in, by procedure, door and month. `before`: the day after the last one. */
export async function readHandedIn(
  tx: Tx,
  { id, timeZone }: { id: number; timeZone: string },
  { from, before }: { from: Temporal.PlainDate; before: Temporal.PlainDate },
): Promise<HandedIn[]> {
  const { rows } = await sql<HandedIn>`
    select procedure_id as procedure, door, extract(month from day)::int as month, count(*)::int as cases
    from ${cases(id, timeZone)}
    where day >= ${from.toString()}::date and day < ${before.toString()}::date
    group by 1, 2, 3 order by 1, 2, 3`.execute(tx);
  return rows;
}

/** Returns the local day on which an office's first case was handed in; null: none was. */
export async function readFirstHandedIn(
  tx: Tx,
  { id, timeZone }: { id: number; timeZone: string },
): Promise<Temporal.PlainDate | null> {
  const { rows } = await sql<{ day: string | null }>`
    select min(day)::text as day from ${cases(id, timeZone)}`.execute(tx);
  const day = rows[0]?.day;
  return day ? Temporal.PlainDate.from(day) : null;
}
