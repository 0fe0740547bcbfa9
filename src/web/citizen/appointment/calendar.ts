import { calendarFile as calendarOf } from '../../../features/foundation/notices/service.ts';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';

/** `…/calendar.ics`: the appointment as a calendar file, the same as in the notices. */
export function calendarFile({ appointments }: CitizenDeps) {
  return ({ c, t, appointment, office, now }: AppointmentVisit): Response => {
    const file = calendarOf(appointment, office, appointments.manageUrl(appointment), t, now);
    c.header('Content-Type', file.contentType);
    c.header('Content-Disposition', `attachment; filename="${file.filename}"`);
    c.header('Cache-Control', 'no-store');
    return c.body(file.text);
  };
}
