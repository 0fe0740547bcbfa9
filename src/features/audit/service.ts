import type { Clock } from '../../lib/clock.ts';
import { type Db, within } from '../../lib/db/database.ts';
import type { Viewer } from '../../lib/viewer.ts';
import type { Appointment } from '../appointments/types.ts';
import { type AppointmentSearch, readById, searchAppointments } from '../appointments/views.ts';
import { insertAudit } from './store.ts';

/** Adds to the audit trail, in the transaction of what it tells. */
export { insertAudit as record, insertAuditInEach as recordInEach } from './store.ts';

/** Looks at citizens' data that leave their trace in the same transaction. */
export interface AuditedReads {
  /** The appointment, recorded as `read`; null, and nothing recorded, when the body has none such. */
  byId(viewer: Viewer, body: number, id: string): Promise<Appointment | null>;
  /** The appointments, recorded as one `listed` with their ids. */
  search(viewer: Viewer, search: AppointmentSearch): Promise<Appointment[]>;
}

export function createAuditedReads({ db, clock }: { db: Db; clock: Clock }): AuditedReads {
  return {
    byId: (viewer, body, id) =>
      within(db, body, async (tx) => {
        const found = await readById(tx, id);
        if (found) {
          const entry = { viewer, body, appointment: id, action: 'read', now: clock.now() };
          await insertAudit(tx, entry);
        }
        return found;
      }),
    search: (viewer, search) =>
      within(db, search.body, async (tx) => {
        const found = await searchAppointments(tx, search);
        if (found.length > 0) {
          const data = { appointments: found.map((each) => each.id) };
          const { body } = search;
          await insertAudit(tx, { viewer, body, action: 'listed', now: clock.now(), data });
        }
        return found;
      }),
  };
}

export type { Verdict } from './rules.ts';
export { type AuditSeals, createAuditSeals } from './seals.ts';
export { createSeldom } from './seldom.ts';
export { type AuditTrail, createAuditTrail, mayReadTrail } from './trail.ts';
