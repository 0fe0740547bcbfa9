import type { Appointment } from '../../../domain/appointment.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import { readMany } from '../appointments/views.ts';
import type { WebhookEvent } from './types.ts';
import { readFeed } from './views.ts';

/** The events that webhooks receive, to be fetched instead: by systems that were offline, or can't be reached. */
export interface EventFeed {
  /** Returns up to `most` events of an office after `after`, in order, each with its appointment as it is now. */
  read(
    viewer: Viewer,
    office: number,
    page: { after: number; most: number },
  ): Promise<{ event: WebhookEvent; appointment: Appointment }[]>;
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
});
