import type { Tx } from '../../../lib/db/database.ts';
import type { Forgotten, RetentionPass } from '../../feature.ts';
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

/** Destroys the tests of the forgotten appointments. */
export async function forgetTests({ tx }: RetentionPass, { contacts }: Forgotten): Promise<void> {
  if (contacts.length === 0) return;
  await tx.deleteFrom('device_test').where('appointment_id', 'in', contacts).execute();
}
