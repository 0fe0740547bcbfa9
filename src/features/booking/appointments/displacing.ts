import type { Appointment } from '../../../domain/appointment.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { TIME_BOUND_KINDS } from '../../foundation/notices/rules.ts';
import { dropPending } from '../../foundation/notices/service.ts';
import { appendEvent, giveTimeBack } from './store.ts';
import { readById } from './views.ts';

/**
 * Displaces an appointment whose row the unit has locked, since no agent is available then. Its time becomes free, and pending
 * notices of it are dropped. It stays booked until its citizen has another hour. The caller informs them.
 */
export async function displaceLocked(
  unit: Unit,
  old: Appointment,
  data: object = {},
): Promise<Appointment> {
  await giveTimeBack(unit.tx, old.id, unit.now);
  await dropPending(unit, old.id, TIME_BOUND_KINDS);
  await appendEvent(unit, {
    appointment: old,
    kind: 'displaced',
    data: { ...data, start: old.start.toString(), leftDesk: old.desk },
  });
  return (await readById(unit.tx, old.id))!;
}
