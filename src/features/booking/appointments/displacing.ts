import type { Appointment } from '../../../domain/appointment.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { dropPending } from '../../foundation/notices/service.ts';
import { NOTICE_KINDS } from '../../foundation/notices/types.ts';
import { appendEvent, giveTimeBack } from './store.ts';
import { readById } from './views.ts';

/**
 * Takes the hour of an appointment whose row the transaction has locked, since nobody can attend it then: its time is free,
 * and what still waited to be told of it is dropped. It stays booked until its citizen has another hour. Whoever calls tells
 * them.
 */
export async function displaceLocked(
  tx: Tx,
  old: Appointment,
  { actor, now, data = {} }: { actor: string; now: Temporal.Instant; data?: object },
): Promise<Appointment> {
  await giveTimeBack(tx, old.id, now);
  await dropPending(tx, old.id, NOTICE_KINDS, now);
  await appendEvent(tx, {
    appointment: old,
    kind: 'displaced',
    actor,
    at: now,
    data: { ...data, start: old.start.toString(), leftDesk: old.desk },
  });
  return (await readById(tx, old.id))!;
}
