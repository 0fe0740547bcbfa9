import type { Appointment } from '../../../domain/appointment.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { actorOf, type StaffViewer } from '../../../lib/viewer.ts';
import { lockAppointment } from '../../booking/appointments/service.ts';
import {
  type About,
  aboutAppointment,
  type RunUnit,
  type Unit,
} from '../../foundation/audit/service.ts';
import { mayAttend } from './rules.ts';
import { lockEncounter, type Stamp } from './store.ts';
import type { Encounter, EncounterRef } from './types.ts';
import { readEncounter } from './views.ts';

/** A unit of work of somebody who serves citizens. */
export type StaffUnit = Unit<StaffViewer>;

export type NotFound = { ok: false; reason: 'not_found' };
const NOT_FOUND: NotFound = { ok: false, reason: 'not_found' };

/** Runs `work` on an appointment that the viewer may attend. It is locked until the end of the unit. */
export async function onAppointment<T>(
  run: RunUnit,
  viewer: StaffViewer,
  id: string,
  work: (unit: StaffUnit, appointment: Appointment) => Promise<T>,
): Promise<T | NotFound> {
  if (!isUuid(id)) return NOT_FOUND;
  return run(viewer, viewer.office, async (unit) => {
    const appointment = await lockAppointment(unit.tx, id);
    if (!appointment || !mayAttend(viewer, appointment)) return NOT_FOUND;
    return work(unit, appointment);
  });
}

/** An encounter that is locked, with its appointment. */
export interface LockedEncounter {
  /** Null: nothing was begun. */
  encounter: Encounter | null;
  /** Null: the person had none. */
  appointment: Appointment | null;
}

/**
 * Runs `work` on an encounter that the viewer may attend. It is locked until the end of the unit: by its appointment where it
 * has one, else by itself.
 */
export async function onEncounter<T>(
  run: RunUnit,
  viewer: StaffViewer,
  of: EncounterRef,
  work: (unit: StaffUnit, locked: LockedEncounter) => Promise<T>,
): Promise<T | NotFound> {
  if ('appointment' in of)
    return onAppointment(run, viewer, of.appointment, async (unit, appointment) =>
      work(unit, { appointment, encounter: await readEncounter(unit.tx, of) }),
    );
  if (!isUuid(of.encounter)) return NOT_FOUND;
  return run(viewer, viewer.office, async (unit) => {
    const { tx } = unit;
    const found = await readEncounter(tx, of);
    if (!found || !mayAttend(viewer, found)) return NOT_FOUND;
    const appointment = found.appointment && (await lockAppointment(tx, found.appointment));
    if (!appointment) await lockEncounter(tx, found.id);
    return work(unit, { appointment: appointment || null, encounter: await readEncounter(tx, of) });
  });
}

/** Returns the author and the time of a unit's writes. */
export const stampOf = ({ viewer, now }: StaffUnit): Stamp => ({ actor: actorOf(viewer), now });

/** Returns the subject of an audit record about an encounter: its appointment, or its own id where it has none. */
export const aboutEncounter = (
  appointment: Appointment | null,
  { id, desk }: Pick<Encounter, 'id' | 'desk'>,
  data = {},
): About =>
  appointment ? aboutAppointment(appointment, data) : { data: { encounter: id, desk, ...data } };
