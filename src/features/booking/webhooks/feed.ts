import type { Appointment } from '../../../domain/appointment.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import { readMany } from '../appointments/views.ts';
import type { AppointmentEvent, CaseEvent, ToldCase } from './types.ts';
import { readCaseFeed, readFeed, readToldCases } from './views.ts';

/** The events that webhooks receive, to be fetched instead: by systems that were offline, or can't be reached. */
export interface EventFeed {
  /** Returns up to `most` events of an office after `after`, in order, each with its appointment as it is now. */
  read(
    viewer: Viewer,
    office: number,
    page: { after: number; most: number },
  ): Promise<{ event: AppointmentEvent; appointment: Appointment }[]>;
  /** Returns the same of cases. */
  readCases(
    viewer: Viewer,
    office: number,
    page: { after: number; most: number },
  ): Promise<{ event: CaseEvent; told: ToldCase }[]>;
}

/**
 * Ids are drawn before the commit, so that one may appear after a greater one. By this time it has: no statement takes
 * longer than ten seconds. What is younger isn't told yet.
 */
const SETTLED_AFTER: Temporal.DurationLike = { seconds: 30 };

export const createEventFeed = (run: RunUnit): EventFeed => ({
  read: (viewer, office, { after, most }) =>
    run(viewer, office, async ({ tx, now, record }) => {
      const before = now.subtract(SETTLED_AFTER);
      const events = await readFeed(tx, office, { after, before, most });
      const ids = [...new Set(events.map((each) => each.appointment))];
      if (ids.length > 0) await record('listed', { data: { appointments: ids } });
      const found = new Map((await readMany(tx, ids)).map((each) => [each.id, each]));
      return events.flatMap((event) => {
        const appointment = found.get(event.appointment);
        return appointment ? [{ event, appointment }] : [];
      });
    }),

  readCases: (viewer, office, { after, most }) =>
    run(viewer, office, async ({ tx, now, record }) => {
      const before = now.subtract(SETTLED_AFTER);
      const events = await readCaseFeed(tx, office, { after, before, most });
      const ids = [...new Set(events.map((each) => each.case))];
      if (ids.length > 0) await record('cases_listed', { data: { cases: ids } });
      const told = await readToldCases(tx, ids);
      const found = new Map(told.map((each) => [each.id, each]));
      return events.flatMap((event) => {
        const of = found.get(event.case);
        return of ? [{ event, told: of }] : [];
      });
    }),
});
