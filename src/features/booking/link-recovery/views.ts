import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Contact } from './types.ts';

/** Maximum age of the start of an appointment that may be in progress. */
const BACK_HOURS = 24;

/** Returns an office's future and current appointments of an address, the next first. */
export function readComing(
  tx: Tx,
  office: number,
  contact: Contact,
  most: number,
  now: Temporal.Instant,
): Promise<{ id: string; start: Temporal.Instant }[]> {
  const query = tx
    .selectFrom('appointment')
    .select(['id', 'starts as start'])
    .where('office_id', '=', office)
    .where('status', '=', 'booked')
    .where('starts', '>', moment(now.subtract({ hours: BACK_HOURS })))
    .where('ends', '>', moment(now))
    .orderBy('starts')
    .orderBy('id')
    .limit(most);
  const of =
    'email' in contact
      ? query.where('email', '=', contact.email)
      : query.where('phone', '=', contact.phone);
  return of.execute();
}

/** Returns how often an appointment's link was sent within the last day, and when last. */
export async function readSentLately(
  tx: Tx,
  appointment: string,
  now: Temporal.Instant,
): Promise<{ lastAt: Temporal.Instant | null; inADay: number }> {
  const row = await tx
    .selectFrom('notice')
    .select(({ fn }) => [fn.countAll<number>().as('inADay'), fn.max('created_at').as('lastAt')])
    .where('appointment_id', '=', appointment)
    .where('kind', '=', 'link')
    .where('created_at', '>', moment(now.subtract({ hours: 24 })))
    .executeTakeFirstOrThrow();
  return row;
}
