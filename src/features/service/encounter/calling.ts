import type { Appointment } from '../../../domain/appointment.ts';
import { isAtSite } from '../../../domain/channel.ts';
import { mayBecome } from '../../booking/appointments/rules.ts';
import { appendEvent, cancelLocked } from '../../booking/appointments/service.ts';
import { aboutAppointment, type RunUnit } from '../../foundation/audit/service.ts';
import { dropPending } from '../../foundation/notices/service.ts';
import { beginWith, busyWith } from './beginning.ts';
import { correctToVoicemail } from './correcting.ts';
import { onAppointment, type StaffUnit, stampOf } from './locking.ts';
import { askForNumber, isUncallable, missed } from './reaching.ts';
import { afterAttempt, dueAt, endsAt, GRACE, isEarly, mayCall } from './rules.ts';
import type { EncounterService } from './service.ts';
import { insertAttempt } from './store.ts';
import type { ActResult, Attempt, AttemptPolicy, Doubt, LogResult, NewAttempt } from './types.ts';
import { readAttempts } from './views.ts';

/** Notes how calls ended, and ends appointments at which nobody met. */
export function createCalling(
  run: RunUnit,
): Pick<EncounterService, 'logAttempt' | 'wasVoicemail' | 'giveUp' | 'cancel'> {
  return {
    logAttempt: (viewer, office, id, attempt) =>
      onAppointment(run, viewer, id, (unit, appointment) =>
        logAttempt(unit, appointment, attempt, office.settings.attempts),
      ),

    wasVoicemail: (viewer, office, id, number) =>
      onAppointment(run, viewer, id, (unit, appointment) =>
        correctToVoicemail(unit, appointment, number, office.settings.attempts),
      ),

    giveUp: (viewer, _office, id) =>
      onAppointment(run, viewer, id, async (unit, appointment): Promise<ActResult> => {
        const isOver = mayCall(appointment.status) && (await isUncallable(unit.tx, appointment));
        if (!isOver) return { ok: false, reason: 'not_open' };
        await missed(unit, appointment, GRACE);
        await unit.record('given_up', aboutAppointment(appointment));
        return { ok: true };
      }),

    cancel: (viewer, _office, id, reason) =>
      onAppointment(run, viewer, id, async (unit, appointment): Promise<ActResult> => {
        if (!mayBecome(appointment.status, 'cancelled')) return { ok: false, reason: 'not_open' };
        await cancelLocked(unit, appointment, 'office', reason, GRACE);
        await unit.record('cancelled', aboutAppointment(appointment));
        return { ok: true };
      }),
  };
}

/** Returns whether a call to the citizen can be logged. A citizen who comes to a site is not called. */
const isToCall = ({ status, channel }: Appointment): boolean =>
  mayCall(status) && !isAtSite(channel);

async function logAttempt(
  unit: StaffUnit,
  appointment: Appointment,
  { anyway = false, ...attempt }: NewAttempt,
  policy: AttemptPolicy,
): Promise<LogResult> {
  const { tx, now } = unit;
  const { id } = appointment;
  if (!isToCall(appointment)) return { ok: false, reason: 'not_open' };
  const earlier = await readAttempts(tx, id);
  const isUnseen = attempt.number !== earlier.length + 1;
  if (isUnseen || (await isUncallable(tx, appointment))) return { ok: false, reason: 'stale' };
  if (triesOf(appointment, earlier, policy).endsAt) return { ok: false, reason: 'not_open' };
  const doubt = anyway ? null : await doubtOf(unit, appointment, attempt, earlier, policy);
  if (doubt) return { ok: false, ...doubt };
  await dropPending(unit, id, ['late']);
  await insertAttempt(tx, appointment, attempt, stampOf(unit));
  const data = { number: attempt.number, outcome: attempt.outcome };
  await appendEvent(unit, { appointment, kind: 'attempt', data });
  await unit.record('attempt', aboutAppointment(appointment, data));
  const at = { at: now, start: appointment.start };
  const after = afterAttempt(attempt.outcome, attempt.number, at, policy);
  if (after.next === 'attend') await beginWith(unit, appointment);
  else if (after.next === 'number') await askForNumber(unit, appointment);
  return { ok: true, ...after };
}

/** When the next call is due, and when the appointment ends since the last one failed. */
function triesOf({ start }: Appointment, attempts: readonly Attempt[], policy: AttemptPolicy) {
  const last = attempts.at(-1);
  const tries = {
    failed: attempts.length,
    lastAt: last?.at ?? null,
    lastOutcome: last?.outcome ?? null,
  };
  return { dueAt: dueAt(start, tries, policy), endsAt: endsAt(start, tries, policy) };
}

/** Returns what the agent is asked before a call is noted; null: nothing. */
async function doubtOf(
  unit: StaffUnit,
  appointment: Appointment,
  { outcome }: NewAttempt,
  earlier: readonly Attempt[],
  policy: AttemptPolicy,
): Promise<Doubt | null> {
  if (outcome === 'answered') return busyWith(unit, appointment);
  const due = triesOf(appointment, earlier, policy).dueAt;
  return isEarly(outcome, due, unit.now) ? { reason: 'early', at: due } : null;
}
