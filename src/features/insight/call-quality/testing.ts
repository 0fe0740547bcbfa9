import { sql } from 'kysely';
import type { Appointment } from '../../../domain/appointment.ts';
import { type Db, within } from '../../../lib/db/database.ts';

/** Surveys that say how well one could hear, of appointments like another, an hour after the other from a moment on. */
export async function saidHeard(
  db: Db,
  like: Appointment,
  on: { from: string; channel: 'phone' | 'video'; heard: readonly ('yes' | 'partly' | 'no')[] },
): Promise<void> {
  await within(db, like.office, async (tx) => {
    for (const [nth, heard] of on.heard.entries()) {
      const starts = Temporal.Instant.from(on.from).add({ hours: nth });
      const change = {
        ...{ id: crypto.randomUUID(), reference: crypto.randomUUID().slice(0, 8), time_id: null },
        ...{ starts: starts.toString(), ends: starts.add({ minutes: 10 }).toString() },
        ...{
          status: 'fulfilled',
          channel: on.channel,
        },
      };
      await sql`insert into appointment
        select (jsonb_populate_record(a, ${JSON.stringify(change)}::jsonb)).* from appointment a where id = ${like.id}`.execute(
        tx,
      );
      await sql`insert into survey_answer (appointment_id, office_id, heard, comment, at)
        values (${change.id}, ${like.office}, ${heard}, '', ${change.ends})`.execute(tx);
    }
  });
}
