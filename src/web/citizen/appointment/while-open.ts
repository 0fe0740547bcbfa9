import { isOpen } from '../../../features/booking/appointments/rules.ts';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';
import { afterDoing } from './done.tsx';

type Handle = (visit: AppointmentVisit) => Response | Promise<Response>;

/**
 * Guards actions that are possible until the appointment begins. After that, its own page shows the
 * state and the telephone to call.
 */
export const whileOpen =
  (handle: Handle): Handle =>
  (visit) =>
    isOpen(visit.appointment, visit.now) ? handle(visit) : afterDoing(visit, 'too_late');

/** The same, but also later for a citizen whose number belongs to another person. */
export const whileReachable =
  (deps: Pick<CitizenDeps, 'appointments'>, handle: Handle): Handle =>
  async (visit) => {
    const { appointment, office, now } = visit;
    const may =
      isOpen(appointment, now) || (await deps.appointments.isAskedForNumber(office, appointment));
    return may ? handle(visit) : afterDoing(visit, 'too_late');
  };
