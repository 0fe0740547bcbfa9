import type { Tx } from '../../lib/db/database.ts';
import type { Appointment } from '../appointments/types.ts';

/** Notes that an appointment goes on from another one. */
export async function insertFollowUp(
  tx: Tx,
  { id, body }: Pick<Appointment, 'id' | 'body'>,
  follows: string,
): Promise<void> {
  await tx
    .insertInto('follow_up')
    .values({ appointment_id: id, body_id: body, follows })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
