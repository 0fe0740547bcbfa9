import { randomUUID } from 'node:crypto';
import type { Appointment } from '../../../domain/appointment.ts';
import { isAtSite } from '../../../domain/channel.ts';
import { actorOf } from '../../../lib/viewer.ts';
import { changeStatus } from '../../booking/appointments/service.ts';
import { aboutAppointment, type RunUnit } from '../../foundation/audit/service.ts';
import { dropPending } from '../../foundation/notices/service.ts';
import { aboutEncounter, onAppointment, type StaffUnit, stampOf } from './locking.ts';
import { mayAssist, mayStart } from './rules.ts';
import type { EncounterService } from './service.ts';
import { changeAttendantOf, insertEncounter } from './store.ts';
import type { Doubt, NewEncounter, StartResult } from './types.ts';
import { readUnderway } from './views.ts';

/**
 * Begins the encounter of an appointment at the viewer's desk. One that was begun before goes on. A citizen at a site is told the
 * desk to go to.
 */
export async function beginWith(unit: StaffUnit, appointment: Appointment): Promise<void> {
  const { office, id, channel, language, desk } = appointment;
  const begun = { id: randomUUID(), office, appointment: id, channel, language, name: null };
  await insertEncounter(unit.tx, { ...begun, desk: unit.viewer.desk }, stampOf(unit));
  const called = isAtSite(channel) ? { data: { desk: unit.viewer.desk ?? desk } } : {};
  await changeStatus(unit, appointment, 'in_progress', called);
}

/** Returns the encounter that the viewer's desk has not ended yet, since two at once are probably a mistake; null: there is none. */
export async function busyWith(
  { tx, viewer }: StaffUnit,
  { id, office }: Pick<Appointment, 'id' | 'office'>,
): Promise<Extract<Doubt, { reason: 'busy' }> | null> {
  const other = await readUnderway(tx, { office, desk: viewer.desk, actor: actorOf(viewer) }, id);
  return other && { reason: 'busy', other };
}

/** Begins encounters that no answered call opens. */
export function createBeginning(run: RunUnit): Pick<EncounterService, 'start' | 'begin'> {
  return {
    start: (viewer, _office, id, { anyway = false } = {}) =>
      onAppointment(run, viewer, id, async (unit, appointment): Promise<StartResult> => {
        if (!mayStart(appointment.status)) return { ok: false, reason: 'not_open' };
        const doubt = anyway ? null : await busyWith(unit, appointment);
        if (doubt) return { ok: false, ...doubt };
        await dropPending(unit, id, ['late']);
        await beginWith(unit, appointment);
        await unit.record('started', aboutAppointment(appointment));
        return { ok: true };
      }),

    begin: async (viewer, office, person) => {
      if (!mayAssist(viewer) || viewer.office !== office.id)
        return { ok: false, reason: 'not_allowed' };
      return run(viewer, office.id, async (unit) => {
        const { desk } = viewer;
        const begun = { ...person, id: randomUUID(), office: office.id, appointment: null, desk };
        await insertEncounter(unit.tx, begun, stampOf(unit));
        await unit.record('started', aboutEncounter(null, begun));
        return { ok: true, id: begun.id };
      });
    },
  };
}

/**
 * Begins an encounter without an appointment at the viewer's desk, or goes on with an open one that another desk had. Returns its id.
 * `known`: the id of the one that there was; null: none.
 */
export async function attend(
  unit: StaffUnit,
  known: string | null,
  person: Pick<NewEncounter, 'channel' | 'language' | 'name'>,
): Promise<string> {
  const { desk } = unit.viewer;
  const stamp = stampOf(unit);
  if (known && (await changeAttendantOf(unit, known, { desk, actor: stamp.actor }))) return known;
  const begun = { ...person, id: randomUUID(), office: unit.office, appointment: null, desk };
  await insertEncounter(unit.tx, begun, stamp);
  await unit.record('started', aboutEncounter(null, begun));
  return begun.id;
}
