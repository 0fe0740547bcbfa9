import { type Db, within } from '../../../lib/db/database.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { readById } from '../../booking/appointments/views.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import { mayAssist, mayAttend } from '../encounter/rules.ts';
import { type Answering, createAnswering } from './answering.ts';
import { type Asking, createAsking } from './asking.ts';
import { stateOf } from './rules.ts';
import type { ColleagueRequest, Place, RequestState, Waiting } from './types.ts';
import { readRequest, readRequests, readWaiting } from './views.ts';

/** Asks colleagues of the office into a video call, and hands encounters over to them (docs/adr/0067). */
export interface Colleagues extends Asking, Answering {
  /** Returns the requests that wait for the viewer's answer. */
  waiting(viewer: StaffViewer): Promise<Waiting[]>;
  /** Returns the requests about an encounter, with how each stands, in the order in which they were made. */
  list(
    viewer: StaffViewer,
    appointment: string,
  ): Promise<(ColleagueRequest & { state: RequestState })[]>;
  /** Returns the viewer's place in a call; null: they were never asked into it, or didn't say yes. */
  place(viewer: StaffViewer, id: string): Promise<Place | null>;
}

export interface ColleaguesDeps {
  db: Db;
  clock: { now(): Temporal.Instant };
  unit: RunUnit;
}

export function createColleagues(deps: ColleaguesDeps): Colleagues {
  const { db, clock } = deps;
  return {
    ...createAsking(deps),
    ...createAnswering(deps),

    async waiting(viewer) {
      if (!mayAssist(viewer)) return [];
      const { office, staff } = viewer;
      const all = await within(db, office, (tx) => readWaiting(tx, office, staff));
      return all.filter((each) => stateOf(each, each.status, clock.now()) === 'asked');
    },

    list: (viewer, id) =>
      within(db, viewer.office, async (tx) => {
        const appointment = isUuid(id) ? await readById(tx, id) : null;
        if (!appointment || !mayAttend(viewer, appointment)) return [];
        const { status } = appointment;
        const all = await readRequests(tx, id);
        return all.map((each) => ({ ...each, state: stateOf(each, status, clock.now()) }));
      }),

    place: (viewer, id) =>
      within(db, viewer.office, async (tx) => {
        const request = isUuid(id) ? await readRequest(tx, id) : null;
        if (request?.kind !== 'join' || request.answer !== 'accepted') return null;
        if (request.to.staff !== viewer.staff || !mayAssist(viewer)) return null;
        const { office, staff } = viewer;
        const appointment = await readById(tx, request.appointment);
        if (!appointment || appointment.office !== office) return null;
        return {
          request,
          state: stateOf(request, appointment.status, clock.now()),
          citizen: appointment.citizen.name,
          language: appointment.language,
          isLive: appointment.needs.includes('real_time_text'),
          viewer: { kind: 'colleague', staff, office, appointment: appointment.id, request: id },
        };
      }),
  };
}
