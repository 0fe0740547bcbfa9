import type { Appointment, EventKind, Status } from '../../../domain/appointment.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { noticesOwed, OVERTAKEN_KINDS } from '../../foundation/notices/rules.ts';
import { dropPending, oweNotices } from '../../foundation/notices/service.ts';
import type { NoticeKind } from '../../foundation/notices/types.ts';
import { mayBecome } from './rules.ts';
import { appendEvent, updateStatus } from './store.ts';
import { readById } from './views.ts';

/** Why a status changes, and the notice that the citizen is owed for it. */
export interface StatusChange {
  data?: Record<string, unknown>;
  notice?: { kind: NoticeKind; by?: 'citizen' | 'office'; reason?: string };
}

const EVENT_OF: Partial<Record<Status, EventKind>> = {
  in_progress: 'started',
  fulfilled: 'fulfilled',
  noshow: 'noshow',
  cancelled: 'cancelled',
};

/**
 * Changes the status of an appointment whose row the unit has locked (`readForUpdate`), with the event and the notice that
 * belong to it; what still waited to be told is dropped.
 * @throws when the status may not follow: callers decide before.
 */
export async function changeStatus(
  unit: Unit,
  old: Appointment,
  status: Status,
  { data, notice }: StatusChange = {},
): Promise<Appointment> {
  if (!mayBecome(old.status, status))
    throw new Error(`An appointment that is ${old.status} can't become ${status}`);
  const { tx, now } = unit;
  const kind = EVENT_OF[status];
  await updateStatus(tx, old.id, status, now);
  // What still waited to be told was of a time to come.
  if (kind) await dropPending(unit, old.id, OVERTAKEN_KINDS);
  const appointment = (await readById(tx, old.id))!;
  if (kind) await appendEvent(unit, { appointment, kind, ...(data && { data }) });
  if (notice) {
    const { kind: noticeKind, ...extra } = notice;
    const owed = noticesOwed(noticeKind, appointment, now, extra);
    await oweNotices(unit, { office: old.office, appointment: old.id }, owed);
  }
  return appointment;
}

/**
 * An appointment whose row the unit has locked is booked again: it was said to be attended and wasn't. Whoever calls this
 * says so in an event of their own.
 */
export async function reopenLocked({ tx, now }: Unit, old: Appointment): Promise<Appointment> {
  await updateStatus(tx, old.id, 'booked', now);
  return (await readById(tx, old.id))!;
}

/**
 * Cancels an appointment whose row the unit has locked: its time is free, and the citizen is owed the cancellation.
 * @throws when it can't be cancelled any more: callers decide before.
 */
export async function cancelLocked(
  unit: Unit,
  old: Appointment,
  by: 'citizen' | 'office',
  reason: string,
): Promise<Appointment> {
  const data = { ...(reason && { reason }) };
  const notice = { kind: 'cancellation', by, ...data } as const;
  return changeStatus(unit, old, 'cancelled', { data, notice });
}
