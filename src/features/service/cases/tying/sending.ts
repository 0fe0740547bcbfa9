import type { AppointmentEvent } from '../../../../domain/appointment.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { isUuid } from '../../../../lib/uuid.ts';
import { type StaffViewer, staffIn } from '../../../../lib/viewer.ts';
import { appendEvent, lockAppointment } from '../../../booking/appointments/service.ts';
import { readEvents } from '../../../booking/appointments/views.ts';
import { aboutAppointment, type Unit } from '../../../foundation/audit/service.ts';
import { noticesOwed } from '../../../foundation/notices/rules.ts';
import { oweNotices } from '../../../foundation/notices/service.ts';
import { mayAttend } from '../../encounter/rules.ts';
import { DRAFT } from '../types.ts';
import { readCaseForUpdate } from '../views.ts';
import type { SendResult } from './types.ts';
import { isTied } from './views.ts';

/** Minutes in which a second press sends nothing more. */
const AGAIN_MINUTES = 10;

/** Returns when the citizen of an appointment was told last that a draft waits for them; null: never. */
export const sentAtIn = (
  events: readonly AppointmentEvent[],
  id: string,
): Temporal.Instant | null =>
  events.findLast(({ kind, data }) => kind === 'case_sent' && data.case === id)?.at ?? null;

/**
 * Tells the citizen of an appointment that the draft which an official began with them waits on its page. The message has the link of the
 * appointment, and says nothing of what it is about.
 */
export async function sendHome(
  unit: Unit<StaffViewer>,
  office: Office,
  id: string,
  appointment: string,
): Promise<SendResult> {
  const { tx, viewer, now } = unit;
  const refused = { ok: false, reason: 'not_found' } as const;
  if (!isUuid(id) || !isUuid(appointment)) return refused;
  const booked = await lockAppointment(tx, appointment);
  if (!booked || !mayAttend(viewer, booked)) return refused;
  const row = await readCaseForUpdate(tx, id);
  const isHere = row?.state === DRAFT && (await isTied(tx, { case: id, appointment }));
  // What somebody began alone has its link on no page of the appointment.
  if (!row || !isHere || staffIn(row.openedBy) === null) return refused;
  const last = sentAtIn(await readEvents(tx, appointment), id);
  if (last && last.until(now).total('minutes') < AGAIN_MINUTES) return { ok: true, isTold: true };
  const until = row.discardAt?.toZonedDateTimeISO(office.timeZone).toPlainDate().toString();
  const extra = { by: 'office' as const, ...(until && { until }) };
  const notices = booked.citizen.name === '' ? [] : noticesOwed('unfinished', booked, now, extra);
  if (notices.length === 0) return { ok: true, isTold: false };
  await oweNotices(unit, { office: unit.office, appointment }, notices);
  await appendEvent(unit, { appointment: booked, kind: 'case_sent', data: { case: id } });
  await unit.record('case_sent', aboutAppointment(booked, { case: id }));
  return { ok: true, isTold: true };
}
