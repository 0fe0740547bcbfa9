import type { Tx } from '../../../lib/db/database.ts';
import type { DeviceTest } from './types.ts';

/** Keeps a test; a later one takes its place. */
export async function keepTest(
  tx: Tx,
  on: { office: number; appointment: string },
  { at, ...test }: DeviceTest,
): Promise<void> {
  const row = { ...test, at: at.toString() };
  await tx
    .insertInto('device_test')
    .values({ appointment_id: on.appointment, office_id: on.office, ...row })
    .onConflict((conflict) => conflict.column('appointment_id').doUpdateSet(row))
    .execute();
}
