import { canTelephone } from '../../../domain/needs.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { appendEvent, lockAppointment } from '../../booking/appointments/service.ts';
import { aboutAppointment, type RunUnit, type Unit } from '../../foundation/audit/service.ts';
import { isTheirs } from '../encounter/rules.ts';
import { roomStands } from './rules.ts';
import type { Room } from './service.ts';
import { readAsked } from './views.ts';

export interface ByPhoneDeps {
  db: Db;
  unit: RunUnit;
}

/** Goes on by telephone where the video call doesn't work. */
export const createByPhone = ({ db, unit }: ByPhoneDeps): Pick<Room, 'byPhone' | 'askedBy'> => ({
  byPhone: (who, office, id) => unit(who, office, (each) => ask(each, id)),
  askedBy: ({ office, id }) => within(db, office, (tx) => readAsked(tx, id)),
});

async function ask(unit: Unit, id: string): ReturnType<Room['byPhone']> {
  const { tx, viewer, now } = unit;
  const appointment = isUuid(id) ? await lockAppointment(tx, id) : null;
  if (!appointment || !isTheirs(viewer, appointment)) return { ok: false, reason: 'not_found' };
  if (roomStands(appointment, now) !== 'open' || !appointment.citizen.phone)
    return { ok: false, reason: 'not_open' };
  if (!canTelephone(appointment)) return { ok: false, reason: 'unmet_need' };
  if (await readAsked(tx, id)) return { ok: true };
  await appendEvent(unit, { appointment, kind: 'by_phone' });
  await unit.record('by_phone', aboutAppointment(appointment));
  return { ok: true };
}
