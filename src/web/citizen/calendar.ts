import type { AppointmentVisit, CitizenDeps } from './visit.tsx';

/** `…/calendar.ics`: the appointment as a calendar file, the same as in the notices. */
export function calendarFile(_deps: CitizenDeps) {
  return (visit: AppointmentVisit): Response => visit.redirect(visit.to.appointment(visit.secret));
}
