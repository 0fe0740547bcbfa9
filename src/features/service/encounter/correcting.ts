import type { Appointment } from '../../../domain/appointment.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { insertEvent, reopenLocked } from '../../booking/appointments/service.ts';
import { missed } from './reaching.ts';
import { afterAttempt } from './rules.ts';
import { stamped } from './stamped.ts';
import { deleteEncounter, type Stamp, updateOutcome } from './store.ts';
import type { AttemptPolicy, LogResult } from './types.ts';
import { readAttempts, readEncounter } from './views.ts';

/**
 * The last attempt was answered, and by a machine: it counts as voicemail, and the encounter that it opened is as if it had
 * never been. Only as long as nothing was written in it.
 */
export async function correctToVoicemail(
  tx: Tx,
  appointment: Appointment,
  number: number,
  policy: AttemptPolicy,
  stamp: Stamp,
): Promise<LogResult> {
  const { id, status } = appointment;
  if (status !== 'in_progress') return { ok: false, reason: 'not_open' };
  const last = (await readAttempts(tx, id)).at(-1);
  if (last?.number !== number || last.outcome !== 'answered') return { ok: false, reason: 'stale' };
  const encounter = await readEncounter(tx, id);
  if (!encounter || encounter.version > 1 || encounter.ticks.length > 0)
    return { ok: false, reason: 'not_open' };
  await updateOutcome(tx, id, number, 'voicemail');
  await deleteEncounter(tx, id);
  const again = await reopenLocked(stamped(tx, appointment, stamp), appointment);
  const data = { number, outcome: 'voicemail' };
  const { actor, now: at } = stamp;
  await insertEvent(tx, { appointment: again, kind: 'attempt', actor, at, data });
  const after = afterAttempt('voicemail', number, at, policy);
  if (after.next === 'noshow') await missed(tx, again, stamp);
  return { ok: true, ...after };
}
