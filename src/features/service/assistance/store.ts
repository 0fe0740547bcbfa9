import type { Appointment } from '../../../domain/appointment.ts';
import type { Tx } from '../../../lib/db/database.ts';

/** Notes that an appointment goes on from another one. */
export async function insertFollowUp(
  tx: Tx,
  { id, office }: Pick<Appointment, 'id' | 'office'>,
  follows: string,
): Promise<void> {
  await tx
    .insertInto('follow_up')
    .values({ appointment_id: id, office_id: office, follows })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
