import type { Tx } from '../../lib/db/database.ts';
import { moment } from '../../lib/db/moment.ts';

/**
 * How many appointments and entries of the waiting list ended before `contacts` and still say whose they are, and how many
 * attentions ended before `notes` and still have them.
 */
export async function countForgettable(
  tx: Tx,
  body: number,
  ended: { contacts: Temporal.Instant; notes: Temporal.Instant },
): Promise<{ contacts: number; waiting: number; notes: number }> {
  const contacts = await tx
    .selectFrom('appointment')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('body_id', '=', body)
    .where('ends', '<', moment(ended.contacts))
    .where('forgotten_at', 'is', null)
    .executeTakeFirstOrThrow();
  const waiting = await tx
    .selectFrom('waiting')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('body_id', '=', body)
    .where('ended_at', '<', moment(ended.contacts))
    .where('forgotten_at', 'is', null)
    .executeTakeFirstOrThrow();
  const notes = await tx
    .selectFrom('attention')
    .innerJoin('appointment', 'appointment.id', 'attention.appointment_id')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('attention.body_id', '=', body)
    .where('appointment.ends', '<', moment(ended.notes))
    .where('attention.forgotten_at', 'is', null)
    .executeTakeFirstOrThrow();
  return {
    contacts: Number(contacts.count),
    waiting: Number(waiting.count),
    notes: Number(notes.count),
  };
}
