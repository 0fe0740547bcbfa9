import { isOpen } from '../../features/appointments/rules.ts';
import { afterDoing } from './done.tsx';
import type { AppointmentVisit } from './visit.tsx';

type Handle = (visit: AppointmentVisit) => Response | Promise<Response>;

/** For what can be done until the appointment begins: from then on its own page says how it stands, and whom to call. */
export const whileOpen =
  (handle: Handle): Handle =>
  (visit) =>
    isOpen(visit.appointment, visit.now) ? handle(visit) : afterDoing(visit, 'too_late');
