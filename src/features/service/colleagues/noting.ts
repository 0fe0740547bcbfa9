import type { Appointment, EventKind } from '../../../domain/appointment.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { actorOf, type StaffViewer } from '../../../lib/viewer.ts';
import { appendEvent } from '../../booking/appointments/service.ts';
import { readEvents } from '../../booking/appointments/views.ts';
import { aboutAppointment, type Unit } from '../../foundation/audit/service.ts';
import { mayAttend } from '../encounter/rules.ts';
import { mayTalk } from '../room/rules.ts';
import { setAnswer } from './store.ts';
import type { ColleagueRequest, RequestAnswer } from './types.ts';

/** A request whose appointment is locked. */
export interface Locked {
  request: ColleagueRequest;
  appointment: Appointment;
}

const DECLINED = { join: 'colleague_declined', hand_over: 'hand_over_declined' } as const;

/** What a request may come to. */
type Deed = Extract<EventKind, `colleague_${string}` | `hand${string}`>;

/** Returns whether the encounter of an appointment is the viewer's. */
export const isHolder = async (
  tx: Tx,
  viewer: StaffViewer,
  appointment: Appointment,
): Promise<boolean> =>
  mayAttend(viewer, appointment) && mayTalk(await readEvents(tx, appointment.id), actorOf(viewer));

/** Notes something about a request: an event, which both people are told of, and a record. */
export async function noteDeed(
  unit: Unit,
  { request, appointment }: Locked,
  kind: Deed,
  more: object = {},
): Promise<void> {
  const { from, to } = request;
  const data = { from: `staff:${from.staff}`, to: `staff:${to.staff}`, ...more };
  await appendEvent(unit, { appointment, kind, data });
  await unit.record(kind, aboutAppointment(appointment, data));
}

/** Ends a request without a yes. */
export async function refuse(
  unit: Unit,
  locked: Locked,
  why: Exclude<RequestAnswer, 'accepted'>,
): Promise<void> {
  const { request } = locked;
  await setAnswer(unit.tx, request.id, why, unit.now);
  await noteDeed(unit, locked, DECLINED[request.kind], { why });
}
