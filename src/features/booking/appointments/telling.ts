import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import {
  addressOf,
  noticesOwed,
  OVERTAKEN_KINDS,
  remindersOwed,
  soonAddress,
} from '../../foundation/notices/rules.ts';
import { dropPending, oweNotices, readdress } from '../../foundation/notices/service.ts';
import type { NoticeDraft } from '../../foundation/notices/types.ts';

/** What the citizen is owed of a booking: the confirmation now, the reminders when their time comes. */
export const noticesOfBooking = (
  appointment: Appointment,
  office: Office,
  now: Temporal.Instant,
): NoticeDraft[] => [
  ...noticesOwed('confirmation', appointment, now),
  ...remindersOwed(appointment, office.rota, office.settings.notices, now),
];

/** What is owed of a move. The database says where the appointment was, and drops what was owed of that time. */
export const noticesOfMove = (
  moved: Appointment,
  office: Office,
  by: 'citizen' | 'office',
  now: Temporal.Instant,
): NoticeDraft[] => [
  ...noticesOwed('change', moved, now, by === 'office' ? { by } : {}),
  ...remindersOwed(moved, office.rota, office.settings.notices, now),
];

/**
 * Tells what is still to be told to where the citizen is reached now. An address that is new knows nothing yet, and what
 * waits for the old one would go to a mistyped address: it is sent the confirmation instead.
 */
export async function retell(
  unit: Unit,
  old: Appointment,
  appointment: Appointment,
  office: Office,
): Promise<void> {
  const { now } = unit;
  const { id, citizen } = appointment;
  const on = { office: appointment.office, appointment: id };
  const was = addressOf(old.citizen);
  const is = addressOf(citizen);
  if (!is) return dropPending(unit, id, OVERTAKEN_KINDS);
  const isToCome = Temporal.Instant.compare(now, appointment.end) < 0;
  if (!was && isToCome) return oweNotices(unit, on, noticesOfBooking(appointment, office, now));
  if (is.recipient !== was?.recipient) {
    await dropPending(unit, id, ['confirmation', 'change', 'link']);
    const kind = isToCome ? 'confirmation' : 'link';
    await oweNotices(unit, on, noticesOwed(kind, appointment, now));
  }
  const { name } = citizen;
  const { link } = appointment;
  // One that was asked for where the old address stood opens nothing at the new one.
  await dropPending(unit, id, ['code']);
  await readdress(unit, id, OVERTAKEN_KINDS, { ...is, name, link });
  const soon = soonAddress(citizen, office.settings.notices) ?? is;
  await readdress(unit, id, ['soon'], { ...soon, name, link });
}
