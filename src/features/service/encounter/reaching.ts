import type { Appointment } from '../../../domain/appointment.ts';
import { isCalled } from '../../../domain/channel.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { changeStatus } from '../../booking/appointments/service.ts';
import { lacksNumber } from '../../booking/appointments/views.ts';
import { noticesOwed } from '../../foundation/notices/rules.ts';
import { insertNotices } from '../../foundation/notices/service.ts';
import { stamped } from './stamped.ts';
import type { Stamp } from './store.ts';

/** Whether there is no number to call: the one on file is another person's. A video call needs none. */
export const isUncallable = async (
  tx: Tx,
  { id, channel }: Pick<Appointment, 'id' | 'channel'>,
): Promise<boolean> => isCalled(channel) && lacksNumber(tx, id);

/**
 * Writes to a citizen whose number is another person's, so that they say theirs: by e-mail alone, since an SMS would go to that
 * other person.
 */
export async function askForNumber(
  tx: Tx,
  appointment: Appointment,
  { now }: Pick<Stamp, 'now'>,
): Promise<void> {
  const { office, id, channel, citizen } = appointment;
  if (!citizen.email || !isCalled(channel)) return;
  await insertNotices(
    tx,
    { office, appointment: id },
    noticesOwed('number', appointment, now),
    now,
  );
}

/** A no-show, which the citizen is told; where only another person's telephone is known, nobody is. */
export async function missed(tx: Tx, appointment: Appointment, stamp: Stamp): Promise<void> {
  const isSilent = !appointment.citizen.email && (await isUncallable(tx, appointment));
  const notice = { kind: 'noshow' } as const;
  const unit = stamped(tx, appointment, stamp);
  await changeStatus(unit, appointment, 'noshow', isSilent ? {} : { notice });
}
