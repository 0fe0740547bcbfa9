import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { appendEvent, reclaimLocked, reopenLocked } from '../../booking/appointments/service.ts';
import { aboutAppointment, type RunUnit, type Unit } from '../../foundation/audit/service.ts';
import { dropPending } from '../../foundation/notices/service.ts';
import { readSteps } from './dossier/views.ts';
import { onAppointment } from './locking.ts';
import { statusBefore, undoOf } from './rules.ts';
import type { EncounterService } from './service.ts';
import { deleteAttempt, deleteEncounter } from './store.ts';
import type { UndoResult, UndoStep } from './types.ts';

type Read = Awaited<ReturnType<typeof readSteps>>;

/** Takes back the last step of the staff, while that is possible. It stays in the history, and so does that it was taken back. */
export function createUndoing(run: RunUnit): Pick<EncounterService, 'undo'> {
  return {
    undo: (viewer, office, id, step) =>
      onAppointment(run, viewer, id, async (unit, appointment): Promise<UndoResult> => {
        const read = await readSteps(unit.tx, appointment, office.settings.attempts);
        if (undoOf(read, unit.viewer, unit.now)?.step !== step)
          return { ok: false, reason: 'not_open' };
        const again = await UNDOING[step](unit, appointment, read, office);
        if (!again) return { ok: false, reason: 'slot_taken' };
        await appendEvent(unit, { appointment: again, kind: 'undone', data: { step } });
        await unit.record('undone', aboutAppointment(again, { step }));
        return { ok: true };
      }),
  };
}

/** What each step takes back. Null: somebody else has the time. */
const UNDOING: Record<
  UndoStep,
  (unit: Unit, appointment: Appointment, read: Read, office: Office) => Promise<Appointment | null>
> = {
  attempt: async (unit, appointment, { attempts }) => {
    await deleteAttempt(unit.tx, appointment.id, attempts.length);
    await dropPending(unit, appointment.id, ['number']);
    return appointment;
  },
  begin: async (unit, appointment, { encounter, attempts, events }) => {
    const { tx } = unit;
    if (encounter) await deleteEncounter(tx, encounter.id);
    if (attempts.at(-1)?.outcome === 'answered')
      await deleteAttempt(tx, appointment.id, attempts.length);
    const since = encounter?.startedAt ?? unit.now;
    return reopenLocked(unit, appointment, since, statusBefore(events.map((each) => each.kind)));
  },
  given_up: async (unit, appointment, { givenUp }) => {
    await dropPending(unit, appointment.id, ['noshow']);
    return reopenLocked(unit, appointment, givenUp?.at ?? unit.now);
  },
  cancelled: async (unit, appointment, { cancelled, events }, { settings }) => {
    if (!(await reclaimLocked(unit, appointment, settings.slots))) return null;
    await dropPending(unit, appointment.id, ['cancellation']);
    const since = cancelled?.at ?? unit.now;
    return reopenLocked(unit, appointment, since, statusBefore(events.map((each) => each.kind)));
  },
};
