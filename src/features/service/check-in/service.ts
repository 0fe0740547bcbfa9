import type { Appointment } from '../../../domain/appointment.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { appendEvent, changeStatus, lockAppointment } from '../../booking/appointments/service.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import type { AuditAction } from '../../foundation/audit/types.ts';
import { GRACE, isTheirs } from '../encounter/rules.ts';
import { missed } from '../encounter/service.ts';
import { canArrive, canMiss, checkInStands } from './rules.ts';

export type CheckInResult = { ok: true } | { ok: false; reason: 'not_found' | 'not_open' };

/** Who has come to a site for their appointment. */
export interface CheckIns {
  /** The citizen is there: they say so themselves, or staff see them. Said twice, it is the same. */
  arrive(viewer: Viewer, office: number, id: string): Promise<CheckInResult>;
  /** They are not there after all. */
  leave(viewer: StaffViewer, office: number, id: string): Promise<CheckInResult>;
  /** They did not come, though their hour has begun. */
  miss(viewer: StaffViewer, office: number, id: string): Promise<CheckInResult>;
}

export function createCheckIns({ unit }: { unit: RunUnit }): CheckIns {
  return {
    arrive: (viewer, office, id) =>
      unit(viewer, office, (each) => onTheirs(each, id, 'checked_in', arrive)),
    leave: (viewer, office, id) =>
      unit(viewer, office, (each) => onTheirs(each, id, 'not_checked_in', leave)),
    miss: (viewer, office, id) =>
      unit(viewer, office, (each) => onTheirs(each, id, 'missed', miss)),
  };
}

/** Does something to the viewer's appointment, which is locked, and records it as `action`. */
async function onTheirs(
  unit: Unit,
  id: string,
  action: AuditAction,
  does: (unit: Unit, appointment: Appointment) => Promise<Change>,
): Promise<CheckInResult> {
  const appointment = isUuid(id) ? await lockAppointment(unit.tx, id) : null;
  if (!appointment || !isTheirs(unit.viewer, appointment))
    return { ok: false, reason: 'not_found' };
  const change = await does(unit, appointment);
  if (change === 'refused') return { ok: false, reason: 'not_open' };
  if (change === 'done')
    await unit.record(action, { appointment: id, data: { desk: appointment.desk } });
  return { ok: true };
}

/** What became of an appointment. `same`: it was so already, and nothing is recorded. */
type Change = 'done' | 'same' | 'refused';

async function arrive(unit: Unit, appointment: Appointment): Promise<Change> {
  const stands = checkInStands(appointment, unit.now);
  if (stands === 'arrived') return 'same';
  if (!canArrive(stands)) return 'refused';
  await changeStatus(unit, appointment, 'arrived');
  await appendEvent(unit, { appointment, kind: 'arrived', data: placeOf(appointment) });
  return 'done';
}

async function leave(unit: Unit, appointment: Appointment): Promise<Change> {
  if (checkInStands(appointment, unit.now) !== 'arrived') return 'refused';
  await changeStatus(unit, appointment, 'booked');
  await appendEvent(unit, { appointment, kind: 'left', data: placeOf(appointment) });
  return 'done';
}

async function miss(unit: Unit, appointment: Appointment): Promise<Change> {
  if (!canMiss(appointment, unit.now)) return 'refused';
  await missed(unit, appointment, GRACE);
  return 'done';
}

/** The site tells the event from that of a video room. */
const placeOf = ({ site = null }: Appointment) => ({ site });
