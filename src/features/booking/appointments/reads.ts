import type { Appointment } from '../../../domain/appointment.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import { type AppointmentSearch, readById, searchAppointments } from './views.ts';

/** Reads of citizens' data, recorded in the same transaction. */
export interface AuditedReads {
  /** The appointment, recorded as `read`; null, and nothing recorded, when the office has none such. */
  byId(viewer: Viewer, office: number, id: string): Promise<Appointment | null>;
  /** The appointments, recorded as one `listed` with their ids. */
  search(viewer: Viewer, search: AppointmentSearch): Promise<Appointment[]>;
}

export const createAuditedReads = (run: RunUnit): AuditedReads => ({
  byId: (viewer, office, id) =>
    run(viewer, office, async ({ tx, record }) => {
      const found = await readById(tx, id);
      if (found) await record('read', { appointment: id });
      return found;
    }),
  search: (viewer, search) =>
    run(viewer, search.office, async ({ tx, record }) => {
      const found = await searchAppointments(tx, search);
      const appointments = found.map((each) => each.id);
      if (found.length > 0) await record('listed', { data: { appointments } });
      return found;
    }),
});
