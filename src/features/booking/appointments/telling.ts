import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import {
  addressOf,
  noticesOwed,
  READDRESSED_KINDS,
  remindersOwed,
  soonAddress,
} from '../../foundation/notices/rules.ts';
import { dropPending, oweNotices, readdress } from '../../foundation/notices/service.ts';
import type { NoticeDraft } from '../../foundation/notices/types.ts';

/** Returns the notices of a booking: the confirmation now, and the reminders at their times. */
export const noticesOfBooking = (
  appointment: Appointment,
  office: Office,
  now: Temporal.Instant,
): NoticeDraft[] => [
  ...noticesOwed('confirmation', appointment, now),
  ...remindersOwed(appointment, office.rota, office.settings.notices, now),
];

/** Returns the notices of a move. The database adds the former time, and drops the pending notices about it. */
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
 * Updates pending notices to the citizen's present address. A new address has received nothing yet, and
 * pending notices to the old one might go to a mistyped address, so the new one gets the confirmation.
 */
export async function retell(
  unit: Unit,
  old: Appointment,
  appointment: Appointment,
  office: Office,
): Promise<void> {
  const { now } = unit;
  const { id, citizen, noticesBy } = appointment;
  const on = { office: appointment.office, appointment: id };
  const was = addressOf(old.citizen, old.noticesBy);
  const is = addressOf(citizen, noticesBy);
  if (!is) return dropPending(unit, id, READDRESSED_KINDS);
  const isToCome = Temporal.Instant.compare(now, appointment.end) < 0;
  if (!was && isToCome) return oweNotices(unit, on, noticesOfBooking(appointment, office, now));
  if (is.recipient !== was?.recipient) {
    await dropPending(unit, id, ['confirmation', 'change', 'link']);
    const kind = isToCome ? 'confirmation' : 'link';
    await oweNotices(unit, on, noticesOwed(kind, appointment, now));
  }
  const { name } = citizen;
  const { link } = appointment;
  // A link that was requested for the old address must not be sent to the new one.
  await dropPending(unit, id, ['code']);
  await readdress(unit, id, READDRESSED_KINDS, { ...is, name, link });
  const soon = soonAddress(appointment, office.settings.notices) ?? is;
  await readdress(unit, id, ['soon'], { ...soon, name, link });
}
