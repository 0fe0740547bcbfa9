import type { Appointment } from '../../../domain/appointment.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import { record } from '../../foundation/audit/service.ts';
import { type AppointmentSearch, readById, searchAppointments } from './views.ts';

/** Looks at citizens' data that are recorded in the same transaction. */
export interface AuditedReads {
  /** The appointment, recorded as `read`; null, and nothing recorded, when the office has none such. */
  byId(viewer: Viewer, office: number, id: string): Promise<Appointment | null>;
  /** The appointments, recorded as one `listed` with their ids. */
  search(viewer: Viewer, search: AppointmentSearch): Promise<Appointment[]>;
}

export function createAuditedReads({ db, clock }: { db: Db; clock: Clock }): AuditedReads {
  return {
    byId: (viewer, office, id) =>
      within(db, office, async (tx) => {
        const found = await readById(tx, id);
        if (found)
          await record(tx, { viewer, office, appointment: id, action: 'read', now: clock.now() });
        return found;
      }),
    search: (viewer, search) =>
      within(db, search.office, async (tx) => {
        const found = await searchAppointments(tx, search);
        if (found.length > 0) {
          const data = { appointments: found.map((each) => each.id) };
          const { office } = search;
          await record(tx, { viewer, office, action: 'listed', now: clock.now(), data });
        }
        return found;
      }),
  };
}
