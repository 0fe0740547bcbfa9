import { isOpen } from '../../../features/booking/appointments/rules.ts';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';
import { afterDoing } from './done.tsx';

type Handle = (visit: AppointmentVisit) => Response | Promise<Response>;

/** For what can be done until the appointment begins: from then on its own page says how it stands, and whom to call. */
export const whileOpen =
  (handle: Handle): Handle =>
  (visit) =>
    isOpen(visit.appointment, visit.now) ? handle(visit) : afterDoing(visit, 'too_late');

/** The same, and also later for who can't be called, since the number is another person's. */
export const whileReachable =
  (deps: Pick<CitizenDeps, 'appointments'>, handle: Handle): Handle =>
  async (visit) => {
    const { appointment, office, now } = visit;
    const may =
      isOpen(appointment, now) || (await deps.appointments.isAskedForNumber(office, appointment));
    return may ? handle(visit) : afterDoing(visit, 'too_late');
  };
