import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Pressure } from './rules.ts';

/** Returns the recent bookings in the transaction's office, by this sender and by all. */
export async function readPressure(
  tx: Tx,
  sender: Buffer,
  now: Temporal.Instant,
): Promise<Pressure> {
  const row = await tx
    .selectNoFrom((eb) => [
      eb
        .selectFrom('journey')
        .where('begun_by', '=', sender)
        .where('created_at', '>', moment(now.subtract({ hours: 1 })))
        .where('appointment_id', 'is', null)
        .select(eb.fn.countAll<string>().as('n'))
        .as('begun'),
      eb
        .selectFrom('desk_time')
        .where('hold_until', '>', moment(now))
        .where('held_by', 'is not', null)
        .select(eb.fn.countAll<string>().as('n'))
        .as('held'),
      eb
        .selectFrom('wait_list')
        .where('since', '>', moment(now.subtract({ hours: 1 })))
        .where('appointment_id', 'is', null)
        .select(eb.fn.countAll<string>().as('n'))
        .as('joined'),
    ])
    .executeTakeFirstOrThrow();
  return { begun: Number(row.begun), held: Number(row.held), joined: Number(row.joined) };
}
