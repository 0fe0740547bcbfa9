import type { Office } from '../../../domain/office/types.ts';
import { within } from '../../../lib/db/database.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { actorOf, type StaffViewer } from '../../../lib/viewer.ts';
import { appendEvent, lockAppointment } from '../../booking/appointments/service.ts';
import { readEvents } from '../../booking/appointments/views.ts';
import { mayAttend } from '../encounter/rules.ts';
import { changeAttendant } from '../encounter/service.ts';
import { type CoordinationDeps, note } from './deps.ts';
import { holderOf } from './rules.ts';

export type TakeOverResult =
  | { ok: true }
  /** `changed`: it is no longer theirs whom the page named. */
  | { ok: false; reason: 'not_found' | 'not_open' | 'changed' };

export interface TakingOver {
  /** An encounter that somebody else (`from`, as in events) is giving is theirs from now on. */
  takeOver(viewer: StaffViewer, office: Office, id: string, from: string): Promise<TakeOverResult>;
}

export function createTakingOver(deps: CoordinationDeps): TakingOver {
  const { clock, database, notify } = deps;
  return {
    async takeOver(viewer, office, id, from) {
      if (!isUuid(id) || viewer.office !== office.id) return { ok: false, reason: 'not_found' };
      const result = await within<TakeOverResult>(database.kysely, office.id, async (tx) => {
        const appointment = await lockAppointment(tx, id);
        if (!appointment || !mayAttend(viewer, appointment))
          return { ok: false, reason: 'not_found' };
        if (appointment.status !== 'in_progress') return { ok: false, reason: 'not_open' };
        const actor = actorOf(viewer);
        const holder = holderOf(await readEvents(tx, id))?.actor ?? null;
        if (holder === actor) return { ok: true };
        if (holder !== from) return { ok: false, reason: 'changed' };
        const { desk } = viewer;
        if (!(await changeAttendant(tx, id, { desk, actor })))
          return { ok: false, reason: 'not_open' };
        const now = clock.now();
        await appendEvent(tx, { appointment, kind: 'taken_over', actor, at: now, data: { from } });
        await note(tx, { viewer, now }, appointment, 'taken_over', { from });
        return { ok: true };
      });
      if (result.ok) notify(office.id);
      return result;
    },
  };
}
