import type { Appointment, EventKind, Status } from '../../../domain/appointment.ts';
import { busyUntil, type OccupancyPolicy } from '../../../domain/occupancy.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { noticesOwed, TIME_BOUND_KINDS } from '../../foundation/notices/rules.ts';
import { dropPending, oweNotices, restoreDropped } from '../../foundation/notices/service.ts';
import type { NoticeKind } from '../../foundation/notices/types.ts';
import { mayBecome } from './rules.ts';
import { appendEvent, claimAgain, updateStatus } from './store.ts';
import { readById } from './views.ts';

/** The reason of a status change, and its notice to the citizen. */
export interface StatusChange {
  data?: Record<string, unknown>;
  notice?: {
    kind: NoticeKind;
    by?: 'citizen' | 'office';
    reason?: string;
    calls?: number;
    /** How long it waits. */
    delay?: Temporal.DurationLike;
  };
}

const EVENT_OF: Partial<Record<Status, EventKind>> = {
  in_progress: 'started',
  fulfilled: 'fulfilled',
  noshow: 'noshow',
  cancelled: 'cancelled',
};

/**
 * Changes the status of an appointment whose row the unit has locked (`readForUpdate`), with its event and
 * notice. Pending notices of its hour are dropped; all others are still sent.
 * @throws when the change isn't allowed: callers check before.
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
  if (kind) await dropPending(unit, old.id, TIME_BOUND_KINDS);
  const appointment = (await readById(tx, old.id))!;
  if (kind) await appendEvent(unit, { appointment, kind, ...(data && { data }) });
  if (notice) {
    const { kind: noticeKind, delay, ...extra } = notice;
    const owed = noticesOwed(noticeKind, appointment, delay ? now.add(delay) : now, extra);
    await oweNotices(unit, { office: old.office, appointment: old.id }, owed);
  }
  return appointment;
}

/**
 * Resets the status of an appointment whose row the unit has locked: at `since` it was recorded as attended, missed or cancelled by
 * mistake. The notices that were dropped with that are pending again. The caller adds an event of its own.
 */
export async function reopenLocked(
  unit: Unit,
  old: Appointment,
  since: Temporal.Instant,
  status: Status = 'booked',
): Promise<Appointment> {
  const { tx, now } = unit;
  await updateStatus(tx, old.id, status, now);
  await restoreDropped(unit, old.id, TIME_BOUND_KINDS, since);
  return (await readById(tx, old.id))!;
}

/**
 * Gives a cancelled appointment whose row the unit has locked its hour at its desk again. Returns false when somebody else has the
 * time.
 */
export function reclaimLocked(
  { tx, now }: Unit,
  { id, office, desk, channel, start, end }: Appointment,
  policy: OccupancyPolicy,
): Promise<boolean> {
  const duration = start.until(end).total('minutes');
  const until = busyUntil(policy, { channel, duration }, end);
  return claimAgain(tx, { id, office, desk, start, end, until }, now);
}

/**
 * Cancels an appointment whose row the unit has locked: its time is free, and the citizen gets a notice.
 * @throws when it can't be cancelled any more: callers check before.
 */
export async function cancelLocked(
  unit: Unit,
  old: Appointment,
  by: 'citizen' | 'office',
  reason: string,
  /** How long the notice waits. */
  delay?: Temporal.DurationLike,
): Promise<Appointment> {
  const data = { ...(reason && { reason }) };
  const notice = { kind: 'cancellation', by, ...data, ...(delay && { delay }) } as const;
  return changeStatus(unit, old, 'cancelled', { data, notice });
}
