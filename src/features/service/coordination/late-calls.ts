import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { within } from '../../../lib/db/database.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { actorOf, type StaffViewer } from '../../../lib/viewer.ts';
import { appendEvent, lockAppointment } from '../../booking/appointments/service.ts';
import { readById } from '../../booking/appointments/views.ts';
import { mayAssist } from '../encounter/rules.ts';
import type { CoordinationDeps } from './deps.ts';
import { readDesksNow, readOwedNow } from './desks-now.ts';
import { giveLate } from './reassigning.ts';
import { type LateCall, lateCallFor, unfitFor } from './rules.ts';
import type { Outlook } from './types.ts';
import { readDeclined } from './views.ts';

/** A colleague's call that is offered, and what its own desk is at. */
export interface OfferedCall {
  call: LateCall;
  outlook: Outlook;
}

export type TakeResult =
  | { ok: true }
  /** `gone`: another desk has it, or it has begun; `desk` is where it is now. */
  | { ok: false; reason: 'gone'; desk: number }
  /** It isn't offered to this person, or no longer. */
  | { ok: false; reason: 'not_offered' };

export interface LateCalls {
  /** Whether a citizen waits for a desk other than the viewer's. Mostly nobody does, and then the desks needn't be read. */
  isAnyOwed(viewer: StaffViewer, office: Office): Promise<boolean>;
  /** The late call of a colleague that the viewer, whose desk is free, may take; null: none. It names nobody. */
  lateCall(viewer: StaffViewer, office: Office): Promise<OfferedCall | null>;
  /** Gives the offered call to the viewer's desk. Of two who take it at once, one gets it. */
  takeLate(viewer: StaffViewer, office: Office, id: string): Promise<TakeResult>;
  /** Offers it to this person no more. On record with the appointment. */
  declineLate(viewer: StaffViewer, office: Office, id: string): Promise<void>;
}

export function createLateCalls(deps: CoordinationDeps): LateCalls {
  const { clock, unit } = deps;
  const { kysely: db } = deps.database;

  const offered = async (viewer: StaffViewer, office: Office): Promise<OfferedCall | null> => {
    const desk = office.rota.desks.find((each) => each.id === viewer.desk);
    if (!mayAssist(viewer) || viewer.office !== office.id || !desk) return null;
    const now = clock.now();
    return within(db, office.id, async (tx) => {
      const { outlooks, calls } = await readDesksNow(tx, office, now);
      const outlook = outlooks.get(desk.id);
      if (!outlook || calls.length === 0) return null;
      const ids = calls.map((each) => each.id);
      const declined = await readDeclined(tx, ids, actorOf(viewer));
      const open = calls.filter((each) => !declined.has(each.id));
      const call = lateCallFor({ desk, outlook }, open, now);
      const theirs = call && outlooks.get(call.desk);
      return theirs ? { call, outlook: theirs } : null;
    });
  };

  return {
    isAnyOwed: (viewer, office) =>
      within(db, viewer.office, async (tx) =>
        (await readOwedNow(tx, office, clock.now())).some((each) => each.desk !== viewer.desk),
      ),

    lateCall: offered,

    async takeLate(viewer, office, id) {
      const found = await offered(viewer, office);
      if (found?.call.id !== id) return whereItIs(deps, viewer, office, id);
      const appointment = await within(db, office.id, (tx) => readById(tx, id));
      if (!appointment || viewer.desk === null) return { ok: false, reason: 'not_offered' };
      const given = await giveLate(deps, viewer, office, appointment, {
        seen: { desk: found.call.desk, start: found.call.start },
        desk: viewer.desk,
        freeAt: null,
        isAllowed: (current) => canServe(current, viewer.desk, found.call),
        data: { taken: true },
      });
      return given.ok ? { ok: true } : whereItIs(deps, viewer, office, id);
    },

    async declineLate(viewer, office, id) {
      const found = await offered(viewer, office);
      if (found?.call.id !== id) return;
      await unit(viewer, office.id, async (each) => {
        const appointment = await lockAppointment(each.tx, id);
        if (appointment) await appendEvent(each, { appointment, kind: 'late_declined' });
      });
    },
  };
}

/** Whether a desk can serve a call by the rota of an office. */
function canServe(office: Office, id: number | null, call: LateCall): boolean {
  const desk = office.rota.desks.find((each) => each.id === id);
  return desk !== undefined && unfitFor(desk, call) === null;
}

/** Returns why a call can't be taken. Nothing is told of a call that was not the viewer's to take. */
async function whereItIs(
  { database }: CoordinationDeps,
  viewer: StaffViewer,
  office: Office,
  id: string,
): Promise<TakeResult> {
  const isTheirs = isUuid(id) && mayAssist(viewer) && viewer.office === office.id;
  const appointment: Appointment | null = isTheirs
    ? await within(database.kysely, office.id, (tx) => readById(tx, id))
    : null;
  if (!appointment) return { ok: false, reason: 'not_offered' };
  if (appointment.desk === viewer.desk && appointment.status !== 'cancelled') return { ok: true };
  return { ok: false, reason: 'gone', desk: appointment.desk };
}
