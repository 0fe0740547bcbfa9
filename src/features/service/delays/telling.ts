import type { Office } from '../../../domain/office/types.ts';
import { appendEvent, lockAppointment } from '../../booking/appointments/service.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { noticesOwed } from '../../foundation/notices/rules.ts';
import { oweNotices } from '../../foundation/notices/service.ts';
import type { Turn } from './types.ts';
import { readTurns } from './views.ts';

/** A delay that a citizen is to be told about. */
export interface ToTell {
  minutes: number;
  /** Whether the citizen is still to be told, looked at again once the appointment is locked. */
  isDue(turn: Turn): boolean;
  /** Whether a coordinator announces it: it is noted also for a citizen to whom nothing can be sent, who sees it on their page. */
  isAnnounced: boolean;
}

/** Tells a citizen about a delay, unless their turn has changed meanwhile. Returns whether they were told. */
export async function tellOne(
  unit: Unit,
  office: Office,
  id: string,
  { minutes, isDue, isAnnounced }: ToTell,
): Promise<boolean> {
  const appointment = await lockAppointment(unit.tx, id);
  if (!appointment) return false;
  const { start, desk } = appointment;
  const turns = await readTurns(unit.tx, office.id, { from: start, to: start, desk });
  const turn = turns.find((each) => each.id === id);
  if (!turn || !isDue(turn)) return false;
  const notices = noticesOwed('late', appointment, unit.now, { minutes });
  if (notices.length === 0 && !isAnnounced) return false;
  const told = { minutes, start: start.toString() };
  const data = isAnnounced ? { ...told, announced: true } : told;
  await appendEvent(unit, { appointment, kind: 'delayed', data });
  await oweNotices(unit, { office: office.id, appointment: id }, notices);
  return true;
}
