import { sql } from 'kysely';
import type { Tx } from '../../../../lib/db/database.ts';
import { moment } from '../../../../lib/db/moment.ts';
import type { Span } from '../views.ts';
import type { ChatHistory } from './plan.ts';

/** Returns how many chats began, by hour of the day, on how many days, and how long they took. No words and no names are read. */
export async function readChatHistory(
  tx: Tx,
  { office, from, to, timeZone }: Span,
): Promise<ChatHistory> {
  const begun = sql`
    select c.place at time zone ${timeZone} as at, extract(epoch from c.ended_at - c.taken_at) / 60 as minutes
    from chat c
    where c.office_id = ${office} and c.place >= ${moment(from)} and c.place < ${moment(to)}
      and exists (select from chat_event e where e.chat_id = c.id and e.kind = 'began')`;
  const hours = await sql<{ hour: number; chats: number }>`
    select extract(hour from at)::int as hour, count(*)::int as chats from (${begun}) b group by 1 order by 1`.execute(
    tx,
  );
  const all = await sql<{ days: number; minutes: number | null }>`
    select count(distinct at::date)::int as days, avg(minutes)::float8 as minutes from (${begun}) b`.execute(
    tx,
  );
  return { hours: hours.rows, days: 0, minutes: null, ...all.rows[0] };
}
