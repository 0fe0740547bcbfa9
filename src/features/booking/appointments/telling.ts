import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Tx } from '../../../lib/db/database.ts';
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
  tx: Tx,
  old: Appointment,
  appointment: Appointment,
  office: Office,
  now: Temporal.Instant,
): Promise<void> {
  const { id, citizen } = appointment;
  const on = { office: appointment.office, appointment: id };
  const [was, is] = [addressOf(old.citizen), addressOf(citizen)];
  if (!is) return dropPending(tx, id, OVERTAKEN_KINDS, now);
  const isToCome = Temporal.Instant.compare(now, appointment.end) < 0;
  if (!was && isToCome) return oweNotices(tx, on, noticesOfBooking(appointment, office, now), now);
  if (is.recipient !== was?.recipient) {
    await dropPending(tx, id, ['confirmation', 'change', 'link'], now);
    const kind = isToCome ? 'confirmation' : 'link';
    await oweNotices(tx, on, noticesOwed(kind, appointment, now), now);
  }
  const { name } = citizen;
  const { link } = appointment;
  // One that was asked for where the old address stood opens nothing at the new one.
  await dropPending(tx, id, ['code'], now);
  await readdress(tx, id, OVERTAKEN_KINDS, { ...is, name, link });
  const soon = soonAddress(citizen, office.settings.notices) ?? is;
  await readdress(tx, id, ['soon'], { ...soon, name, link });
}
