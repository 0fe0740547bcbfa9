import type { Appointment } from '../../../domain/appointment.ts';
import { appendEvent, reopenLocked } from '../../booking/appointments/service.ts';
import { aboutAppointment, type Unit } from '../../foundation/audit/service.ts';
import { afterAttempt } from './rules.ts';
import { deleteEncounter, updateOutcome } from './store.ts';
import type { AttemptPolicy, LogResult } from './types.ts';
import { hasMet, readAttempts, readEncounter } from './views.ts';

/**
 * Corrects the last attempt, which was logged as answered, to voicemail, and deletes the encounter that it opened. Only while
 * nothing was written in the encounter and nobody met in its room.
 */
export async function correctToVoicemail(
  unit: Unit,
  appointment: Appointment,
  number: number,
  policy: AttemptPolicy,
): Promise<LogResult> {
  const { tx, now } = unit;
  const { id, status } = appointment;
  if (status !== 'in_progress') return { ok: false, reason: 'not_open' };
  const last = (await readAttempts(tx, id)).at(-1);
  if (last?.number !== number || last.outcome !== 'answered') return { ok: false, reason: 'stale' };
  const encounter = await readEncounter(tx, { appointment: id });
  if (!encounter || encounter.version > 1 || encounter.ticks.length > 0)
    return { ok: false, reason: 'not_open' };
  if (await hasMet(tx, encounter.id)) return { ok: false, reason: 'not_open' };
  await updateOutcome(tx, id, number, 'voicemail');
  await deleteEncounter(tx, encounter.id);
  const again = await reopenLocked(unit, appointment, encounter.startedAt);
  const data = { number, outcome: 'voicemail' };
  await appendEvent(unit, { appointment: again, kind: 'attempt', data });
  await unit.record('attempt', aboutAppointment(again, data));
  return {
    ok: true,
    ...afterAttempt('voicemail', number, { at: now, start: again.start }, policy),
  };
}
