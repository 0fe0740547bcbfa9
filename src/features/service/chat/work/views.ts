import { sql } from 'kysely';
import type { Tx } from '../../../../lib/db/database.ts';
import { FREQUENT } from '../../../../lib/db/frequent/client.ts';
import { moment } from '../../../../lib/db/moment.ts';
import type { ChatRow } from '../types.ts';
import { readChat } from '../views.ts';

/** How long a conversation that has ended waits to be written down, in hours. */
const UNWRITTEN_HOURS = 12;

/** Reads the ids of what is offered to a desk or answered there, and of what this person has not written down yet. */
async function readIdsAt(
  tx: Tx,
  { desk, staff, now }: { desk: number; staff: number; now: Temporal.Instant },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select /* frequent */ c.id, c.place from chat c where c.desk_id = ${desk} and c.state in ('offered', 'talking')
    union all
    select c.id, c.place from chat c join encounter e on e.id = c.encounter_id
    where c.state = 'ended' and c.staff_id = ${staff} and e.ended_at is null
      and c.ended_at > ${moment(now.subtract({ hours: UNWRITTEN_HOURS }))}
    order by 2, 1`.execute(tx);
  return rows.map(({ id }) => id);
}

/** Reads what is offered to a desk or answered there, and what this person has not written down yet, in the order in which they came. */
export async function readAtDesk(
  tx: Tx,
  at: { desk: number; staff: number; now: Temporal.Instant },
): Promise<ChatRow[]> {
  const found: ChatRow[] = [];
  for (const id of await readIdsAt(tx, at)) {
    const row = await readChat(tx, id);
    if (row) found.push(row);
  }
  return found;
}

/** Returns how many lines of its person each conversation has since the office last wrote in it. */
export async function countUnanswered(
  tx: Tx,
  chats: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (chats.length === 0) return new Map();
  const rows = await tx
    .selectFrom('chat_entry as e')
    .modifyFront(FREQUENT)
    .select(['e.chat_id as chat', sql<number>`count(*)::int`.as('count')])
    .where('e.chat_id', 'in', chats)
    .where('e.side', '=', 'person')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('chat_entry as o')
            .select('o.id')
            .whereRef('o.chat_id', '=', 'e.chat_id')
            .whereRef('o.number', '>', 'e.number')
            .where('o.side', '=', 'office')
            .where('o.kind', '<>', 'note'),
        ),
      ),
    )
    .groupBy('e.chat_id')
    .execute();
  return new Map(rows.map(({ chat, count }) => [chat, count]));
}
