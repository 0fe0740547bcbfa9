import { sql } from 'kysely';
import type { Tx } from '../../../../lib/db/database.ts';
import { moment } from '../../../../lib/db/moment.ts';
import type { ChatCounts, ChatGroup, Span } from '../types.ts';

/** A group of conversations: those of one topic that began in one hour of the day. */
interface Row extends ChatCounts {
  topic: string;
  hour: number;
}

/**
 * Returns conversations in writing of the days of a span, by topic and by the hour at which they began. Those that began as a message, since
 * nobody was there, are counted as such alone. No words and no names are read.
 */
export async function readChatCounts(
  tx: Tx,
  { id, timeZone }: { id: number; timeZone: string },
  { from, to, language }: Pick<Span, 'from' | 'to' | 'language'>,
): Promise<Record<'topic' | 'hour', ChatGroup[]>> {
  const first = moment(from.toZonedDateTime(timeZone).toInstant());
  const end = moment(to.add({ days: 1 }).toZonedDateTime(timeZone).toInstant());
  const { rows } = await sql<Row>`
    select c.topic, extract(hour from c.place at time zone ${timeZone})::int as hour,
      count(*) filter (where b.began)::int as began,
      count(*) filter (where c.taken_at is not null)::int as answered,
      coalesce(sum(extract(epoch from c.taken_at - c.place)), 0)::float8 as "waitSeconds",
      count(*) filter (where c.taken_at is not null and c.ended_at is not null)::int as closed,
      coalesce(sum(extract(epoch from c.ended_at - c.taken_at)), 0)::float8 as "talkedSeconds",
      count(*) filter (where c.state = 'left')::int as "gaveUp",
      count(*) filter (where b.messages > 0)::int as messages,
      coalesce(sum(b.returned), 0)::int as returned
    from chat c
    cross join lateral (
      select coalesce(bool_or(e.kind = 'began'), false) as began,
        count(*) filter (where e.kind = 'message') as messages,
        count(*) filter (where e.kind = 'returned') as returned
      from chat_event e where e.chat_id = c.id
    ) b
    where c.office_id = ${id} and c.place >= ${first} and c.place < ${end}
      and (${language}::text is null or c.language = ${language})
    group by 1, 2`.execute(tx);
  return {
    topic: groupsOf(rows, ({ topic }) => topic),
    hour: groupsOf(rows, ({ hour }) => String(hour)).toSorted(
      (a, b) => Number(a.key) - Number(b.key),
    ),
  };
}

function groupsOf(rows: readonly Row[], keyOf: (row: Row) => string): ChatGroup[] {
  return [...Map.groupBy(rows, keyOf)].map(([key, some]) => ({ key, counts: sumOf(some) }));
}

/** Adds counts up. */
export const sumOf = (some: readonly ChatCounts[]): ChatCounts =>
  some.reduce((all, each) => {
    const keys = Object.keys(NONE) as (keyof ChatCounts)[];
    return Object.fromEntries(keys.map((key) => [key, all[key] + each[key]])) as typeof NONE;
  }, NONE);

const NONE = {
  began: 0,
  answered: 0,
  waitSeconds: 0,
  closed: 0,
  talkedSeconds: 0,
  gaveUp: 0,
  messages: 0,
  returned: 0,
};
