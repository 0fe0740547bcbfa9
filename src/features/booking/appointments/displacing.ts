import type { Appointment } from '../../../domain/appointment.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { dropPending } from '../../foundation/notices/service.ts';
import { NOTICE_KINDS } from '../../foundation/notices/types.ts';
import { appendEvent, giveTimeBack } from './store.ts';
import { readById } from './views.ts';

/**
 * Takes the hour of an appointment whose row the unit has locked, since nobody can attend it then: its time is free, and what
 * still waited to be told of it is dropped. It stays booked until its citizen has another hour. Whoever calls tells them.
 */
export async function displaceLocked(
  unit: Unit,
  old: Appointment,
  data: object = {},
): Promise<Appointment> {
  await giveTimeBack(unit.tx, old.id, unit.now);
  await dropPending(unit, old.id, NOTICE_KINDS);
  await appendEvent(unit, {
    appointment: old,
    kind: 'displaced',
    data: { ...data, start: old.start.toString(), leftDesk: old.desk },
  });
  return (await readById(unit.tx, old.id))!;
}
