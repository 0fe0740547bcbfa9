import type { Appointment } from '../../../domain/appointment.ts';
import { isCalled } from '../../../domain/channel.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { changeStatus } from '../../booking/appointments/service.ts';
import { lacksNumber } from '../../booking/appointments/views.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { noticesOwed } from '../../foundation/notices/rules.ts';
import { oweNotices } from '../../foundation/notices/service.ts';
import { GRACE } from './rules.ts';
import { countCalls } from './views.ts';

/** Whether there is no number to call: the one on file is another person's. A video call needs none. */
export const isUncallable = async (
  tx: Tx,
  { id, channel }: Pick<Appointment, 'id' | 'channel'>,
): Promise<boolean> => isCalled(channel) && lacksNumber(tx, id);

/**
 * Writes to a citizen whose number is another person's, so that they say theirs: by e-mail alone, since an SMS would go to that
 * other person.
 */
export async function askForNumber(unit: Unit, appointment: Appointment): Promise<void> {
  const { office, id, channel, citizen } = appointment;
  if (!citizen.email || !isCalled(channel)) return;
  const notices = noticesOwed('number', appointment, unit.now.add(GRACE));
  await oweNotices(unit, { office, appointment: id }, notices);
}

/**
 * A no-show, which the citizen is told, and how often they were called; where only another person's telephone is known, nobody is. `delay`: how long the notice
 * waits, so that the end can be taken back.
 */
export async function missed(
  unit: Unit,
  appointment: Appointment,
  delay?: Temporal.DurationLike,
): Promise<void> {
  const isSilent = !appointment.citizen.email && (await isUncallable(unit.tx, appointment));
  const calls = isCalled(appointment.channel) ? await countCalls(unit.tx, appointment.id) : 0;
  const notice = { kind: 'noshow', calls, ...(delay && { delay }) } as const;
  await changeStatus(unit, appointment, 'noshow', isSilent ? {} : { notice });
}
