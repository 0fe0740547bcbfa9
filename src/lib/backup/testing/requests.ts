import { sql } from 'kysely';
import { type Db, within } from '../../db/database.ts';

/** Adds a request of the first office, with what happened to it, what was written about it, and somebody who follows it. */
export function fillCitizenRequests(db: Db): Promise<void> {
  return within(db, '*', async (tx) => {
    const office = sql`(select min(id) from office)`;
    const at = sql`'2026-11-30T08:00:00Z'`;
    const request = sql`'00000000-0000-4000-8000-000000000110'`;
    for (const statement of [
      sql`insert into request (id, office_id, reference, type, kind, door, language, made_at, made_by, changed_at, sent_at, sent_on, since, state, state_at, text, tell_by, name)
        values (${request}, ${office}, 'F4N-4L7', 'fanal', 'incident', 'online', 'ca', ${at}, 'citizen', ${at}, ${at}, '2026-11-30', ${at}, 'received', ${at}, 'No va', 'page', 'Rosa')`,
      sql`insert into request_event (office_id, request_id, at, actor, kind, to_state) values (${office}, ${request}, ${at}, 'citizen', 'sent', 'received')`,
      sql`insert into request_message (id, office_id, request_id, at, side, by, text)
        values ('00000000-0000-4000-8000-000000000111', ${office}, ${request}, ${at}, 'office', 'staff:1', 'Hola')`,
      sql`insert into request_note (office_id, request_id, at, by, text) values (${office}, ${request}, ${at}, 'staff:1', 'És el de la plaça')`,
      sql`insert into request_follower (id, office_id, request_id, at, language, tell_by, email)
        values ('00000000-0000-4000-8000-000000000112', ${office}, ${request}, ${at}, 'ca', 'email', 'pau@example.cat')`,
      sql`insert into document (id, office_id, request_id, kind, shelf, state, state_at, declared, size, made_at, made_by)
        values ('00000000-0000-4000-8000-000000000113', ${office}, ${request}, 'inbox', 'request', 'clean', ${at}, 'image/png', 9, ${at}, 'citizen')`,
      sql`insert into open_request_month (office_id, month, published_at) values (${office}, '2026-09-01', ${at})`,
      sql`insert into open_request_figure (office_id, month, position, indicator, kind, value) values (${office}, '2026-09-01', 0, 'requests', 'incident', 12)`,
    ]) {
      await statement.execute(tx);
    }
  });
}
