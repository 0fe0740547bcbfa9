import type { Office } from '../../../domain/office/types.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { actorOf, type StaffViewer } from '../../../lib/viewer.ts';
import { appendEvent, lockAppointment } from '../../booking/appointments/service.ts';
import { readEvents } from '../../booking/appointments/views.ts';
import { aboutAppointment, type RunUnit, type Unit } from '../../foundation/audit/service.ts';
import { mayAttend } from '../encounter/rules.ts';
import { changeAttendant } from '../encounter/service.ts';
import { holderOf } from './rules.ts';

export type TakeOverResult =
  | { ok: true }
  /** `changed`: it is no longer theirs whom the page named. */
  | { ok: false; reason: 'not_found' | 'not_open' | 'changed' };

export interface TakingOver {
  /** An encounter that somebody else (`from`, as in events) is giving is theirs from now on. */
  takeOver(viewer: StaffViewer, office: Office, id: string, from: string): Promise<TakeOverResult>;
}

export const createTakingOver = (run: RunUnit): TakingOver => ({
  async takeOver(viewer, office, id, from) {
    if (!isUuid(id) || viewer.office !== office.id) return { ok: false, reason: 'not_found' };
    return run(viewer, office.id, (unit) => takeOver(unit, id, from));
  },
});

async function takeOver(
  unit: Unit<StaffViewer>,
  id: string,
  from: string,
): Promise<TakeOverResult> {
  const { tx, viewer } = unit;
  const appointment = await lockAppointment(tx, id);
  if (!appointment || !mayAttend(viewer, appointment)) return { ok: false, reason: 'not_found' };
  if (appointment.status !== 'in_progress') return { ok: false, reason: 'not_open' };
  const actor = actorOf(viewer);
  const holder = holderOf(await readEvents(tx, id))?.actor ?? null;
  if (holder === actor) return { ok: true };
  if (holder !== from) return { ok: false, reason: 'changed' };
  const { desk } = viewer;
  if (!(await changeAttendant(unit, id, { desk, actor }))) return { ok: false, reason: 'not_open' };
  await appendEvent(unit, { appointment, kind: 'taken_over', data: { from, desk } });
  await unit.record('taken_over', aboutAppointment(appointment, { from }));
  return { ok: true };
}
